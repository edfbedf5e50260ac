import type { Knex } from 'knex';
import { beforeAll, expect, test } from 'vitest';
import { phoneRow, saveWords } from '../../server/clients/contacts.ts';
import { numberPlanOf } from '../../server/clients/number-plan.ts';
import { findClient } from '../../server/clients/queries.ts';
import { searchClients } from '../../server/clients/search.ts';
import type { SearchCursor } from '../../server/clients/search.ts';
import { isSqlite } from '../../server/core/db.ts';
import { look } from '../bench/lookup.ts';
import { eachDatabase } from '../support/db.ts';
import { loadClients, phoneOf, SMALL_DEPARTMENT } from '../support/bench/million.ts';

const SIZE = 10_000;

const indexes = async (db: Knex): Promise<string[]> => {
  if (isSqlite(db)) return (await db('sqlite_master').where({ type: 'index' }).orderBy('name').pluck('name')) as string[];
  const sql = 'SELECT CONCAT(table_name, " ", index_name, " ", seq_in_index, " ", column_name) AS name FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1'; // prettier-ignore
  const [rows] = (await db.raw(sql)) as [{ name: string }[]];
  return rows.map((row) => row.name);
};

eachDatabase((open) => {
  let db: Knex;
  let before: string[];
  beforeAll(async () => {
    db = await open();
    before = await indexes(db);
    await loadClients(db, SIZE);
  });

  test('the load leaves every index as the migrations made it', async () => {
    expect(await indexes(db)).toEqual(before);
  });

  test('the load writes the rows that the product would', async () => {
    for (let i = 0; i < 300; i++)
      for (const which of [0, 1] as const) {
        const row = phoneOf(i, which);
        expect(row).toEqual(phoneRow(i + 1, which, { raw: row.raw, purpose: '', bestTime: '', badSince: null }, 'RU'));
      }
    for (const id of [1, 77, SIZE]) {
      const words = () => db('search_words').where({ client_id: id }).orderBy('word').pluck('word');
      const loaded = await words();
      await saveWords(db, id, (await findClient(db, id))!);
      expect(await words()).toEqual(loaded);
    }
  });

  // Common beginnings in a small department are looked for from the department's side.
  test.each(['а', 'о', 'с', '9', '791', 'ооо', 'а с'])('%j finds all of a small department, page after page', async (query) => {
    const reach = { owners: [], departments: [SMALL_DEPARTMENT.id] };
    const of = await db('clients').where({ department_id: SMALL_DEPARTMENT.id }).orderBy('id').pluck('id');
    const begins = async (prefix: string) => {
      const words = (await db('search_words').whereIn('client_id', of)) as { word: string; client_id: number }[];
      const phones = (await db('phones').whereIn('client_id', of)) as { digits: string; reversed: string; client_id: number }[];
      const named = words.filter((row) => row.word.startsWith(prefix));
      const starts = [prefix, `7${prefix}`];
      const numbered = phones.filter((row) => /^\d+$/.test(prefix) && (starts.some((start) => row.digits.startsWith(start)) || (prefix.length > 2 && row.digits.endsWith(prefix)))); // prettier-ignore
      return new Set([...named, ...numbered].map((row) => row.client_id));
    };
    const sets = await Promise.all(query.split(' ').map(begins));
    const expected = of.filter((id: number) => sets.every((set) => set.has(id)));
    const seen: number[] = [];
    for (let after: SearchCursor | null = null, more = true; more; more = after !== null) {
      const page = await searchClients(db, { query, plan: numberPlanOf('RU'), reach, after, limit: 7 });
      seen.push(...page.ids);
      after = page.next;
    }
    expect(seen.length).toBe(new Set(seen).size);
    expect(seen.sort((a, b) => a - b)).toEqual(expected);
  });

  test('every question of the bench is answered rightly', async () => {
    const { figures, found } = await look(db, SIZE, 10);
    expect(figures.length).toBe(found.size);
    expect(found.get('number, known')).toBe(11); // ten rounds and one to warm up
    expect(found.get('number, unknown')).toBe(0);
    expect(found.get('a whole number')).toBe(11);
    expect(found.get('a word that nobody has')).toBe(0);
    for (const [what, sum] of found) if (!/unknown|nobody/.test(what)) expect(sum, what).toBeGreaterThan(0);
  });
});
