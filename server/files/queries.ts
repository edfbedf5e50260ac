import type { Knex } from 'knex';
import type { FileOwner } from './contract.ts';

export interface FileRow {
  id: number;
  owner_kind: string;
  owner_ref: string;
  name: string;
  media: string;
  size: number;
  hash: string;
  user_id: number | null;
  at: number;
  archived_at: number | null;
}

const MOST_SHOWN = 500;

/** Newest first, without the archived. */
export const filesOf = async (db: Knex, { kind, ref }: FileOwner): Promise<FileRow[]> =>
  (await db('files').where({ owner_kind: kind, owner_ref: ref }).whereNull('archived_at').orderBy('id', 'desc').limit(MOST_SHOWN)) as FileRow[]; // prettier-ignore

export const findFile = async (db: Knex, id: number): Promise<FileRow | null> =>
  ((await db('files').where({ id }).first()) as FileRow | undefined) ?? null;

/** Which of these ids hang on this thing. */
export const attachedTo = async (db: Knex, { kind, ref }: FileOwner, ids: readonly number[]): Promise<number[]> =>
  (await db('files').where({ owner_kind: kind, owner_ref: ref }).whereIn('id', [...ids]).pluck('id')) as number[]; // prettier-ignore

/** Those of these ids that hang on this thing and are not archived, in this order. */
export const liveFiles = async (db: Knex, { kind, ref }: FileOwner, ids: readonly number[]): Promise<FileRow[]> => {
  const rows = (await db('files')
    .where({ owner_kind: kind, owner_ref: ref })
    .whereIn('id', [...ids])
    .whereNull('archived_at')) as FileRow[];
  return ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
};

/** The same bytes under the same name on the same thing are one file. @returns it, and whether it is new */
export const insertFile = async (trx: Knex, row: Omit<FileRow, 'id' | 'archived_at'>): Promise<{ file: FileRow; added: boolean }> => {
  const same = (await trx('files')
    .where({ owner_kind: row.owner_kind, owner_ref: row.owner_ref, hash: row.hash, name: row.name })
    .whereNull('archived_at')
    .first()) as FileRow | undefined;
  if (same) return { file: same, added: false };
  const [id] = (await trx('files').insert(row)) as [number];
  return { file: { ...row, id, archived_at: null }, added: true };
};

export const archiveFile = async (trx: Knex, id: number, at: number | null): Promise<void> => {
  await trx('files').where({ id }).update({ archived_at: at });
};
