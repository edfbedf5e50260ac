import type { Knex } from 'knex';

export const config = { transaction: false };

/** Roll-up: what each operator did, by hour, queue ('' when none) and direction. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('report_work')) return;
  await db.schema.createTable('report_work', (t) => {
    t.bigInteger('hour').notNullable();
    t.integer('user_id').unsigned().notNullable();
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('queue', 100).notNullable().collate('utf8mb4_bin');
    t.string('direction', 8).notNullable();
    for (const count of ['offers', 'taken', 'missed', 'rejected', 'handled', 'blind', 'attended', 'to_queue'])
      t.integer(count).notNullable();
    for (const ms of ['ring', 'talk', 'hold', 'wrap']) t.bigInteger(ms).notNullable();
    t.primary(['hour', 'user_id', 'pbx', 'queue', 'direction']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('report_work');
