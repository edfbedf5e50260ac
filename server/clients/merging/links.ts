import type { Knex } from 'knex';
import { writeChanges } from '../../core/changes.ts';
import type { ClientLink, ClientLinks, ClientPairs } from '../../core/client-links.ts';
import { isSqlite } from '../../core/db.ts';

/** What hangs on one card goes over to another, and back. Set by set, not row by row; the journal (`changes`) says which rows those were. */

export interface Over {
  from: number;
  to: number;
  /** "merge:3" */
  batch: string;
  actorId: number;
  at: number;
}

const AT_ONCE = 500;
/** Of a row that was taken away: stands in the journal where other rows have the name of a column. */
const WHOLE = '*';
const PAIR = 'pair';

const rowsOf = (trx: Knex, { table, column, textWhere }: ClientLink, clientId: number): Knex.QueryBuilder =>
  trx(table)
    .where(column, textWhere ? String(clientId) : clientId)
    .where(textWhere ?? {});

const suffixOf = (clientId: number): string => `@${clientId}`;

const moveLink = async (trx: Knex, link: ClientLink, over: Over): Promise<number> => {
  const { from, to, batch, actorId, at } = over;
  const { table, column, key = 'id' } = link;
  const doubled = link.drops ? ((await link.drops(trx, from, to)) as Record<string, unknown>[]) : [];
  await writeChanges(
    trx,
    { actorId, at, batch },
    doubled.map((row) => ({ table, rowId: row[key] as number, field: WHOLE, before: row, after: null })),
  );
  for (let n = 0; n < doubled.length; n += AT_ONCE) await trx(table).whereIn(key, doubled.slice(n, n + AT_ONCE).map((row) => row[key] as number)).delete(); // prettier-ignore
  const value = (id: number) => JSON.stringify(link.textWhere ? String(id) : id);
  const moving = rowsOf(trx, link, from).select(trx.raw('?, ?, ?, ?, ??, ?, ?, ?', [at, actorId, batch, table, key, column, value(from), value(to)])); // prettier-ignore
  await trx(trx.raw('?? (??, ??, ??, ??, ??, ??, ??, ??)', ['changes', 'at', 'actor_id', 'batch', 'table_name', 'row_id', 'field', 'before_json', 'after_json'])).insert(moving); // prettier-ignore
  if (link.renames) {
    const { column: name, where } = link.renames;
    const longer = isSqlite(trx) ? trx.raw('?? || ?', [name, suffixOf(from)]) : trx.raw('CONCAT(??, ?)', [name, suffixOf(from)]);
    const query = rowsOf(trx, link, from);
    for (const [field, values] of Object.entries(where)) void query.whereIn(field, [...values]);
    await query.update({ [name]: longer });
  }
  // what was written meanwhile is not in the journal, and waits for the next gathering
  const journaled = trx('changes').where({ batch, table_name: table, field: column }).select('row_id');
  const moved = (await rowsOf(trx, link, from)
    .whereIn(key, journaled)
    .update({ [column]: link.textWhere ? String(to) : to })) as unknown as number;
  if (moved + doubled.length > 0) await link.settle?.(trx, [from, to]);
  return moved + doubled.length;
};

const other = (pair: { low_id: number; high_id: number }, id: number): number => (pair.low_id === id ? pair.high_id : pair.low_id);
const ordered = (a: number, b: number) => ({ low_id: Math.min(a, b), high_id: Math.max(a, b) });
type PairRow = { low_id: number; high_id: number } & Record<string, unknown>;

/** What was said of the one and a third holds for the survivor and that third, where nothing is said of them yet. */
const copyPairs = async (trx: Knex, { table, where = {} }: ClientPairs, over: Over): Promise<void> => {
  const rows = (await trx(table).where(where).where((q) => q.where('low_id', over.from).orWhere('high_id', over.from))) as PairRow[]; // prettier-ignore
  for (const row of rows) {
    const third = other(row, over.from);
    if (third === over.to) continue;
    const pair = ordered(over.to, third);
    if (await trx(table).where(pair).first('low_id')) continue;
    await trx(table).insert({ ...row, ...pair });
    await writeChanges(trx, over, [{ table, rowId: third, field: PAIR, before: null, after: pair }]);
  }
};

