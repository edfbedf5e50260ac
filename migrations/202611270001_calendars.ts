import type { Knex } from 'knex';

export const config = { transaction: false };

/**
 * Russia's production calendar. 2026: the Labour Code, art. 112, and the Government's transfers of that year (3 January to 9 January, 4 January to 31
 * December). 2027: art. 112 alone; days that the Government moves are entered, or imported, in the settings.
 */
const OFF: Record<string, string> = {
  'Новогодние каникулы': '2026-01-01 2026-01-02 2026-01-03 2026-01-04 2026-01-05 2026-01-06 2026-01-08 2026-01-09 2026-12-31',
  Рождество: '2026-01-07 2027-01-07',
  'День защитника Отечества': '2026-02-23 2027-02-23',
  'Международный женский день': '2026-03-08 2026-03-09 2027-03-08',
  'Праздник Весны и Труда': '2026-05-01 2027-05-01 2027-05-03',
  'День Победы': '2026-05-09 2026-05-11 2027-05-09 2027-05-10',
  'День России': '2026-06-12 2027-06-12 2027-06-14',
  'День народного единства': '2026-11-04 2027-11-04',
  'Новый год': '2027-01-01 2027-01-02 2027-01-03 2027-01-04 2027-01-05 2027-01-06 2027-01-08',
};
const SHORT = '2026-04-30 2026-05-08 2026-06-11 2026-11-03 2027-02-22 2027-04-30 2027-06-11 2027-11-03 2027-12-31';

const days = () =>
  [
    ...Object.entries(OFF).flatMap(([name, dates]) => dates.split(' ').map((date) => ({ date, kind: 'closed', intervals: [], name }))),
    ...SHORT.split(' ').map((date) => ({ date, kind: 'short', intervals: [], name: 'Предпраздничный день' })),
  ].sort((a, b) => (a.date < b.date ? -1 : 1));

/** When there is work: a weekly pattern in a time zone, and the days that are different; by department, with one for everybody else. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('calendars'))) {
    await db.schema.createTable('calendars', (t) => {
      t.increments('id');
      t.string('name', 100).notNullable();
      t.string('time_zone', 60).notNullable();
      // JSON: seven lists, Monday first, of {from, to} in minutes since midnight
      t.text('week').notNullable();
      // JSON: {date, kind closed|short|hours, intervals, name}
      t.text('days', 'longtext').notNullable();
      // 1: of whoever has no other; null otherwise
      t.integer('is_default').nullable().unique({ indexName: 'calendars_default' });
      t.integer('version').notNullable().defaultTo(1);
      t.bigInteger('created_at').notNullable();
    });
  }
  if (!(await db.schema.hasTable('calendar_departments')))
    await db.schema.createTable('calendar_departments', (t) => {
      t.integer('department_id').unsigned().notNullable().primary();
      t.integer('calendar_id').unsigned().notNullable().index('calendar_departments_calendar');
    });
  if (await db('calendars').first('id')) return;
  const nineToSix = [{ from: 540, to: 1080 }];
  const week = JSON.stringify([nineToSix, nineToSix, nineToSix, nineToSix, nineToSix, [], []]);
  const row = { name: 'Пятидневка', time_zone: 'Europe/Moscow', week, days: JSON.stringify(days()), is_default: 1, created_at: 0 };
  await db('calendars').insert(row);
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTableIfExists('calendar_departments');
  await db.schema.dropTableIfExists('calendars');
}
