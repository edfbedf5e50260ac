import type { Knex } from 'knex';

export const config = { transaction: false };

/** Where each operator's phone has to be a member, and whether the PBX has been told. A row goes when the phone has left the queue. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('shift_queues')) return;
  await db.schema.createTable('shift_queues', (t) => {
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('queue', 100).notNullable().collate('utf8mb4_bin');
    t.string('extension', 40).notNullable();
    t.integer('user_id').unsigned().notNullable();
    // joining | joined | leaving
    t.string('state', 8).notNullable();
    t.integer('penalty').notNullable().defaultTo(0);
    t.primary(['pbx', 'queue', 'extension']);
    t.index(['user_id'], 'shift_queues_user');
    t.index(['state'], 'shift_queues_state');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('shift_queues');