/** @returns by table, how many rows went over. Again: those that came meanwhile. */
export const moveLinks = async (trx: Knex, { links, pairs }: Pick<ClientLinks, 'links' | 'pairs'>, over: Over): Promise<Record<string, number>> => {
  const moved: Record<string, number> = {};
  for (const link of links) {
    const count = await moveLink(trx, link, over);
    if (count > 0) moved[link.table] = (moved[link.table] ?? 0) + count;
  }
  for (const each of pairs) await copyPairs(trx, each, over);
  return moved;
}; // prettier-ignore

/** Whether anything hangs on this client. */
export const hasLinks = async (db: Knex, links: readonly ClientLink[], clientId: number): Promise<boolean> => {
  for (const link of links) if (await rowsOf(db, link, clientId).first(link.key ?? 'id')) return true;
  return false;
};

/** By table, how many rows hang on this client. */
export const countLinks = async (db: Knex, links: readonly ClientLink[], clientId: number): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const link of links) {
    const [{ n }] = (await rowsOf(db, link, clientId).count({ n: '*' })) as unknown as [{ n: number }];
    if (Number(n) > 0) counts[link.table] = (counts[link.table] ?? 0) + Number(n);
  }
  return counts;
};

const journalled = async (trx: Knex, batch: string, table: string, field: string): Promise<{ row_id: number; before_json: string; after_json: string }[]> =>
  (await trx('changes').where({ batch, table_name: table, field }).orderBy('id').select('row_id', 'before_json', 'after_json')) as {
    row_id: number;
    before_json: string;
    after_json: string;
  }[]; // prettier-ignore

const moveLinkBack = async (trx: Knex, link: ClientLink, { from, to, batch }: Over): Promise<void> => {
  const { table, column, key = 'id' } = link;
  const ids = (await journalled(trx, batch, table, column)).map((row) => row.row_id);
  for (let n = 0; n < ids.length; n += AT_ONCE) {
    // What somebody has given to a third client since stays there.
    const still = () => rowsOf(trx, link, to).whereIn(key, ids.slice(n, n + AT_ONCE));
    await still().update({ [column]: link.textWhere ? String(from) : from });
    if (!link.renames) continue;
    const { column: name, where } = link.renames;
    const suffix = suffixOf(from);
    const query = rowsOf(trx, link, from)
      .whereIn(key, ids.slice(n, n + AT_ONCE))
      .where(name, 'like', `%${suffix}`);
    for (const [field, values] of Object.entries(where)) void query.whereIn(field, [...values]);
    await query.update({ [name]: trx.raw('substr(??, 1, length(??) - ?)', [name, name, suffix.length]) });
  }
  const whole = (await journalled(trx, batch, table, WHOLE)).map((row) => JSON.parse(row.before_json) as Record<string, unknown>);
  const mine = whole.filter((row) => row[column] === (link.textWhere ? String(from) : from));
  for (let n = 0; n < mine.length; n += AT_ONCE)
    await trx(table)
      .insert(mine.slice(n, n + AT_ONCE))
      .onConflict()
      .ignore();
  if (ids.length + mine.length > 0) await link.settle?.(trx, [from, to]);
};

/** What the merge moved goes back, as far as it still is where the merge put it; what came to the survivor since stays there. */
export const moveLinksBack = async (trx: Knex, { links, pairs }: Pick<ClientLinks, 'links' | 'pairs'>, over: Over): Promise<void> => {
  for (const link of [...links].reverse()) await moveLinkBack(trx, link, over);
  for (const { table } of pairs)
    for (const { after_json } of await journalled(trx, over.batch, table, PAIR)) await trx(table).where(JSON.parse(after_json) as Record<string, number>).delete(); // prettier-ignore
};
