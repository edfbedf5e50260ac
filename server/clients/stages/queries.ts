import type { Knex } from 'knex';

interface StageRow {
  code: string;
  label_ru: string;
  label_en: string;
}

/** In their order, those no longer offered too: cards may have them. */
export const readStages = async (db: Knex): Promise<{ code: string; label: { ru: string; en: string } }[]> =>
  ((await db('client_stages').orderBy(['position', 'code'])) as StageRow[]).map((row) => ({
    code: row.code,
    label: { ru: row.label_ru, en: row.label_en },
  }));
