import type { Knex } from 'knex';

export const config = { transaction: false };

/** Companies and people in one table. Nothing is deleted: archived_at. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('clients')) return;
  await db.schema.createTable('clients', (t) => {
    t.increments('id');
    t.string('kind', 16).notNullable(); // company | person
    t.text('roles').notNullable(); // JSON list of client, supplier, competitor, partner
    t.string('name', 200).notNullable();
    t.string('sort_key', 120).notNullable().collate('utf8mb4_bin'); // the name folded
    t.string('stage', 40).notNullable();
    t.string('company', 200).notNullable();
    t.string('position', 200).notNullable();
    t.text('note').notNullable();
    t.text('custom').notNullable(); // JSON
    t.integer('owner_id').unsigned().nullable().references('users.id').onDelete('RESTRICT');
    t.integer('department_id').unsigned().nullable().references('departments.id').onDelete('RESTRICT'); // null: everybody's
    t.integer('version').unsigned().notNullable();
    t.bigInteger('contact_at').nullable(); // of the latest call
    t.bigInteger('created_at').notNullable();
    t.bigInteger('updated_at').notNullable();
    t.bigInteger('archived_at').nullable();
    t.index(['sort_key', 'id'], 'clients_sorted');
    t.index(['department_id', 'sort_key', 'id'], 'clients_department_sorted');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('clients');
