import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, openDb } from '../../server/core/db.ts';
import { measurePops } from '../bench/pop.ts';
import { loadClients } from '../support/bench/million.ts';

/** The bench of the pop at a hundredth of its size: each call reaches its operator's browser with its client, and nothing of it is left. */

const ROUNDS = 20;
const dir = mkdtempSync(join(tmpdir(), 'allo-pop-test-'));
const url = `sqlite:${join(dir, 'allo.db')}`;
let db: Knex;

beforeAll(async () => {
  db = openDb(url);
  await migrate(db);
  await loadClients(db, 1_000);
});
afterAll(async () => {
  await db.destroy();
  rmSync(dir, { recursive: true, force: true });
});

const rows = async () => {
  const counts: Record<string, unknown> = {};
  for (const table of ['users', 'extensions', 'calls', 'call_segments', 'call_operators', 'timeline', 'audit', 'bridge_leases'])
    counts[table] = await db(table).count();
  return counts;
};

test('every call pops up with its client, beside every call of the floor', { timeout: 90_000 }, async () => {
  const before = await rows();
  const figures = await measurePops(url, db, ROUNDS);
  expect(figures.map(({ what, pops, lost }) => ({ what, pops, lost }))).toEqual([
    { what: 'queue call', pops: ROUNDS, lost: 0 },
    { what: 'all at once', pops: ROUNDS, lost: 0 },
  ]);
  expect(await rows()).toEqual(before);
});
