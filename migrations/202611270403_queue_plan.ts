import type { Knex } from 'knex';

export const config = { transaction: false };

const COLUMNS: [string, (t: Knex.AlterTableBuilder) => void][] = [
  // T of the service level, s
  ['target_seconds', (t) => t.integer('target_seconds').notNullable().defaultTo(20)],
  // what follows goes into queues.conf, where Allo writes it
  ['strategy', (t) => t.string('strategy', 20).notNullable().defaultTo('rrmemory')],
  ['ring_seconds', (t) => t.integer('ring_seconds').notNullable().defaultTo(15)],
  // app_queue's weight: before the callers of lighter queues, for members of both
  ['weight', (t) => t.integer('weight').notNullable().defaultTo(0)],
  // the caller is told the position every so many s; 0: not
  ['announce_seconds', (t) => t.integer('announce_seconds').notNullable().defaultTo(0)],
  ['version', (t) => t.integer('version').notNullable().defaultTo(1)],
];

export async function up(db: Knex): Promise<void> {
  for (const [name, add] of COLUMNS) if (!(await db.schema.hasColumn('queues', name))) await db.schema.alterTable('queues', add);
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('queues', (t) => t.dropColumns(...COLUMNS.map(([name]) => name)));
