import type { Knex } from 'knex';
import { pieces } from '../core/db.ts';
import { Reason } from './contract.ts';

/** Pairs of cards that may be one client. The natural key is the pair: found again, it is the same row. */

export interface Pair {
  low: number;
  high: number;
  score: number;
  reasons: Reason[];
  foundAt: number;
}
interface Row {
  low_id: number;
  high_id: number;
  score: number;
  reasons: string;
  state: 'open' | 'dismissed' | 'merged';
  found_at: number;
}

export const pairOf = (a: number, b: number): { low_id: number; high_id: number } => ({ low_id: Math.min(a, b), high_id: Math.max(a, b) });

const fromRow = (row: Row): Pair => ({
  low: row.low_id,
  high: row.high_id,
  score: row.score,
  reasons: Reason.array().parse(row.reasons.split(',').filter(Boolean)),
  foundAt: Number(row.found_at),
});

export interface After {
  score: number;
  low: number;
  high: number;
}

/** Open ones from `min` on, the likeliest first, behind `after`. */
export const openPairs = async (db: Knex, min: number, after: After | null, limit: number): Promise<Pair[]> => {
  const read = async (where: (q: Knex.QueryBuilder) => unknown, most: number): Promise<Row[]> => {
    const query = db('duplicates').where({ state: 'open' });
    void where(query);
    return (await query.orderBy([{ column: 'score', order: 'desc' }, { column: 'low_id', order: 'desc' }, { column: 'high_id', order: 'desc' }]).limit(most)) as Row[]; // prettier-ignore
  };
  if (!after) return (await read((q) => q.where('score', '>=', min), limit)).map(fromRow);
  // Two ranges of the index: very many have the same score.
  const same = await read((q) => q.where({ score: after.score }).where('low_id', '<=', after.low).where((either) => either.where('low_id', '<', after.low).orWhere('high_id', '<', after.high)), limit); // prettier-ignore
  if (same.length === limit) return same.map(fromRow);
  const rest = await read((q) => q.where('score', '<', after.score).where('score', '>=', min), limit - same.length);
  return [...same, ...rest].map(fromRow);
};

const SOME = 256;

/** Whatever is known of pairs with one of these. */
export const pairsWith = async (db: Knex, ids: readonly number[]): Promise<(Pair & { state: Row['state'] })[]> => {
  const rows = new Map<string, Row>();
  for (const some of pieces(ids, SOME))
    for (const end of ['low_id', 'high_id'] as const)
      for (const row of (await db('duplicates').whereIn(end, some)) as Row[]) rows.set(`${row.low_id}-${row.high_id}`, row); // prettier-ignore
  return [...rows.values()].map((row) => ({ ...fromRow(row), state: row.state }));
};

export const insertPairs = async (trx: Knex, pairs: readonly Pair[]): Promise<void> => {
  const rows = pairs.map(({ low, high, score, reasons, foundAt }) => ({ low_id: low, high_id: high, score, reasons: reasons.join(','), state: 'open', found_at: foundAt })); // prettier-ignore
  // What a person has said of a pair meanwhile stands.
  for (let from = 0; from < rows.length; from += SOME) await trx('duplicates').insert(rows.slice(from, from + SOME)).onConflict(['low_id', 'high_id']).ignore(); // prettier-ignore
};

export const updatePair = async (trx: Knex, { low, high, score, reasons }: Pair): Promise<void> => {
  await trx('duplicates')
    .where({ low_id: low, high_id: high, state: 'open' })
    .update({ score, reasons: reasons.join(',') });
};

/** Those that are alike no more, as far as nobody has said anything of them. */
export const dropPairs = async (trx: Knex, pairs: readonly Pair[]): Promise<void> => {
  for (const { low, high } of pairs) await trx('duplicates').where({ low_id: low, high_id: high, state: 'open' }).delete();
};

/** What a person, or a merge, says of a pair; one that was never found may be said to be two clients, too. */
export const decidePair = async (
  trx: Knex,
  pair: { low_id: number; high_id: number },
  state: Row['state'],
  by: { userId: number; at: number; score: number; reasons: readonly Reason[] },
): Promise<void> => {
  const decided = state === 'open' ? { decided_at: null, decided_by: null } : { decided_at: by.at, decided_by: by.userId };
  await trx('duplicates')
    .insert({ ...pair, score: by.score, reasons: by.reasons.join(','), found_at: by.at, state, ...decided })
    .onConflict(['low_id', 'high_id'])
    .merge(['state', 'decided_at', 'decided_by']);
};

export interface ScanRow {
  at: number;
  id: number;
  seen: number;
  begunAt: number;
  caughtUpAt: number | null;
}

export const readScan = async (db: Knex): Promise<ScanRow> => {
  const row = (await db('duplicate_scan').where({ id: 1 }).first()) as { changed_at: number; client_id: number; seen: number; begun_at: number; caught_up_at: number | null }; // prettier-ignore
  return { at: Number(row.changed_at), id: row.client_id, seen: row.seen, begunAt: Number(row.begun_at), caughtUpAt: row.caught_up_at === null ? null : Number(row.caught_up_at) }; // prettier-ignore
};

/** Goes on from where `from` was read. @returns false: somebody else has gone on meanwhile, and what was found is theirs to write */
export const advanceScan = async (trx: Knex, from: ScanRow, to: { at: number; id: number; count: number }): Promise<boolean> =>
  (await trx('duplicate_scan')
    .where({ id: 1, changed_at: from.at, client_id: from.id, begun_at: from.begunAt })
    .update({ changed_at: to.at, client_id: to.id, seen: from.seen + to.count })) === 1;

export const caughtUp = async (db: Knex, at: number): Promise<void> => {
  await db('duplicate_scan').where({ id: 1 }).update({ caught_up_at: at });
};

export const beginScan = async (trx: Knex, at: number): Promise<void> => {
  await trx('duplicate_scan').where({ id: 1 }).update({ changed_at: -1, client_id: 0, seen: 0, begun_at: at, caught_up_at: null });
};
