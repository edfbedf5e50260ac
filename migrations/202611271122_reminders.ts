import type { Knex } from 'knex';

export const config = { transaction: false };

/** What somebody is to be told of at a time; gone with the notification that it became, in one transaction. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('reminders')) return;
  await db.schema.createTable('reminders', (t) => {
    t.increments('id');
    t.integer('user_id').unsigned().notNullable();
    t.string('kind', 40).notNullable();
    t.string('effect', 190).notNullable().collate('utf8mb4_bin');
    t.string('about_kind', 20).notNullable();
    t.string('about_ref', 100).notNullable();
    t.text('params').notNullable();
    // when it is due; while somebody is at it, when that counts as dead
    t.bigInteger('next_at').notNullable();
    // whoever took it last
    t.string('claim', 40).nullable();
    t.unique(['effect', 'user_id'], { indexName: 'reminders_effect' });
    t.index(['next_at', 'id'], 'reminders_due');
    t.index(['about_kind', 'about_ref'], 'reminders_about');
    t.index(['claim'], 'reminders_claim');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('reminders');
