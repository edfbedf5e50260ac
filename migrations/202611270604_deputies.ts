import type { Knex } from 'knex';

export const config = { transaction: false };

/** Who stands in for whom, from when until when. Ends by itself; ended_at: given back earlier. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('deputies')) return;
  await db.schema.createTable('deputies', (t) => {
    t.increments('id');
    t.integer('user_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.integer('deputy_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.bigInteger('starts_at').notNullable();
    t.bigInteger('ends_at').notNullable();
    t.string('reason', 200).notNullable();
    t.integer('created_by').unsigned().nullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('ended_at').nullable();
    t.index(['ends_at'], 'deputies_ends');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('deputies');
