import type { Knex } from 'knex';

export const config = { transaction: false };

/** Who took part: "my calls" is read from the index alone, however long the log is. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('call_operators')) return;
  await db.schema.createTable('call_operators', (t) => {
    t.integer('call_id').unsigned().notNullable().references('calls.id').onDelete('CASCADE');
    t.integer('user_id').unsigned().notNullable();
    // offered | dialled | talked: the most of what they did
    t.string('part', 8).notNullable();
    // of the call
    t.bigInteger('started_at').notNullable();
    t.primary(['call_id', 'user_id']);
    t.index(['user_id', 'started_at', 'call_id'], 'call_operators_user');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('call_operators');
