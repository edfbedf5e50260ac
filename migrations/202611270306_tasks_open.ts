import type { Knex } from 'knex';

export const config = { transaction: false };

const INDEX = 'tasks_open';
const COLUMNS = ['done_at', 'kind', 'due_at', 'id'];
const isMysql = (db: Knex): boolean => (db.client as { dialect: string }).dialect === 'mysql';

/** MySQL knows no IF NOT EXISTS for an index. */
const there = async (db: Knex): Promise<boolean> => {
  const [rows] = (await db.raw('SHOW INDEX FROM tasks WHERE Key_name = ?', [INDEX])) as [unknown[]];
  return rows.length > 0;
};

/** What is due and not done, of everybody: without the years of what is done. */
export async function up(db: Knex): Promise<void> {
  if (!isMysql(db)) await db.raw('CREATE INDEX IF NOT EXISTS tasks_open ON tasks (done_at, kind, due_at, id)');
  else if (!(await there(db))) await db.schema.alterTable('tasks', (t) => t.index(COLUMNS, INDEX));
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('tasks', (t) => t.dropIndex(COLUMNS, INDEX));
