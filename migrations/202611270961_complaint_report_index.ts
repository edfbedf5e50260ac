import type { Knex } from 'knex';

export const config = { transaction: false };

const hasIndex = async (db: Knex, name: string): Promise<boolean> =>
  (db.client as { dialect: string }).dialect === 'sqlite3'
    ? (await db('sqlite_master').where({ type: 'index', name }).first('name')) !== undefined
    : ((await db.raw('SHOW INDEX FROM complaints WHERE Key_name = ?', [name])) as [unknown[]])[0].length > 0;

const COLUMNS = [
  'registered_at',
  'status',
  'category_id',
  'cause_id',
  'product',
  'department_id',
  'owner_id',
  'is_open',
  'resolved_at',
  'late_at',
  'policy_id',
  'repeat_of',
  'satisfaction',
];

/** Whatever reports count stands in one index by the time of registration, so that a period is counted without reading the rows. */
export async function up(db: Knex): Promise<void> {
  if (!(await hasIndex(db, 'complaints_report'))) await db.schema.alterTable('complaints', (t) => t.index(COLUMNS, 'complaints_report'));
  if (await hasIndex(db, 'complaints_registered'))
    await db.schema.alterTable('complaints', (t) => t.dropIndex([], 'complaints_registered'));
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('complaints', (t) => t.index(['registered_at', 'id'], 'complaints_registered'));
  await db.schema.alterTable('complaints', (t) => t.dropIndex([], 'complaints_report'));
}
