import type { Knex } from 'knex';

/** Whose rows somebody reaches: all, or those of these owners and of these departments (null: of none, everybody's). Pure data. */
export type Reach = 'all' | { readonly owners: readonly number[]; readonly departments: readonly (number | null)[] };

export const NOTHING: Reach = { owners: [], departments: [] };

/** Whether there is anything that somebody may reach. */
export const reachesAny = (reach: Reach): boolean => reach === 'all' || reach.owners.length + reach.departments.length > 0;

/** The question for one row. The same rule as `withinReach`, for a row that has been read. */
export const isWithin = (reach: Reach, row: { ownerId: number | null; departmentId: number | null }): boolean =>
  reach === 'all' || reach.departments.includes(row.departmentId) || (row.ownerId !== null && reach.owners.includes(row.ownerId));

export interface Sql {
  sql: string;
  bindings: (string | number)[];
}

/** The same question as SQL over a table that has owner_id and department_id, by its alias. */
export const reachSql = (reach: Reach, alias: string): Sql => {
  if (reach === 'all') return { sql: '1 = 1', bindings: [] };
  const departments = reach.departments.filter((id) => id !== null);
  const list = (ids: readonly number[]) => ids.map(() => '?').join(', ');
  const parts = [
    ...(reach.departments.includes(null) ? [`${alias}.department_id IS NULL`] : []),
    ...(departments.length > 0 ? [`${alias}.department_id IN (${list(departments)})`] : []),
    ...(reach.owners.length > 0 ? [`${alias}.owner_id IN (${list(reach.owners)})`] : []),
  ];
  if (parts.length === 0) return { sql: '1 = 0', bindings: [] };
  return { sql: `(${parts.join(' OR ')})`, bindings: [...departments, ...reach.owners] };
};

/** Limits a query to what is reached. */
export const withinReach = <Q extends Knex.QueryBuilder>(query: Q, reach: Reach, alias: string): Q => {
  const { sql, bindings } = reachSql(reach, alias);
  if (reach !== 'all') void query.whereRaw(sql, bindings);
  return query;
};
