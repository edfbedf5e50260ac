import type { Knex } from 'knex';

export const config = { transaction: false };

type Table = Knex.CreateTableBuilder;
const ofTask = (t: Table) => t.integer('task_id').unsigned().notNullable().references('tasks.id').onDelete('CASCADE');
const ofUser = (t: Table, column = 'user_id') => t.integer(column).unsigned().notNullable().references('users.id').onDelete('RESTRICT');

const TABLES: Readonly<Record<string, (t: Table) => void>> = {
  task_watchers: (t) => {
    ofTask(t);
    ofUser(t);
    t.primary(['user_id', 'task_id']);
    t.index(['task_id'], 'task_watchers_task');
  },
  /** The checklist. */
  task_items: (t) => {
    t.increments('id');
    ofTask(t);
    t.string('text', 300).notNullable();
    t.bigInteger('done_at').nullable();
    t.integer('done_by').unsigned().nullable().references('users.id').onDelete('RESTRICT');
    t.index(['task_id', 'id'], 'task_items_task');
  },
  task_comments: (t) => {
    t.increments('id');
    ofTask(t);
    ofUser(t);
    t.text('text').notNullable();
    t.text('mentions').notNullable(); // JSON list of user ids
    t.bigInteger('at').notNullable();
    t.index(['task_id', 'id'], 'task_comments_task');
  },
  /** Its history: what happened to it, by whom. */
  task_events: (t) => {
    t.increments('id');
    ofTask(t);
    t.integer('user_id').unsigned().nullable().references('users.id').onDelete('RESTRICT');
    t.string('kind', 20).notNullable();
    t.text('data').notNullable(); // JSON
    t.bigInteger('at').notNullable();
    t.index(['task_id', 'id'], 'task_events_task');
  },
  /** By which words it is found. */
  task_words: (t) => {
    t.string('word', 60).notNullable().collate('utf8mb4_bin');
    ofTask(t);
    t.primary(['word', 'task_id']);
    t.index(['task_id'], 'task_words_task');
  },
};

const wordsOf = (text: string): string[] => [
  ...new Set(
    text.normalize('NFKC').toLowerCase().normalize('NFC').replaceAll('ё', 'е').split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean)
      .map((word) => [...word].slice(0, 60).join('')), // prettier-ignore
  ),
];
const PAGE = 500;

/** What belongs to a task; and the words of those that are there. */
export async function up(db: Knex): Promise<void> {
  for (const [name, make] of Object.entries(TABLES)) if (!(await db.schema.hasTable(name))) await db.schema.createTable(name, make);
  for (let after = 0; ;) {
    const rows = (await db('tasks').where('id', '>', after).orderBy('id').limit(PAGE).select('id', 'text')) as {
      id: number;
      text: string;
    }[];
    if (rows.length === 0) return;
    const words = rows.flatMap(({ id, text }) => wordsOf(text).map((word) => ({ word, task_id: id })));
    for (let i = 0; i < words.length; i += 200) await db('task_words').insert(words.slice(i, i + 200)).onConflict(['word', 'task_id']).ignore(); // prettier-ignore
    after = rows.at(-1)!.id;
  }
}

export async function down(db: Knex): Promise<void> {
  for (const name of Object.keys(TABLES)) await db.schema.dropTableIfExists(name);
}
