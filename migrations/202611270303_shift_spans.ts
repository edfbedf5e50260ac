import type { Knex } from 'knex';

export const config = { transaction: false };

/** Who was on shift by which phone, and in which queues, from when to when: what `shifts` and `shift_queues` said at any past moment. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('shift_spans')) return;
  await db.schema.createTable('shift_spans', (t) => {
    t.increments('id');
    t.integer('user_id').unsigned().notNullable();
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('extension', 40).notNullable();
    // '': the shift itself
    t.string('queue', 100).notNullable().defaultTo('').collate('utf8mb4_bin');
    t.bigInteger('started_at').notNullable();
    t.bigInteger('ended_at').nullable();
    t.index(['ended_at', 'user_id'], 'shift_spans_open');
    t.index(['started_at'], 'shift_spans_started');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('shift_spans');
