import type { Knex } from 'knex';
import { partsBetween } from '../../server/meetings/queries.ts';
import type { Engine } from '../support/db.ts';
import type { TestServer } from '../support/server.ts';
import type { BenchOptions } from './run.ts';
import { timed } from '../support/bench/percentile.ts';
import type { Timed } from '../support/bench/percentile.ts';

/**
 * A million events of two years in the calendars of 500 people, one in fifty of which repeats every week: the week of a team of 30 and the first free
 * times of 12 people and a room over four weeks, as the pages ask for them; beside the bare ranges of the index, and beside as many rows read by their
 * primary key.
 */

const PEOPLE = 500;
const TEAM = 30;
const BUSY = 12;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** SQLite takes five hundred. */
const BATCH = 300;
const REPEATS_EVERY = 50;

/** Monday, midnight in Moscow, of the week around which the two years lie. */
const mondayOf = (now: number): number => {
  const day = Math.floor((now + 3 * HOUR) / DAY);
  return (day - ((day + 3) % 7)) * DAY - 3 * HOUR;
};

const peopleOf = async (server: TestServer, password: string): Promise<number[]> => {
  const had = (await server.db('users').pluck('id')) as number[];
  for (let from = had.length; from < PEOPLE; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, PEOPLE - from) }, (_, i) => ({ login: `bench${from + i}`, name: `Bench ${from + i}`, role: 'operator', password_hash: password, created_at: 1, language: 'en', time_zone: 'Europe/Moscow' })); // prettier-ignore
    await server.db('users').insert(rows);
  }
  server.bus.emit('user.changed', { id: 0 });
  return (await server.db('users').orderBy('id').pluck('id')) as number[];
};

/** Rows as the program would have left them. */
const fill = async (db: Knex, users: readonly number[], all: number, monday: number): Promise<void> => {
  const days = 730;
  for (let from = 1; from <= all; from += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, all - from + 1) }, (_, i) => from + i);
    const made = ids.map((id) => {
      // spread over the days; each person's fall on all hours of work in their turn
      const starts_at = monday + (((id * 7919) % days) - days / 2) * DAY + (9 + ((id * 31) % 36) / 4) * HOUR;
      const repeats = id % REPEATS_EVERY === 0;
      const minutes = 30;
      const until_at = repeats ? starts_at + 7 * 10 * DAY + minutes * 60_000 : starts_at + minutes * 60_000;
      const start = new Date(starts_at + 3 * HOUR).toISOString().slice(0, 16);
      const last = new Date(starts_at + 3 * HOUR + 70 * DAY).toISOString().slice(0, 16);
      const owner_id = users[id % users.length]!;
      return { row: { id, uid: `bench-${id}@allo`, occurrence: '', owner_id, kind: 'meeting', title: `Event ${id}`, place: '', note: '', time_zone: 'Europe/Moscow', start, minutes, all_day: 0, rule: repeats ? 'FREQ=WEEKLY;COUNT=11' : null, last_start: repeats ? last : null, except: '[]', starts_at, until_at, version: 1, created_at: 1 }, span: repeats ? 2 : 0 }; // prettier-ignore
    });
    await db('meetings').insert(made.map(({ row }) => row));
    await db('meeting_people').insert(made.map(({ row, span }) => ({ meeting_id: row.id, user_id: row.owner_id, answer: 'accepted', span, starts_at: row.starts_at, until_at: row.until_at }))); // prettier-ignore
  }
};

export const meetingsOver = async (engine: Engine, { all, times }: { all: number; times: number }): Promise<{ figures: Timed[]; slots: number; free: number }> => {
  const { startServer } = await import('../support/server.ts'); // it reads ALLO_TEST_MYSQL_URL
  const server = await startServer({ engine });
  try {
    const asker = await server.signIn('manager');
    const [{ password_hash }] = (await server.db('users').limit(1).select('password_hash')) as [{ password_hash: string }];
    const monday = mondayOf(Date.now());
    const users = await peopleOf(server, password_hash);
    await fill(server.db, users, all, monday);
    const room = (await asker.post('/api/meetings/resources', { name: 'Bench room' })).body.resource.id as number;
    const team = (i: number, many: number) => Array.from({ length: many }, (_, k) => users[(i * 37 + k) % users.length]!);
    const ok = async (path: string): Promise<{ items: unknown[] }> => {
      const reply = await asker.get(path);
      if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
      return reply.body as { items: unknown[] };
    };
    let [slots, free] = [0, 0];
    const week = (i: number) => monday + ((i % 20) - 10) * 7 * DAY;
    const timeline = (i: number) => ok(`/api/meetings?from=${week(i)}&to=${week(i) + 7 * DAY}&users=${team(i, TEAM).join()}`);
    const find = (i: number) => ok(`/api/meetings/free?days=28&minutes=60&users=${team(i, BUSY).join()}&resources=${room}&limit=6`);
    await timeline(0);
    await find(0);
    const figures = [
      await timed(`team timeline, ${TEAM} people x a week`, times, async (i) => void (slots += (await timeline(i)).items.length)),
      await timed('  bare: its ranges of the index', times, (i) => partsBetween(server.db, 'user_id', team(i, TEAM), week(i), week(i) + 7 * DAY)),
      await timed('  bare: as many rows by primary key', times, (i) => server.db('meetings').whereIn('id', Array.from({ length: Math.max(1, Math.round(slots / times)) }, (_, k) => 1 + ((i * 997 + k * 31) % all)))),
      await timed(`find a time, ${BUSY} people and a room x 4 weeks`, times, async (i) => void (free += (await find(i)).items.length)),
      await timed('  bare: its ranges of the index', times, (i) => partsBetween(server.db, 'user_id', team(i, BUSY), Date.now(), Date.now() + 28 * DAY)),
    ];
    return { figures, slots, free };
  } finally {
    await server.close();
  }
}; // prettier-ignore

export const run = async ({ scale }: BenchOptions): Promise<void> => {
  process.env.ALLO_TEST_MYSQL_URL ??= (await (await import('../stack/index.ts')).ensureStack({ parts: ['mariadb'] })).mariadbUrl;
  const { figures, slots, free } = await meetingsOver('mysql', { all: Math.round(1_000_000 * scale), times: 200 });
  for (const { what, p50, p99 } of figures) console.log(`${what.padEnd(48)} p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`);
  console.log(`${(slots / 200).toFixed(0)} events a week of a team, ${(free / 200).toFixed(1)} free times found`);
};
