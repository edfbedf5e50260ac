import type { Knex } from 'knex';
import { AppError } from '../core/errors.ts';
import { WallLayout } from './contract.ts';
import { hashToken } from './token.ts';

export interface BoardRow {
  id: number;
  name: string;
  layout: string;
  version: number;
  created_at: number;
  created_by: number;
  archived_at: number | null;
}
export interface LinkRow {
  id: number;
  wallboard_id: number;
  token_hash: string;
  label: string;
  created_at: number;
  created_by: number;
  seen_at: number | null;
  revoked_at: number | null;
}

export const layoutOf = ({ layout }: Pick<BoardRow, 'layout'>): WallLayout => WallLayout.parse(JSON.parse(layout));

export const listBoards = (db: Knex): Promise<BoardRow[]> => db<BoardRow>('wallboards').whereNull('archived_at').orderBy(['name', 'id']);

export const findBoard = (db: Knex, id: number): Promise<BoardRow | undefined> =>
  db<BoardRow>('wallboards').where({ id }).whereNull('archived_at').first();

export const insertBoard = async (trx: Knex, board: { name: string; layout: WallLayout; by: number; at: number }): Promise<number> => {
  const row = { name: board.name, layout: JSON.stringify(board.layout), version: 1, created_at: board.at, created_by: board.by };
  const [id] = (await trx('wallboards').insert(row)) as [number];
  return id;
};

/** @throws AppError conflict: somebody has changed it since `version` */
export const updateBoard = async (
  trx: Knex,
  id: number,
  { name, layout, version }: { name: string; layout: WallLayout; version: number },
): Promise<void> => {
  const changed = await trx('wallboards')
    .where({ id, version })
    .whereNull('archived_at')
    .update({ name, layout: JSON.stringify(layout), version: version + 1 });
  if (changed === 0) throw new AppError('conflict', 'the wallboard was changed meanwhile', { reason: 'acted' });
};

/** With all its links. @returns false: there is none */
export const archiveBoard = async (trx: Knex, id: number, at: number): Promise<boolean> => {
  await trx<LinkRow>('wallboard_links').where({ wallboard_id: id }).whereNull('revoked_at').update({ revoked_at: at });
  return (await trx<BoardRow>('wallboards').where({ id }).whereNull('archived_at').update({ archived_at: at })) > 0;
};

export const linksOf = (db: Knex, boardIds: readonly number[]): Promise<LinkRow[]> =>
  db<LinkRow>('wallboard_links').whereIn('wallboard_id', boardIds).whereNull('revoked_at').orderBy('id');

export const insertLink = async (trx: Knex, link: Omit<LinkRow, 'id' | 'seen_at' | 'revoked_at'>): Promise<number> => {
  const [id] = (await trx('wallboard_links').insert(link)) as [number];
  return id;
};

export const revokeLink = async (trx: Knex, boardId: number, id: number, at: number): Promise<boolean> =>
  (await trx<LinkRow>('wallboard_links').where({ id, wallboard_id: boardId }).whereNull('revoked_at').update({ revoked_at: at })) > 0;

/** The board that this token opens; null: none. */
export const boardByToken = async (db: Knex, token: string): Promise<{ board: BoardRow; linkId: number } | null> => {
  const link = await db<LinkRow>('wallboard_links').where({ token_hash: hashToken(token) }).whereNull('revoked_at').first(); // prettier-ignore
  const board = link && (await findBoard(db, link.wallboard_id));
  return link && board ? { board, linkId: link.id } : null;
};

export const linkSeen = async (db: Knex, id: number, at: number): Promise<void> =>
  void (await db('wallboard_links').where({ id }).update({ seen_at: at }));
