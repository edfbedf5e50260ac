import type { Knex } from 'knex';

export const config = { transaction: false };

const SHIPPED: readonly (readonly [code: string, ru: string, en: string, meaning: string])[] = [
  ['new', 'Новый', 'New', 'open'],
  ['prospect', 'Потенциальный', 'Prospect', 'open'],
  ['lead', 'Лид', 'Lead', 'lead'],
  ['active', 'Активный', 'Active', 'active'],
  ['at_risk', 'Под угрозой', 'At risk', 'active'],
  ['lost', 'Потерян', 'Lost', 'lost'],
];

/** How far a relationship has come. `meaning`: what the program makes of it (open, lead, active, lost). */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('client_stages')) return;
  await db.schema.createTable('client_stages', (t) => {
    t.string('code', 40).notNullable().collate('utf8mb4_bin').primary();
    t.string('label_ru', 60).notNullable();
    t.string('label_en', 60).notNullable();
    t.string('meaning', 20).notNullable();
    t.integer('position').unsigned().notNullable();
    t.bigInteger('archived_at').nullable();
  });
  await db('client_stages').insert(
    SHIPPED.map(([code, label_ru, label_en, meaning], i) => ({ code, label_ru, label_en, meaning, position: (i + 1) * 10 })),
  );
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('client_stages');
