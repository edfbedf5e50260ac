import type { Knex } from 'knex';
import type { z } from 'zod';
import { emailRow, phoneRow, wordRows } from './contacts.ts';
import type { ClientDraft } from './contract.ts';
import type { Prepared } from './custom.ts';
import { saveNear } from './near.ts';
import { clientRow } from './queries.ts';
import { addTimelines } from './timeline.ts';
import type { NewEntry } from './timeline.ts';

/** Rows a statement: both engines take it, and more gains nothing. */
const BATCH = 400;

export interface BulkClient {
  draft: z.output<typeof ClientDraft>;
  departmentId: number | null;
  ownerId: number | null;
  createdAt: number;
  /** Of its typed fields, as prepareCustom makes it; what stands in the draft itself is not read. */
  prepared?: Pick<Prepared, 'custom' | 'index' | 'words'>;
}

/**
 * Many clients at once, in the caller's transaction, as insertClient would write each, with the first row of its history.
 * Ids are given here, because the engines disagree on which one they answer for many rows; the caller sees to it that nobody else creates clients
 * meanwhile (a fresh database, or one import at a time).
 * @returns their ids, in order
 */
export const insertClients = async (db: Knex, clients: readonly BulkClient[], country: string): Promise<number[]> => {
  const [{ last }] = (await db('clients').max({ last: 'id' })) as [{ last: number | null }];
  const ids = clients.map((_, i) => (last ?? 0) + 1 + i);
  const rows = clients.map(({ draft, createdAt, ...of }, i) => ({
    id: ids[i]!,
    ...clientRow(draft, { departmentId: of.departmentId, ownerId: of.ownerId, now: createdAt, custom: of.prepared?.custom ?? {} }),
  }));
  const tables = {
    clients: rows,
    phones: clients.flatMap(({ draft }, i) => draft.phones.map((phone, n) => phoneRow(ids[i]!, n, phone, country))),
    emails: clients.flatMap(({ draft }, i) => draft.emails.map((email, n) => emailRow(ids[i]!, n, email))),
    search_words: clients.flatMap(({ draft, prepared }, i) => wordRows(ids[i]!, { ...draft, more: prepared?.words ?? [] })),
    client_values: clients.flatMap(({ prepared }, i) => (prepared?.index ?? []).map((row) => ({ client_id: ids[i]!, ...row }))),
    timeline: clients.map(({ createdAt, ownerId }, i) => ({
      client_id: ids[i]!,
      at: createdAt,
      kind: 'created',
      ref: 'created',
      user_id: ownerId,
      data: '{}',
    })),
  };
  for (const [table, all] of Object.entries(tables))
    for (let from = 0; from < all.length; from += BATCH) await db(table).insert(all.slice(from, from + BATCH));
  await saveNear(db, [...new Set(tables.search_words.map((row) => row.word))]);
  return ids;
};

/** Many rows of history at once. */
export const insertTimeline = async (db: Knex, entries: readonly NewEntry[]): Promise<void> => {
  for (let from = 0; from < entries.length; from += BATCH) await addTimelines(db, entries.slice(from, from + BATCH));
};
