import type { Knex } from 'knex';

export const config = { transaction: false };

/** Somebody has looked at, or taken away, far more than they usually do: once a day and kind. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('sighting_alerts')) return;
  await db.schema.createTable('sighting_alerts', (t) => {
    t.increments('id');
    t.integer('user_id').unsigned().notNullable();
    t.string('kind', 10).notNullable();
    t.string('day', 10).notNullable();
    t.integer('n').unsigned().notNullable(); // when it was raised
    t.integer('usual').unsigned().notNullable();
    t.integer('most').unsigned().notNullable(); // what was allowed
    t.bigInteger('at').notNullable();
    t.integer('seen_by').unsigned().nullable();
    t.bigInteger('seen_at').nullable();
    t.unique(['user_id', 'kind', 'day'], { indexName: 'sighting_alerts_once' });
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('sighting_alerts');
