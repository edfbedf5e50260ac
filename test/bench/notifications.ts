import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import type { Engine } from '../support/db.ts';
import { percentile } from '../support/bench/percentile.ts';
import type { BenchOptions } from './run.ts';

/**
 * Reminders that are all due in one minute: two workers make notifications of them, one of which is killed on the way and another begun; how long until
 * all are told, and whether any was told twice. Then from an event to the open page: the transaction, the bus, the live channel. Beside both the floor:
 * the same rows written by one bare process, and a bare row written and read back.
 */

const PEOPLE = 500;
const CHUNK = 400;

export const fillReminders = async (db: Knex, count: number, at: number, people = PEOPLE): Promise<void> => {
  for (let from = 0; from < count; from += CHUNK)
    await db('reminders').insert(
      Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => ({ user_id: 1 + ((from + i) % people), kind: 'call-back-due', effect: `task:${from + i}:due:${at}`, about_kind: 'task', about_ref: String(from + i), params: '{"text":"Ivan","phone":""}', next_at: at, claim: null })), // prettier-ignore
    );
};

export interface NotificationFigures {
  reminders: number;
  /** ms from when they were due, with one worker killed. */
  allTold: number;
  twice: number;
  killedAt: number;
  floor: number;
  /** ms from an event to the page. */
  p50: number;
  p99: number;
  rowP50: number;
}

const countOf = async (db: Knex, table: string): Promise<number> => Number(((await db(table).count({ n: '*' })) as [{ n: number }])[0].n);

const remind = async (engine: Engine, count: number) => {
  const [{ freshDatabase }, { migrate, openDb }] = [await import('../support/db.ts'), await import('../../server/core/db.ts')];
  const dir = mkdtempSync(join(tmpdir(), 'allo-bench-'));
  const made = engine === 'mysql' ? await freshDatabase('mysql') : null;
  const url = made?.url ?? `sqlite:${join(dir, 'allo.db')}`;
  const db = made?.db ?? openDb(url);
  const children: ReturnType<typeof worker>[] = [];
  const worker = () => spawn(process.execPath, ['--import', 'tsx', 'test/support/take-reminders.ts'], { env: { ...process.env, DATABASE_URL: url, DATA_DIR: dir }, stdio: ['ignore', 'ignore', 'inherit'] }); // prettier-ignore
  const start = () => children[children.push(worker()) - 1]!;
  try {
    if (!made) await migrate(db);
    await fillReminders(db, count, Date.now());
    const from = performance.now();
    const victim = start();
    start();
    while ((await countOf(db, 'notifications')) < count / 4) await new Promise((resolve) => setTimeout(resolve, 20));
    victim.kill('SIGKILL');
    const killedAt = await countOf(db, 'notifications');
    start();
    while ((await countOf(db, 'reminders')) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const allTold = performance.now() - from;
    const all = (await db('notifications').pluck('effect')) as string[];
    await Promise.all(
      children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map((child) => once(child, 'exit')),
    );
    await db('notifications').delete();
    const before = performance.now();
    for (let done = 0; done < count; done += CHUNK)
      await db('notifications').insert(Array.from({ length: Math.min(CHUNK, count - done) }, (_, i) => ({ user_id: 1, kind: 'task-due', effect: `floor:${done + i}`, about_kind: 'task', about_ref: '1', params: '{}', created_at: 1, shown_at: 1 }))); // prettier-ignore
    return { allTold, killedAt, told: new Set(all).size, twice: all.length - new Set(all).size, floor: performance.now() - before };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await (made ? made.drop() : db.destroy());
    rmSync(dir, { recursive: true, force: true });
  }
};

const toBrowser = async (engine: Engine, events: number) => {
  const [{ startServer }, { openPage }] = [await import('../support/server.ts'), await import('../support/browser.ts')];
  const server = await startServer({ engine });
  try {
    const vera = await server.signIn('supervisor');
    const page = await openPage(server.url, vera.cookie());
    const taken: number[] = [];
    for (let i = 0; i < events; i++) {
      const from = performance.now();
      const there = once(page.ws, 'message');
      const notice = { kind: 'task-mentioned', effect: `bench:${i}`, about: { kind: 'task', ref: i }, params: { text: 'bench' } } as const;
      (await server.db.transaction((trx) => server.app.deps.notify(trx, [vera.userId], notice)))();
      await there;
      taken.push(performance.now() - from);
    }
    const rows: number[] = [];
    for (let i = 0; i < events; i++) {
      const from = performance.now();
      await server.db('notification_seen').insert({ user_id: 1_000 + i, seen_at: 1 });
      await server
        .db('notification_seen')
        .where('user_id', 1_000 + i)
        .first();
      rows.push(performance.now() - from);
    }
    page.ws.close();
    return { p50: percentile(taken, 0.5), p99: percentile(taken, 0.99), rowP50: percentile(rows, 0.5) };
  } finally {
    await server.close();
  }
};

/** All of it, at a size. */
export const notificationsOver = async (engine: Engine, size: { reminders: number; events: number }): Promise<NotificationFigures> => {
  const { told, ...figures } = await remind(engine, size.reminders);
  return { reminders: told, ...figures, ...(await toBrowser(engine, size.events)) };
};

export const run = async ({ scale }: BenchOptions): Promise<void> => {
  process.env.ALLO_TEST_MYSQL_URL ??= (await (await import('../stack/index.ts')).ensureStack({ parts: ['mariadb'] })).mariadbUrl;
  const f = await notificationsOver('mysql', { reminders: Math.round(100_000 * scale), events: Math.max(10, Math.round(1_000 * scale)) });
  console.log(`${f.reminders} reminders due at once: all told after ${(f.allTold / 1000).toFixed(1)} s, ${f.twice} twice; a worker was killed at ${f.killedAt}`); // prettier-ignore
  console.log(`floor: the bare rows ${(f.floor / 1000).toFixed(1)} s`);
  console.log(`event to browser: p50 ${f.p50.toFixed(1)} ms, p99 ${f.p99.toFixed(1)} ms; floor: a row written and read p50 ${f.rowP50.toFixed(1)} ms`); // prettier-ignore
};
