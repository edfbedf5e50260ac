import type { Knex } from 'knex';

export const config = { transaction: false };

/** [code, limit in minutes]. The words of these codes are the browser's. */
const SHIPPED: [string, number][] = [
  ['rest', 15],
  ['lunch', 60],
  ['meeting', 60],
  ['training', 120],
  ['desk-work', 60],
];

/** Why an operator may be away during a shift. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('break_reasons'))) {
    await db.schema.createTable('break_reasons', (t) => {
      t.string('code', 40).notNullable().primary().collate('utf8mb4_bin');
      // what an administrator wrote; null: the browser's words for the code
      t.string('label', 200).nullable();
      t.integer('position').notNullable();
      // 0: none
      t.integer('limit_minutes').notNullable();
      t.bigInteger('archived_at').nullable();
    });
  }
  const have = new Set<string>(await db('break_reasons').pluck('code'));
  const rows = SHIPPED.map(([code, limit_minutes], i) => ({ code, label: null, position: i + 1, limit_minutes })).filter((row) => !have.has(row.code)); // prettier-ignore
  if (rows.length > 0) await db('break_reasons').insert(rows);
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('break_reasons');
