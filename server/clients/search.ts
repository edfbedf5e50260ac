import type { Knex } from 'knex';
import { isSqlite } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { reachSql, withinReach } from '../core/reach.ts';
import type { Reach, Sql } from '../core/reach.ts';
import { wordsToFind } from '../core/words.ts';
import { emailKey, numberBeginnings, reversed, typedDigits } from './normalise.ts';
import type { NumberPlan } from './number-plan.ts';

/**
 * One indexed range that answers a part of the question: all rows of `table` whose `column` begins with `prefix`.
 * Of a client that matches twice the first row counts, so that pages hold nobody twice.
 */
export interface Source {
  readonly table: 'search_words' | 'emails' | 'phones';
  readonly column: 'word' | 'address_key' | 'digits' | 'reversed';
  readonly prefix: string;
  /** Words that the client must have besides. */
  readonly also: readonly string[];
}

/** Where the next page begins: behind this row of this source. `driver`: the word that the walk follows, when there are several. */
export interface SearchCursor {
  readonly source: number;
  readonly driver: number;
  readonly key: string;
  readonly id: number;
}

const words = (found: readonly string[], driver: number): Source[] =>
  found.length === 0
    ? []
    : [{ table: 'search_words', column: 'word', prefix: found[driver] ?? '', also: found.filter((_, i) => i !== driver) }];

/** What a question may mean, likeliest first. Pure. */
export const sourcesOf = (query: string, plan: NumberPlan, driver: number): Source[] => {
  const email: Source = { table: 'emails', column: 'address_key', prefix: emailKey(query), also: [] };
  if (query.includes('@')) return [email];
  const named = words(wordsToFind(query), driver);
  const typed = typedDigits(query);
  if (typed) {
    const begin = numberBeginnings(typed.digits, typed.international, plan);
    // Two digits end far too many numbers to mean one; as a word (a house, "7 небо") they may.
    const short = typed.digits.length < 3;
    const end = typed.international || short ? [] : [typed.digits];
    return [
      ...(short && !typed.international ? named : []),
      ...begin.map((prefix): Source => ({ table: 'phones', column: 'digits', prefix, also: [] })),
      ...end.map((digits): Source => ({ table: 'phones', column: 'reversed', prefix: reversed(digits), also: [] })),
      ...(short ? [] : named),
    ];
  }
  return /\s/.test(query.trim()) ? named : [...named, email];
};

/** Above every text that begins with the prefix: no text goes on with the last code point. */
const above = (prefix: string): string => `${prefix}\u{10ffff}`;

/**
 * Looked up row by row: a scalar subquery with LIMIT, which no optimiser turns into a join that starts from the other side. EXISTS may be, and then
 * walks a million clients to find thirty.
 */
const lookup = (from: string, bindings: (string | number)[]): Sql => ({ sql: `(SELECT 1 FROM ${from} LIMIT 1)`, bindings });

const begins = (source: Pick<Source, 'table' | 'column'>, prefix: string): Sql =>
  lookup(`${source.table} m WHERE m.client_id = s.client_id AND m.${source.column} >= ? AND m.${source.column} < ?`, [
    prefix,
    above(prefix),
  ]);

/** A row of the same client that this source shows first. Not DISTINCT: with such a lookup and a cursor MariaDB 10.11 then answers no rows. */
const beganBefore = ({ table, column, prefix }: Source): Sql => {
  // A word stands once with a client; a number or an address may stand twice.
  const first =
    table === 'search_words' ? `m.${column} < s.${column}` : `(m.${column} < s.${column} OR (m.${column} = s.${column} AND m.id < s.id))`;
  return lookup(`${table} m WHERE m.client_id = s.client_id AND m.${column} >= ? AND ${first}`, [prefix]);
};

const visible = (reach: Reach): Sql => {
  if (reach === 'all') return lookup('clients c WHERE c.id = s.client_id AND c.archived_at IS NULL', []);
  const { sql, bindings } = reachSql(reach, 'c');
  return lookup(`clients c WHERE c.id = s.client_id AND c.archived_at IS NULL AND ${sql}`, bindings);
};

const where = (query: Knex.QueryBuilder, { sql, bindings }: Sql, is: 'IS NULL' | 'IS NOT NULL'): void => {
  void query.whereRaw(`${sql} ${is}`, bindings);
};

/** A client whom an earlier source has shown already is not shown again. */
const notShownBy = (query: Knex.QueryBuilder, earlier: Source): void => {
  const all = [begins(earlier, earlier.prefix), ...earlier.also.map((word) => begins(earlier, word))];
  void query.whereRaw(
    `(${all.map((part) => `${part.sql} IS NULL`).join(' OR ')})`,
    all.flatMap((part) => part.bindings),
  );
};

export interface Hit {
  key: string;
  id: number;
}

/** Beyond this a beginning is common, and how common does not matter. */
const COMMON = 2_000;
/** Up to this it is cheaper to ask every client of the departments than to walk a common beginning in search of them. */
const FEW = 5_000;

