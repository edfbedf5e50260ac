import type { Knex } from 'knex';
import { beforeAll, expect, test } from 'vitest';
import { escapeLike, inTransaction, isDuplicate, migrate } from '../../server/core/db.ts';
import { eachDatabase } from '../support/db.ts';

eachDatabase((open, engine) => {
  let db: Knex;
  beforeAll(async () => {
    db = await open();
    await db.schema.createTable('things', (t) => {
      t.increments('id');
      t.string('name', 20).notNullable().unique('things_name');
      t.bigInteger('at').nullable();
      t.text('words').nullable();
    });
  });

  test('a second migration does nothing', async () => {
    expect(await migrate(db)).toEqual([]);
    expect(await db('users').select()).toEqual([]);
  });

  test('times come back as the numbers that went in, sums too', async () => {
    const at = 1_790_000_000_123;
    await db('things').insert({ name: 'time', at });
    await db('things').insert({ name: 'time 2', at });
    expect(await db('things').where({ name: 'time' }).first('at')).toEqual({ at });
    expect(await db('things').where('name', 'like', 'time%').sum({ all: 'at' }).count({ n: '*' }).first()).toEqual({ all: 2 * at, n: 2 });
  });

  test('any text survives, and equality is exact', async () => {
    for (const words of ['Ёлка', 'ёлка', 'елка', 'a🙂b', 'quote \' " \\ ` ; --', 'tab\tnew\nline', '%_!'])
      await db('things').insert({ name: `w${words}`, words });
    expect(await db('things').where({ words: 'ёлка' }).pluck('name')).toEqual(['wёлка']);
    expect(
      await db('things')
        .whereRaw("words LIKE ? ESCAPE '!'", [`${escapeLike('%_!')}%`])
        .pluck('words'),
    ).toEqual(['%_!']);
    expect(await db('things').whereRaw("words LIKE ? ESCAPE '!'", ['A%']).pluck('words')).toEqual([]);
  });

  test('a duplicate is told apart, and no error carries a value', async () => {
    await db('things').insert({ name: 'secret-value' });
    const again = await db('things')
      .insert({ name: 'secret-value' })
      .catch((err: unknown) => err);
    expect(isDuplicate(again)).toBe(true);
    const missing = await db('things')
      .insert({ name: null, words: 'secret-value' })
      .catch((err: unknown) => err);
    expect(isDuplicate(missing)).toBe(false);
    const unknown = await db('nowhere')
      .where({ name: 'secret-value' })
      .catch((err: unknown) => err);
    const invalid = await db.raw("SELEC ? 'x'", ['secret-value']).catch((err: unknown) => err);
    for (const err of [again, missing, unknown, invalid]) {
      expect(err).toBeInstanceOf(Error);
      expect(JSON.stringify([{ ...(err as Error) }, String(err), (err as Error).stack])).not.toContain('secret-value');
    }
  });

  test('too long a text is refused or kept whole, never cut', async () => {
    const long = 'x'.repeat(21);
    const refused = await db('things')
      .insert({ name: long })
      .catch((err: unknown) => err);
    if (engine === 'mysql') expect(refused).toMatchObject({ code: 'ER_DATA_TOO_LONG' });
    expect(
      await db('things')
        .where({ name: 'x'.repeat(20) })
        .pluck('id'),
    ).toEqual([]);
  });

  test('a transaction that fails leaves nothing', async () => {
    const failed = inTransaction(db, async (trx) => {
      await trx('things').insert({ name: 'half' });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await db('things').where({ name: 'half' })).toEqual([]);
  });

  test('a foreign key is kept', async () => {
    await expect(db('extensions').insert({ pbx: 'p', extension: '1', user_id: 999 })).rejects.toThrow();
  });
});
