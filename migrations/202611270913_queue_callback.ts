import type { Knex } from 'knex';

export const config = { transaction: false };

/** JSON, as server/callbacks/contract.ts has it; null: not offered, never was. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('queues', 'call_back'))) await db.schema.alterTable('queues', (t) => void t.text('call_back').nullable());
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('queues', (t) => t.dropColumn('call_back'));
