import type { Knex } from 'knex';

export const config = { transaction: false };

/** Which queues an operator enters when their shift starts. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('queue_members')) return;
  await db.schema.createTable('queue_members', (t) => {
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('queue', 100).notNullable().collate('utf8mb4_bin');
    t.integer('user_id').unsigned().notNullable();
    t.integer('penalty').notNullable().defaultTo(0);
    t.primary(['pbx', 'queue', 'user_id']);
    t.index(['user_id'], 'queue_members_user');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('queue_members');