/** Rows that a query would answer, counted up to `limit`. */
const countUpTo = async (db: Knex, query: Knex.QueryBuilder, limit: number): Promise<number> => {
  const [row] = (await db.count({ count: '*' }).from(query.limit(limit).as('some'))) as { count: number }[];
  return Number(row!.count);
};

const countRange = (db: Knex, { table, column, prefix }: Omit<Source, 'also'>): Promise<number> =>
  countUpTo(db, db(table).select('client_id').where(column, '>=', prefix).where(column, '<', above(prefix)), COMMON);

export const areFew = async (db: Knex, reach: Reach): Promise<boolean> => {
  if (reach === 'all') return false;
  let left = FEW + 1;
  const ranges = [...reach.departments.map((id) => ({ department_id: id })), ...reach.owners.map((id) => ({ owner_id: id }))];
  for (const range of ranges) if (left > 0) left -= await countUpTo(db, db('clients').select('id').where(range), left);
  return left > 0;
};

interface Scope {
  reach: Reach;
  /** Few clients are reached. */
  few: boolean;
}

/** The few clients that are reached, each asked for its rows. The order of the two is fixed: SQLite's and MySQL's word for that differ. */
const fromReached = (db: Knex, table: Source['table'], reach: Reach): Knex.QueryBuilder => {
  const join = isSqlite(db) ? 'CROSS JOIN' : 'STRAIGHT_JOIN';
  const query = db.from(db.raw(`clients d ${join} ${table} s ON s.client_id = d.id`));
  return withinReach(query, reach, 'd');
};

/** The rows of one source behind `after`, in the order of its index. */
const walk = async (
  db: Knex,
  sources: readonly Source[],
  index: number,
  after: Pick<SearchCursor, 'key' | 'id'> | null,
  { reach, few }: Scope,
  limit: number,
): Promise<Hit[]> => {
  const source = sources[index]!;
  if (after && !after.key.startsWith(source.prefix)) throw new AppError('invalid', 'the cursor is of another question');
  const column = `s.${source.column}`;
  const narrow = reach !== 'all' && few && (await countRange(db, source)) === COMMON;
  const query = (narrow ? fromReached(db, source.table, reach) : db(`${source.table} as s`))
    .select({ key: column, id: 's.client_id' })
    .where(column, '>=', after?.key ?? source.prefix)
    .where(column, '<', above(source.prefix))
    .orderBy([column, 's.client_id'])
    .limit(limit);
  if (after) void query.where((either) => either.where(column, '>', after.key).orWhere('s.client_id', '>', after.id));
  for (const word of source.also) where(query, begins(source, word), 'IS NOT NULL');
  where(query, beganBefore(source), 'IS NULL');
  for (const earlier of sources.slice(0, index)) notShownBy(query, earlier);
  where(query, visible(reach), 'IS NOT NULL');
  return (await query) as Hit[];
};

/** The word that fewest clients have: the walk follows it and looks the others up. */
const rarest = async (db: Knex, found: readonly string[]): Promise<number> => {
  let best = { index: 0, count: Infinity };
  for (const [index, prefix] of found.entries()) {
    const count = await countRange(db, { table: 'search_words', column: 'word', prefix });
    const longer = prefix.length > (found[best.index]?.length ?? 0);
    if (count < best.count || (count === best.count && longer)) best = { index, count };
  }
  return best.index;
};

/** A page of client ids across all sources, and where the next one begins. */
export const searchClients = async (
  db: Knex,
  ask: {
    query: string;
    plan: NumberPlan;
    reach: Reach;
    after: SearchCursor | null;
    limit: number;
    /** As areFew says, when it has been asked already. */
    few?: boolean;
  },
): Promise<{ ids: number[]; next: SearchCursor | null }> => {
  const found = wordsToFind(ask.query);
  if (ask.after && ask.after.driver >= Math.max(1, found.length)) throw new AppError('invalid', 'the cursor is of another question');
  const driver = ask.after?.driver ?? (found.length > 1 ? await rarest(db, found) : 0);
  const sources = sourcesOf(ask.query, ask.plan, driver);
  const scope = { reach: ask.reach, few: ask.few ?? (await areFew(db, ask.reach)) };
  const hits: (Hit & { source: number })[] = [];
  for (let source = ask.after?.source ?? 0; source < sources.length && hits.length <= ask.limit; source++) {
    const after = ask.after?.source === source ? ask.after : null;
    const more = await walk(db, sources, source, after, scope, ask.limit + 1 - hits.length);
    hits.push(...more.map((hit) => ({ ...hit, source })));
  }
  const page = hits.slice(0, ask.limit);
  const last = page.at(-1);
  return {
    ids: page.map((hit) => hit.id),
    next: hits.length > ask.limit && last ? { source: last.source, driver, key: last.key, id: last.id } : null,
  };
};
