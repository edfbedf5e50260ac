import type { Knex } from 'knex';
import { writeChanges } from './changes.ts';

/** What somebody has and can be given to a colleague: each feature tells of its own rows, handover/ gives them. */

/** One row, and the client whom it is about. */
export interface Held {
  readonly id: number;
  readonly clientId: number | null;
}

export interface Passing {
  readonly id: number;
  /** Whose it must still be. */
  readonly from: number;
  readonly to: number;
}

/** By whom, when and as a part of what the journal says it. */
export interface PassedBy {
  readonly actorId: number;
  readonly at: number;
  readonly batch: string;
}

export interface Holding {
  /** Named as the table, and so in the journal. */
  readonly kind: string;
  /** What is theirs and not done with. */
  count(db: Knex, userId: number): Promise<number>;
  /** The same by id, behind `after`. */
  page(db: Knex, userId: number, after: number, limit: number): Promise<Held[]>;
  /** Outside of any transaction: reads what giving needs. */
  ready(): Promise<Pass>;
}

/**
 * In the caller's transaction: gives each that is still `from`'s, with its journal. What somebody else has got or finished meanwhile stays.
 * @returns the ids that went, and what tells of it once that has committed
 */
export type Pass = (trx: Knex, items: readonly Passing[], by: PassedBy) => Promise<{ passed: number[]; tell: () => void }>;

/** The rows of a table whose owner stands in `column`; `live` limits them to what is not done with. */
export interface Owned {
  readonly table: string;
  readonly column: string;
  readonly client: string | null;
  live(query: Knex.QueryBuilder): Knex.QueryBuilder;
}

export const countOwned = async (db: Knex, { table, column, live }: Owned, userId: number): Promise<number> => {
  const [{ n }] = (await live(db(table).where(column, userId)).count({ n: '*' })) as [{ n: number }];
  return Number(n);
};

export const pageOwned = async (db: Knex, { table, column, client, live }: Owned, userId: number, after: number, limit: number): Promise<Held[]> => {
  const rows = (await live(db(table).where(column, userId)).where('id', '>', after).orderBy('id').limit(limit).select('id', ...(client ? [{ clientId: client }] : []))) as { id: number; clientId?: number | null }[]; // prettier-ignore
  return rows.map(({ id, clientId }) => ({ id, clientId: clientId ?? null }));
}; // prettier-ignore

/** Those of the items that are still `from`'s and live, locked. */
export const stillTheirs = async (trx: Knex, { table, column, live }: Owned, items: readonly Passing[]): Promise<Passing[]> => {
  const rows = (await live(trx(table).whereIn('id', items.map(({ id }) => id))).forUpdate().select({ id: 'id', owner: column })) as { id: number; owner: number | null }[]; // prettier-ignore
  const owners = new Map(rows.map(({ id, owner }) => [id, owner]));
  return items.filter(({ id, from }) => owners.get(id) === from);
};

/** Writes the new owner and `set` over rows that `stillTheirs` has locked. */
export const writeOwner = async (trx: Knex, { table, column }: Owned, items: readonly Passing[], set: object): Promise<void> => {
  for (const to of new Set(items.map((item) => item.to))) {
    const ids = items.filter((item) => item.to === to).map(({ id }) => id);
    await trx(table).whereIn('id', ids).update({ [column]: to, ...set }); // prettier-ignore
  }
};

export const journalOwners = (trx: Knex, table: string, items: readonly Passing[], by: PassedBy): Promise<void> =>
  writeChanges(trx, by, items.map(({ id, from, to }) => ({ table, rowId: id, field: 'owner', before: from, after: to }))); // prettier-ignore

/** A holding that is nothing but rows with an owner. */
export const ownedRows = (owned: Owned, set: (trx: Knex) => object, tell: (items: readonly Passing[]) => void): Holding => ({
  kind: owned.table,
  count: (db, userId) => countOwned(db, owned, userId),
  page: (db, userId, after, limit) => pageOwned(db, owned, userId, after, limit),
  ready: async () => async (trx, items, by) => {
    const going = await stillTheirs(trx, owned, items);
    await writeOwner(trx, owned, going, set(trx));
    await journalOwners(trx, owned.table, going, by);
    return { passed: going.map(({ id }) => id), tell: () => tell(going) };
  },
});
