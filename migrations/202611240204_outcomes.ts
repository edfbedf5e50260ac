import type { Knex } from 'knex';

export const config = { transaction: false };

/** [code, flags, selectable by an operator]. The words of these codes are the browser's. */
const SHIPPED: [string, string[], boolean][] = [
  ['resolved', ['human', 'reached', 'completed'], true],
  ['sale', ['human', 'reached', 'sale', 'completed'], true],
  ['call-back', ['human', 'call-back'], true],
  ['complaint', ['human', 'reached', 'completed'], true],
  ['not-interested', ['human', 'reached', 'not-interested', 'completed'], true],
  ['do-not-call', ['human', 'do-not-call', 'completed'], true],
  ['wrong-number', ['human', 'unworkable'], true],
  ['voicemail', ['machine'], true],
  ['dropped', [], true],
  ['other', ['human'], true],
  ['abandoned', [], false],
  ['no-answer', [], true],
  ['busy', [], true],
  ['fax', ['machine', 'unworkable'], false],
  ['number-dead', ['unworkable'], false],
];

/** How a call can have ended: a code with flags, not a name. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('outcomes'))) {
    await db.schema.createTable('outcomes', (t) => {
      t.string('code', 40).notNullable().primary().collate('utf8mb4_bin');
      // what an administrator wrote; null: the browser's words for the code
      t.string('label', 200).nullable();
      t.integer('position').notNullable();
      // JSON list of human, machine, reached, sale, do-not-call, not-interested, unworkable, call-back, completed
      t.text('flags').notNullable();
      t.boolean('selectable').notNullable();
      t.bigInteger('archived_at').nullable();
    });
  }
  const have = new Set<string>(await db('outcomes').pluck('code'));
  const missing = SHIPPED.map(([code, flags, selectable], i) => ({
    code,
    label: null,
    position: i + 1,
    flags: JSON.stringify(flags),
    selectable,
  }));
  const rows = missing.filter((row) => !have.has(row.code));
  if (rows.length > 0) await db('outcomes').insert(rows);
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('outcomes');
