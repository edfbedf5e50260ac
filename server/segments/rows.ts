import type { Knex } from 'knex';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import type { Reach } from '../core/reach.ts';
import { addFilter, fewOf } from './compile.ts';
import type { Compiling } from './compile.ts';
import type { Direction, FilterGroup, SegmentSort } from './contract.ts';

/** Whom a filter finds, page after page, within what somebody reaches. */

/** Everything a filter is compiled with; `filter`: the one that is going to be asked. */
export const compiling = async (
  deps: Deps,
  db: Knex,
  actor: Pick<Actor, 'id' | 'role'> | null,
  filter?: FilterGroup,
): Promise<Compiling> => {
  const fields = await deps.clientList.catalogue(actor ?? { role: 'administrator' });
  const how: Compiling = {
    db,
    fields: new Map(fields.map((field) => [field.key, field])),
    facts: new Map(deps.clientFacts.map((fact) => [fact.key, fact])),
    everybody: () => deps.clientList.base(db, 'all'),
    whereField: deps.clientList.where,
    now: deps.now(),
    timeZone: actor ? await deps.directory.timeZoneOf(actor.id) : 'UTC',
  };
  return filter ? { ...how, few: await fewOf(filter, how, deps.clientList.few) } : how;
};

export const found = (deps: Deps, how: Compiling, reach: Reach, filter: FilterGroup): Knex.QueryBuilder => {
  const query = deps.clientList.base(how.db, reach);
  addFilter(query, filter, how);
  return query;
};

export const countFound = async (deps: Deps, how: Compiling, reach: Reach, filter: FilterGroup): Promise<number> => {
  const [row] = (await found(deps, how, reach, filter).count({ count: '*' })) as { count: number }[];
  return Number(row!.count);
};

const COLUMN: Record<SegmentSort, string> = {
  name: 'c.sort_key',
  created_at: 'c.created_at',
  updated_at: 'c.updated_at',
  contact_at: 'c.contact_at',
};
export interface Order {
  sort: SegmentSort;
  direction: Direction;
}
interface Place {
  key: string | number | null;
  id: number;
}

const Cursor = z.object({ key: z.union([z.string().max(254), z.number(), z.null()]), id: z.number().int().nonnegative() });
const readCursor = (after: string | undefined): Place | null => {
  if (after === undefined) return null;
  try {
    return Cursor.parse(JSON.parse(Buffer.from(after, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AppError('invalid', 'not a cursor of this list', { issues: [{ path: 'body.after', code: 'cursor' }] }, { cause });
  }
};

/**
 * What lies behind a row, stretch by stretch, where NULL sorts before everything: so both engines have it. Each stretch is one range of the column's
 * index; all of them in one condition with OR would be looked up apart and sorted as a whole (SQLite), or walked from the beginning.
 */
const stretchesBehind = (query: Knex.QueryBuilder, column: string, { key, id }: Place, direction: Direction): Knex.QueryBuilder[] => {
  const beyond = direction === 'asc' ? '>' : '<';
  const fromKey = () =>
    query
      .clone()
      .where(column, `${beyond}=`, key)
      .where((q) => void q.where(column, beyond, key).orWhere('c.id', beyond, id));
  const rest = () => query.clone().whereNull(column).where('c.id', beyond, id);
  if (direction === 'asc') return key === null ? [rest(), query.clone().whereNotNull(column)] : [fromKey()];
  return key === null ? [rest()] : [fromKey(), query.clone().whereNull(column)];
};

/** A page of ids, and where the next begins. */
export const pageOf = async (
  query: Knex.QueryBuilder,
  { sort, direction }: Order,
  after: string | undefined,
  limit: number,
): Promise<{ ids: number[]; next: string | null }> => {
  const column = COLUMN[sort];
  const place = readCursor(after);
  const rows: Place[] = [];
  for (const stretch of place ? stretchesBehind(query, column, place, direction) : [query]) {
    const more = (await stretch
      .select({ id: 'c.id', key: column })
      .orderBy([
        { column, order: direction },
        { column: 'c.id', order: direction },
      ]) // prettier-ignore
      .limit(limit + 1 - rows.length)) as Place[];
    rows.push(...more);
    if (rows.length > limit) break;
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last ? Buffer.from(JSON.stringify({ key: last.key, id: last.id })).toString('base64url') : null;
  return { ids: page.map(({ id }) => id), next };
};
