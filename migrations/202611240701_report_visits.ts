import type { Knex } from 'knex';

export const config = { transaction: false };

/** Seconds; as in server/reports/cells.ts. */
const THRESHOLDS = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600];

/** Roll-up: visits to a queue by the hour in which they entered. Made from the log, and can be made again at any time. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('report_visits')) return;
  await db.schema.createTable('report_visits', (t) => {
    t.bigInteger('hour').notNullable();
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('queue', 100).notNullable().collate('utf8mb4_bin');
    for (const count of ['entered', 'answered', 'abandoned', 'flowed']) t.integer(count).notNullable();
    for (const ms of ['wait_answered', 'wait_abandoned', 'wait_max', 'talk', 'hold', 'wrap']) t.bigInteger(ms).notNullable();
    for (const s of THRESHOLDS) t.integer(`answered_${s}`).notNullable();
    for (const s of THRESHOLDS) t.integer(`abandoned_${s}`).notNullable();
    t.primary(['hour', 'pbx', 'queue']);
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('report_visits');
