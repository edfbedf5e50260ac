import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { countOwned, journalOwners, pageOwned, stillTheirs, writeOwner } from '../core/holdings.ts';
import type { Holding, Owned } from '../core/holdings.ts';
import { fold } from '../core/words.ts';
import { addTimelines } from './timeline.ts';

const OWNED: Owned = { table: 'clients', column: 'owner_id', client: 'id', live: (query) => query.whereNull('archived_at') };

/** The clients of a person, for whoever takes over: each with a row of its history and its journal. */
export const clientHolding = ({ bus }: Pick<Deps, 'bus'>): Holding => ({
  kind: 'clients',
  count: (db, userId) => countOwned(db, OWNED, userId),
  page: (db, userId, after, limit) => pageOwned(db, OWNED, userId, after, limit),
  ready: async () => async (trx, items, by) => {
    const going = await stillTheirs(trx, OWNED, items);
    await writeOwner(trx, OWNED, going, { version: trx.raw('version + 1'), updated_at: by.at });
    await journalOwners(trx, 'clients', going, by);
    const versions = new Map(((await trx('clients').whereIn('id', going.map(({ id }) => id)).select('id', 'version')) as { id: number; version: number }[]).map((row) => [row.id, row.version])); // prettier-ignore
    const entries = going.map(({ id, from, to }) => ({
      clientId: id, at: by.at, kind: 'edited', ref: `${versions.get(id)!}`, userId: by.actorId,
      data: { fields: ['owner'], changes: [{ field: 'owner', before: from, after: to }], batch: by.batch },
    })); // prettier-ignore
    await addTimelines(trx, entries);
    return { passed: going.map(({ id }) => id), tell: () => going.forEach(({ id }) => bus.emit('client.changed', { id })) };
  },
});

/** Whose a client is and where they stand: what a rule can give them by. */
export interface ClientPlace {
  ownerId: number | null;
  departmentId: number | null;
  stage: string;
  /** Every address on the card, folded; '' when there is none. */
  address: string;
}

const addressOf = (custom: Record<string, unknown>): string =>
  Object.values(custom)
    .flatMap((value) =>
      typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string' ? [value.text] : [],
    )
    .map(fold)
    .join(' | ');

export const clientPlaces = async (db: Knex, ids: readonly number[]): Promise<Map<number, ClientPlace>> => {
  const rows = (await db('clients').whereIn('id', [...ids]).select('id', 'owner_id', 'department_id', 'stage', 'custom')) as { id: number; owner_id: number | null; department_id: number | null; stage: string; custom: string }[]; // prettier-ignore
  return new Map(
    rows.map((row) => [
      row.id,
      { ownerId: row.owner_id, departmentId: row.department_id, stage: row.stage, address: addressOf(JSON.parse(row.custom) as Record<string, unknown>) },
    ]),
  ); // prettier-ignore
};
