import type { Knex } from 'knex';

export const config = { transaction: false };

/** Saved filters over the clients, with the columns and the order of their list. Archived, never deleted: campaigns name them. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('segments')) return;
  await db.schema.createTable('segments', (t) => {
    t.increments('id');
    t.string('name', 120).notNullable();
    t.integer('owner_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.text('shared_roles').notNullable(); // JSON list of roles that see it
    t.text('filter').notNullable(); // JSON, see segments/contract.ts
    t.text('columns').notNullable(); // JSON list of keys
    t.string('sort', 40).notNullable();
    t.string('direction', 4).notNullable();
    t.integer('version').unsigned().notNullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('updated_at').notNullable();
    t.bigInteger('archived_at').nullable();
    t.index(['owner_id'], 'segments_owner');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('segments');
