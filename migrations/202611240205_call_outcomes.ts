import type { Knex } from 'knex';

export const config = { transaction: false };

/** Every outcome that was given to a call, in order; the call carries the last one. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('call_outcomes')) return;
  await db.schema.createTable('call_outcomes', (t) => {
    t.increments('id');
    t.integer('call_id').unsigned().notNullable().references('calls.id').onDelete('CASCADE');
    t.integer('user_id').unsigned().notNullable();
    t.string('outcome', 40).notNullable();
    t.text('flags').notNullable();
    t.text('note').notNullable();
    t.bigInteger('at').notNullable();
    t.index(['call_id', 'id'], 'call_outcomes_call');
    t.index(['user_id', 'at'], 'call_outcomes_user');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('call_outcomes');
