import type { Knex } from 'knex';

export const config = { transaction: false };

/** Finds whether any call has an outcome: one that has is retired, never deleted. */
export const up = (db: Knex): Promise<void> => db.schema.alterTable('call_outcomes', (t) => t.index(['outcome'], 'call_outcomes_outcome'));

export const down = (db: Knex): Promise<void> =>
  db.schema.alterTable('call_outcomes', (t) => t.dropIndex(['outcome'], 'call_outcomes_outcome'));
