import type { Knex } from 'knex';

export const config = { transaction: false };

/** Campaigns of calls on a queue. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('campaigns')) return;
  await db.schema.createTable('campaigns', (t) => {
    t.increments('id');
    t.string('name', 200).notNullable();
    t.integer('owner_id').unsigned().notNullable();
    // draft | approved | running | paused | finished
    t.string('state', 10).notNullable().defaultTo('draft');
    t.string('pbx', 32).notNullable();
    t.string('queue', 80).notNullable();
    // manual | preview | progressive | power | predictive
    t.string('mode', 12).notNullable();
    t.string('profile', 20).notNullable();
    // ad | service | debt | survey
    t.string('purpose', 10).notNullable();
    // JSON: the rest, checked by the contract
    t.text('settings', 'mediumtext').notNullable();
    // why its dialler stands still, as it was when the dialler last looked
    t.string('stalled', 40).nullable();
    t.integer('version').notNullable().defaultTo(1);
    t.bigInteger('created_at').notNullable();
    t.bigInteger('started_at').nullable();
    t.index(['state', 'pbx'], 'campaigns_state');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('campaigns');
