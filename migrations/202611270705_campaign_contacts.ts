import type { Knex } from 'knex';

export const config = { transaction: false };

/** Whom a campaign calls: one row a person, found again by the first number. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('campaign_contacts')) return;
  await db.schema.createTable('campaign_contacts', (t) => {
    t.increments('id');
    t.integer('campaign_id').unsigned().notNullable();
    t.integer('client_id').unsigned().nullable();
    t.string('name', 200).notNullable().defaultTo('');
    // the first number, E.164; the others in JSON, in their order
    t.string('number', 20).notNullable().collate('utf8mb4_bin');
    t.text('more_numbers').nullable();
    // JSON of texts: what the list said of the person
    t.text('data').nullable();
    // ready (from next_at on) | live | held (an attempt is not settled) | done | stopped
    t.string('state', 8).notNullable().defaultTo('ready');
    // of stopped, held and of a wait: a code
    t.string('reason', 40).nullable();
    t.bigInteger('next_at').notNullable().defaultTo(0);
    // 0: a promised call-back, or somebody who was abandoned; 5: everybody else. Less goes first
    t.integer('priority').notNullable().defaultTo(5);
    // whose call-back it is
    t.integer('operator_id').unsigned().nullable();
    // shown to this operator, in preview
    t.integer('taken_by').unsigned().nullable();
    t.bigInteger('taken_until').nullable();
    t.integer('attempts').notNullable().defaultTo(0);
    t.string('outcome', 40).nullable();
    t.unique(['campaign_id', 'number'], { indexName: 'campaign_contacts_once' });
    t.index(['campaign_id', 'state', 'priority', 'next_at', 'id'], 'campaign_contacts_due');
    t.index(['number', 'state'], 'campaign_contacts_number');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('campaign_contacts');
