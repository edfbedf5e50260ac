import type { Knex } from 'knex';

export const config = { transaction: false };

/** Scripts of campaigns, each save a version of its own, and what people answered. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('script_versions')))
    await db.schema.createTable('script_versions', (t) => {
      t.increments('id');
      t.integer('campaign_id').unsigned().notNullable();
      t.integer('version').notNullable();
      // JSON
      t.text('body', 'mediumtext').notNullable();
      t.integer('user_id').unsigned().notNullable();
      t.bigInteger('at').notNullable();
      t.unique(['campaign_id', 'version'], { indexName: 'script_versions_once' });
    });
  if (await db.schema.hasTable('answers')) return;
  await db.schema.createTable('answers', (t) => {
    t.increments('id');
    t.integer('campaign_id').unsigned().notNullable();
    t.integer('contact_id').unsigned().notNullable();
    t.integer('version').notNullable();
    t.string('question', 40).notNullable().collate('utf8mb4_bin');
    // JSON: a text, a number, a list of texts
    t.text('value').notNullable();
    t.integer('user_id').unsigned().notNullable();
    t.bigInteger('at').notNullable();
    t.unique(['contact_id', 'question'], { indexName: 'answers_once' });
    t.index(['campaign_id', 'question'], 'answers_question');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTableIfExists('answers');
  await db.schema.dropTableIfExists('script_versions');
}
