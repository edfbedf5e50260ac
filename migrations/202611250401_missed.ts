import type { Knex } from 'knex';

export const config = { transaction: false };

/** Who called and was not answered: one row for all tries of a number until somebody spoke with it, or a person closed it. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('missed')) return;
  await db.schema.createTable('missed', (t) => {
    t.increments('id');
    // E.164 where it could be read, else as the trunk sent it; '' when withheld
    t.string('number', 100).notNullable().collate('utf8mb4_bin');
    // the number while the row is open, of a withheld one "PBX:LINKEDID"; null once it is closed: one open row for each
    t.string('open_key', 140).nullable().collate('utf8mb4_bin');
    // of the unanswered calls; what follows is counted anew from missed_tries with every change
    t.bigInteger('first_at').notNullable();
    t.bigInteger('last_at').notNullable();
    t.integer('tries').notNullable().defaultTo(0);
    // calls back that nobody answered
    t.integer('attempts').notNullable().defaultTo(0);
    t.bigInteger('attempt_at').nullable();
    // calls back just now: nobody else does until then
    t.integer('taken_by').unsigned().nullable();
    t.bigInteger('taken_until').nullable();
    // whose task it is
    t.integer('owner_id').unsigned().nullable();
    t.bigInteger('closed_at').nullable();
    t.integer('closed_by').unsigned().nullable();
    // got-through | called-back | what a person said
    t.string('closed_how', 20).nullable();
    t.string('note', 300).notNullable().defaultTo('');
    t.integer('version').notNullable().defaultTo(1);
    t.unique(['open_key'], { indexName: 'missed_open' });
    t.index(['number', 'closed_at'], 'missed_number');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('missed');
