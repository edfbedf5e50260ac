import type { Knex } from 'knex';

export const config = { transaction: false };

const HEAD = 6;

/** As the search had them when this table was made; later changes come with a migration of their own. */
const keysOf = (word: string): string[] => {
  const letters = [...word];
  if (letters.length < 4 || !/^\p{L}+$/u.test(word)) return [];
  const head = letters.slice(0, HEAD);
  return [...new Set([head.join(''), ...head.map((_, i) => [...head.slice(0, i), ...head.slice(i + 1)].join(''))])];
};

/** Of every word in search_words: its first letters, and what is left when one of them is missing. Finds words in spite of a typing error. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('search_near')))
    await db.schema.createTable('search_near', (t) => {
      t.string('near', 8).notNullable().collate('utf8mb4_bin');
      t.string('word', 60).notNullable().collate('utf8mb4_bin');
      t.primary(['near', 'word']);
    });
  for (let last = ''; ;) {
    const words = (await db('search_words').distinct('word').where('word', '>', last).orderBy('word').limit(500).pluck('word')) as string[];
    if (words.length === 0) return;
    const rows = words.flatMap((word) => keysOf(word).map((near) => ({ near, word })));
    for (let from = 0; from < rows.length; from += 400)
      await db('search_near')
        .insert(rows.slice(from, from + 400))
        .onConflict()
        .ignore();
    last = words.at(-1)!;
  }
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('search_near');
