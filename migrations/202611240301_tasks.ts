import type { Knex } from 'knex';

export const config = { transaction: false };

/** What somebody has to do by when: promises to call back among them. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('tasks')) return;
  await db.schema.createTable('tasks', (t) => {
    t.increments('id');
    t.string('kind', 20).notNullable();
    t.string('text', 500).notNullable();
    t.bigInteger('due_at').notNullable();
    t.integer('owner_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.integer('author_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.integer('client_id').unsigned().nullable().references('clients.id').onDelete('RESTRICT');
    t.string('phone', 60).notNullable(); // to call; '': the client's own
    t.string('call_ref', 140).nullable().collate('utf8mb4_bin'); // the call whose outcome promised it
    t.bigInteger('done_at').nullable();
    t.string('done_note', 2000).notNullable();
    t.integer('version').unsigned().notNullable();
    t.bigInteger('created_at').notNullable();
    t.unique(['call_ref', 'owner_id'], { indexName: 'tasks_call' });
    t.index(['owner_id', 'due_at', 'id'], 'tasks_owner_due');
    t.index(['client_id', 'due_at', 'id'], 'tasks_client_due');
    t.index(['due_at', 'id'], 'tasks_due');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('tasks');
