import type { Knex } from 'knex';

export const config = { transaction: false };

const isMysql = (db: Knex): boolean => (db.client as { dialect: string }).dialect === 'mysql';

/** MySQL knows no IF NOT EXISTS for an index. */
const there = async (db: Knex, name: string): Promise<boolean> => {
  const [rows] = (await db.raw('SHOW INDEX FROM tasks WHERE Key_name = ?', [name])) as [unknown[]];
  return rows.length > 0;
};

const INDEXES: readonly (readonly [name: string, columns: readonly string[], unique: boolean])[] = [
  ['tasks_author_due', ['author_id', 'due_at', 'id'], false],
  ['tasks_parent', ['parent_id'], false],
  ['tasks_occurrence', ['series_id', 'occurrence_at'], true],
];

/** What one gave to others, the parts of a task, and each occurrence of a series once. */
export async function up(db: Knex): Promise<void> {
  for (const [name, columns, unique] of INDEXES) {
    const sql = `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${isMysql(db) ? '' : 'IF NOT EXISTS '}${name} ON tasks (${columns.join(', ')})`;
    if (!isMysql(db) || !(await there(db, name))) await db.raw(sql);
  }
}

export const down = (db: Knex): Promise<void> =>
  db.schema.alterTable('tasks', (t) => {
    for (const [name, columns] of INDEXES) t.dropIndex([...columns], name);
  });
