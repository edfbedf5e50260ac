import type { Knex } from 'knex';

export const config = { transaction: false };

const SHIPPED: readonly (readonly [code: string, ru: string, en: string, tone: string])[] = [
  ['low', 'Низкая', 'Low', 'neutral'],
  ['normal', 'Обычная', 'Normal', 'neutral'],
  ['high', 'Высокая', 'High', 'warning'],
  ['critical', 'Критическая', 'Critical', 'danger'],
];

/** How grave a complaint is, the least first. Complaints and policies keep the code, also of one that is used no longer. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('complaint_severities')))
    await db.schema.createTable('complaint_severities', (t) => {
      t.string('code', 10).notNullable().collate('utf8mb4_bin').primary();
      t.string('label_ru', 60).notNullable();
      t.string('label_en', 60).notNullable();
      // of its badge: a tone of the theme, so that it is readable in light and dark
      t.string('tone', 10).notNullable();
      t.integer('position').unsigned().notNullable();
      t.bigInteger('retired_at').nullable();
    });
  for (const [i, [code, label_ru, label_en, tone]] of SHIPPED.entries())
    await db('complaint_severities')
      .insert({ code, label_ru, label_en, tone, position: i + 1, retired_at: null })
      .onConflict('code')
      .ignore();
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_severities');
