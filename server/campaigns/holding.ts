import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { ownedRows } from '../core/holdings.ts';
import type { Holding } from '../core/holdings.ts';

/** The campaigns that a person leads. */
export const campaignHolding = ({ bus }: Pick<Deps, 'bus'>): Holding =>
  ownedRows(
    { table: 'campaigns', column: 'owner_id', client: null, live: (query) => query.whereNot('state', 'finished') },
    (trx) => ({ version: trx.raw('version + 1') }),
    (items) => items.forEach(({ id }) => bus.emit('campaign.changed', { id })),
  );

/** Those whom a campaign calls back in a person's name. */
export const campaignContactHolding = (): Holding =>
  ownedRows(
    { table: 'campaign_contacts', column: 'operator_id', client: 'client_id', live: (query: Knex.QueryBuilder) => query.where('state', 'ready') },
    () => ({ taken_by: null, taken_until: null }),
    () => {},
  ); // prettier-ignore
