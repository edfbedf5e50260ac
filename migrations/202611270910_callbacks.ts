import type { Knex } from 'knex';

export const config = { transaction: false };

/** Callers who hung up and keep their place in a queue until they are called back; named by the call in which they asked. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('callbacks')) return;
  await db.schema.createTable('callbacks', (t) => {
    t.increments('id');
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('linkedid', 100).notNullable().collate('utf8mb4_bin');
    t.string('queue', 100).notNullable().collate('utf8mb4_bin');
    t.string('number', 40).notNullable().collate('utf8mb4_bin');
    // the number again while it is open, null once it is over
    t.string('open_number', 40).nullable().collate('utf8mb4_bin');
    t.string('name', 100).notNullable().defaultTo('');
    // by the PBX's clock: the place in the queue, and when the key was pressed
    t.bigInteger('entered_at').notNullable();
    t.bigInteger('asked_at').notNullable();
    // waiting | dialling | answered | reached | failed | cancelled
    t.string('state', 10).notNullable().defaultTo('waiting');
    // talked | called-in | spoken | withdrawn | given | attempts | trunk | unsettled | expired
    t.string('closed_how', 12).nullable();
    t.integer('closed_by').unsigned().nullable();
    // Linkedid of the call that ended it
    t.string('closed_ref', 100).nullable().collate('utf8mb4_bin');
    t.bigInteger('closed_at').nullable();
    // calls that were placed, and those of them that reached the trunk
    t.integer('tries').notNullable().defaultTo(0);
    t.integer('attempts').notNullable().defaultTo(0);
    // ours, as created_at: not called before this
    t.bigInteger('next_at').notNullable();
    t.bigInteger('created_at').notNullable();
    t.integer('version').notNullable().defaultTo(1);
    t.unique(['pbx', 'linkedid'], { indexName: 'callbacks_call' });
    t.index(['pbx', 'state', 'entered_at'], 'callbacks_line');
    t.index(['open_number'], 'callbacks_open');
    t.index(['number', 'asked_at'], 'callbacks_number');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('callbacks');
