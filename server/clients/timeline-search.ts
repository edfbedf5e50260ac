import type { Knex } from 'knex';
import { fold, wordsToFind } from '../core/words.ts';
import { TimelineEntry } from './contract.ts';

/** Words in one client's history: its rows are read by key and looked at here, because the engines fold letters differently. */

const CHUNK = 500;
/** Rows that one request looks at; the next page goes on from there. */
const MOST_READ = 10_000;

export interface TimelineRow {
  id: number;
  at: number;
  kind: string;
  ref: string;
  user_id: number | null;
  data: string;
}

/** Texts in the data of an entry, at any depth. */
const textsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsOf);
};

const fits = (row: TimelineRow, words: readonly string[]): boolean => {
  const text = fold(textsOf(JSON.parse(row.data)).join(' '));
  return words.every((word) => new RegExp(`(?<![\\p{L}\\p{N}])${word}`, 'u').test(text));
};

/**
 * @param rows reads so many rows behind a row (null: the newest)
 * @returns rows with all words, and the last row that was looked at when there may be more behind it
 */
export const searchRows = async (
  rows: (after: TimelineRow | null, limit: number) => Promise<TimelineRow[]>,
  q: string,
  limit: number,
): Promise<{ found: TimelineRow[]; stoppedAt: TimelineRow | null }> => {
  // letters and digits alone: nothing in them means anything to a pattern
  const words = wordsToFind(q);
  const found: TimelineRow[] = [];
  if (words.length === 0) return { found, stoppedAt: null };
  let after: TimelineRow | null = null;
  for (let read = 0; read < MOST_READ; read += CHUNK) {
    const chunk = await rows(after, CHUNK);
    for (const row of chunk) {
      if (fits(row, words)) found.push(row);
      after = row;
      if (found.length === limit) return { found, stoppedAt: row };
    }
    if (chunk.length < CHUNK) return { found, stoppedAt: null };
  }
  return { found, stoppedAt: after };
};

export const pinnedRows = async (db: Knex, clientId: number): Promise<TimelineRow[]> =>
  (await db('timeline_pins as p')
    .join('timeline as t', 't.id', 'p.entry_id')
    .where('p.client_id', clientId)
    .where('t.client_id', clientId)
    .orderBy('p.at', 'desc')
    .select('t.*')) as TimelineRow[];

export const pin = async (trx: Knex, clientId: number, entryId: number, by: { userId: number; at: number }): Promise<void> => {
  await trx('timeline_pins')
    .insert({ client_id: clientId, entry_id: entryId, user_id: by.userId, at: by.at })
    .onConflict(['client_id', 'entry_id'])
    .ignore();
};
export const unpin = async (trx: Knex, clientId: number, entryId: number): Promise<void> => {
  await trx('timeline_pins').where({ client_id: clientId, entry_id: entryId }).delete();
};

export const entryOf = (row: TimelineRow, pinned: boolean) => ({
  id: row.id,
  at: Number(row.at),
  kind: TimelineEntry.shape.kind.parse(row.kind),
  ref: row.ref,
  userId: row.user_id,
  data: JSON.parse(row.data) as Record<string, unknown>,
  pinned,
});
