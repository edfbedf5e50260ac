import type { Knex } from 'knex';

export const config = { transaction: false };

/** What follows from an answer, once for each person, question and rule: written with the outcome, done by a worker. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('answer_deeds')) return;
  await db.schema.createTable('answer_deeds', (t) => {
    t.increments('id');
    t.integer('campaign_id').unsigned().notNullable();
    t.integer('contact_id').unsigned().notNullable();
    t.string('question', 40).notNullable().collate('utf8mb4_bin');
    // the rule's key in the script
    t.string('deed', 40).notNullable().collate('utf8mb4_bin');
    // JSON: the rule as it was, and the answer
    t.text('body').notNullable();
    // of the call in which it was finished
    t.string('call_ref', 140).notNullable();
    // the operator who finished it
    t.integer('user_id').unsigned().notNullable();
    // due | done | refused
    t.string('state', 8).notNullable().defaultTo('due');
    // of refused: a code
    t.string('why', 60).nullable();
    t.bigInteger('due_at').notNullable();
    t.unique(['contact_id', 'question', 'deed'], { indexName: 'answer_deeds_once' });
    t.index(['state', 'due_at'], 'answer_deeds_due');
    t.index(['campaign_id', 'state'], 'answer_deeds_campaign');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('answer_deeds');
