import type { Knex } from 'knex';

export const config = { transaction: false };

/** How much of the clients a person has looked at or taken away, by day. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('sightings')) return;
  await db.schema.createTable('sightings', (t) => {
    t.integer('user_id').unsigned().notNullable();
    t.string('kind', 10).notNullable(); // cards | listed | exported | heard
    t.string('day', 10).notNullable(); // YYYY-MM-DD where the company works
    t.integer('n').unsigned().notNullable();
    t.primary(['user_id', 'kind', 'day']);
    t.index(['day'], 'sightings_day');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('sightings');
