import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inTransaction, openDb } from '../../server/core/db.ts';

/** A file of SQLite that two processes write to: a server, and a command of the administrator's beside it. */
let dir: string;
let url: string;
let db: Knex;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'allo-shared-'));
  url = `sqlite:${join(dir, 'allo.db')}`;
  db = openDb(url);
  await db.schema.createTable('counted', (t) => void t.integer('n').notNullable());
  await db('counted').insert({ n: 0 });
});
afterEach(async () => {
  await db.destroy();
  rmSync(dir, { recursive: true });
});
const n = async () => ((await db('counted').first('n')) as { n: number }).n;

test('two processes that read and then write, each in transactions: nothing is refused, nothing is lost', async () => {
  const TIMES = 300;
  const other = spawn(process.execPath, ['--import', 'tsx', 'test/support/count-up.ts', url, String(TIMES)], { stdio: 'inherit' });
  const ended = once(other, 'exit') as Promise<[number]>;
  await expect.poll(n, { timeout: 60_000 }).toBeGreaterThan(0);
  for (let i = 0; i < TIMES; i++)
    await inTransaction(db, async (trx) => {
      const row = (await trx('counted').first('n')) as { n: number };
      await new Promise((resolve) => setImmediate(resolve));
      await trx('counted').update({ n: row.n + 1 });
    });
  expect((await ended)[0]).toBe(0);
  expect(await n()).toBe(2 * TIMES);
}, 90_000);

test('a write that waited in vain for another process is an error, and leaves nothing half done behind it', async () => {
  const Database = createRequire(import.meta.url)('libsql') as new (path: string) => { exec(sql: string): void; close(): void };
  const other = new Database(join(dir, 'allo.db'));
  await db.raw('PRAGMA busy_timeout = 50');
  other.exec('BEGIN IMMEDIATE');
  other.exec('UPDATE counted SET n = 10');
  await expect(db('counted').update({ n: 1 })).rejects.toThrow('database is locked');
  await expect(inTransaction(db, (trx) => trx('counted').update({ n: 2 }))).rejects.toThrow('database is locked');
  expect(await n()).toBe(0);
  other.exec('COMMIT');
  expect(await n()).toBe(10);
  await inTransaction(db, (trx) => trx('counted').insert({ n: 3 }));
  await db('counted').where({ n: 3 }).delete();
  expect(await inTransaction(db, (trx) => trx('counted').update({ n: 4 }))).toBe(1);
  // The other process sees it: it was committed, and the lock is free.
  other.exec('BEGIN IMMEDIATE');
  other.exec('UPDATE counted SET n = n + 1');
  other.exec('COMMIT');
  other.close();
  expect(await n()).toBe(5);
});
