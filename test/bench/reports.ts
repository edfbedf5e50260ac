import type { Knex } from 'knex';
import { openDb, migrate } from '../../server/core/db.ts';
import { TARGET_SECONDS } from '../../server/queues/contract.ts';
import { reportSources } from '../../server/report-sources.ts';
import { HOUR_MS, VISIT_SUMS, WORK_SUMS } from '../../server/reports/cells.ts';
import { ReportQuery } from '../../server/reports/contract.ts';
import { rebuild } from '../../server/reports/rollup.ts';
import { breakReport, operatorReport, outcomeReport, queueReport } from '../../server/reports/service.ts';
import { createRandom } from '../../server/demo/random.ts';
import { ensureStack } from '../stack/index.ts';
import type { BenchOptions } from './run.ts';

/**
 * Any report of a month over a year of 20 million calls (200 queues, 500 operators), and the roll-up of a day of 200,000 calls out of the log; on
 * MariaDB, beside the bare SQL: the same sums over the whole table of that month; of the day, reading its segments.
 */
const YEAR_HOURS = 365 * 24;
const QUEUES = 200;
const OPERATORS = 500;
const CALLS_A_DAY = 200_000;
const DAY = Date.UTC(2026, 9, 15);
const YEAR = Date.UTC(2026, 0, 1);
/** Each operator works 8 hours a day, each hour for so many queues. */
const SERVED = 3;

/** Targets of several kinds, as their owners would set them. */
const BRIEFS = new Map(
  Array.from({ length: QUEUES }, (_, q) => [`main:queue-${q}`, { label: '', target: { seconds: TARGET_SECONDS[q % 4]!, percent: 70 + (q % 3) * 10 } }]),
); // prettier-ignore

const BATCH = 400;
const insertAll = async (db: Knex, table: string, rows: readonly object[]): Promise<void> => {
  for (let i = 0; i < rows.length; i += BATCH) await db(table).insert(rows.slice(i, i + BATCH));
};

const numbered = <K extends string>(names: readonly K[], make: (name: K) => number): Record<K, number> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, number>;

/** The sums of a year, as its calls would have left them. @returns how many rows */
export const fillYear = async (db: Knex, hours: number): Promise<number> => {
  const random = createRandom(5);
  let written = 0;
  for (let h = 0; h < hours; h += 24) {
    const rows = { visits: [] as object[], work: [] as object[], states: [] as object[], outcomes: [] as object[] };
    for (let hour = h; hour < Math.min(h + 24, hours); hour++) {
      const at = { hour: YEAR + hour * HOUR_MS };
      const place = (q: number) => ({ ...at, pbx: 'main', queue: `queue-${q}` });
      for (let q = 0; q < QUEUES; q++) rows.visits.push({ ...place(q), ...numbered(VISIT_SUMS, () => random.int(0, 12)) });
      for (let user = 1; user <= OPERATORS; user++) {
        if ((hour + user) % 24 >= 8) continue;
        for (let i = 0; i < SERVED; i++) {
          const of = { ...place((user * SERVED + i) % QUEUES), user_id: user };
          rows.work.push({ ...of, direction: 'in', ...numbered(WORK_SUMS, () => random.int(0, 600)) });
          rows.outcomes.push({ ...of, outcome: random.pick(['sale', 'refused', 'question', 'other']), calls: random.int(1, 5) });
        }
        for (const [state, reason] of [
          ['available', ''],
          ['talking', ''],
          ['wrap-up', ''],
          ['ringing', ''],
          ['break', 'lunch'],
        ] as const)
          rows.states.push({ ...at, user_id: user, state, reason, ms: 720_000 });
      }
    }
    await db.transaction(async (trx) => {
      await insertAll(trx, 'report_visits', rows.visits);
      await insertAll(trx, 'report_work', rows.work);
      await insertAll(trx, 'report_states', rows.states);
      await insertAll(trx, 'report_outcomes', rows.outcomes);
    });
    written += rows.visits.length + rows.work.length + rows.states.length + rows.outcomes.length;
  }
  return written;
};

/** A day of the log: each call waits, is offered, is answered or given up. */
export const fillDay = async (db: Knex, calls: number): Promise<void> => {
  const random = createRandom(6);
  for (let first = 0; first < calls; first += 2_000) {
    const [rows, segments]: [object[], object[]] = [[], []];
    for (let i = first; i < Math.min(calls, first + 2_000); i++) {
      const at = DAY + Math.floor((i / calls) * 23 * HOUR_MS);
      const [wait, talk, lost] = [random.int(1, 60) * 1000, random.int(20, 400) * 1000, random.int(0, 9) === 0];
      const end = lost ? at + wait : at + wait + talk;
      const user_id = random.int(1, OPERATORS);
      const queue = `queue-${(user_id * SERVED + random.int(0, SERVED - 1)) % QUEUES}`;
      rows.push({ id: i + 1, pbx: 'main', linkedid: `${i}.1`, direction: 'in', queue, started_at: at, answered_at: lost ? null : at + wait, ended_at: end, end_reason: lost ? 'abandoned' : 'completed' }); // prettier-ignore
      const add = (kind: string, from: number, to: number, end_reason: string, more: object) =>
        segments.push({ call_id: i + 1, segment_key: `${kind}:${segments.length}`, kind, queue, started_at: from, ended_at: to, end_reason, user_id: null, ...more }); // prettier-ignore
      add('ivr', at, at, 'moved', {});
      add('queue', at, at + wait, lost ? 'abandoned' : 'answered', {});
      add('offer', at + wait / 2, at + wait, lost ? 'cancelled' : 'answered', { user_id });
      if (!lost) add('talk', at + wait, end, 'customer', { user_id });
      if (!lost) add('hold', at + wait + talk / 2, at + wait + talk / 2 + 3000, 'agent', { user_id });
    }
    await db.transaction(async (trx) => {
      await insertAll(trx, 'calls', rows);
      await insertAll(trx, 'call_segments', segments);
    });
  }
};

const timed = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
  const start = performance.now();
  const value = await work();
  return [performance.now() - start, value];
};

export interface ReportFigure {
  what: string;
  ms: number;
  floorMs: number;
  rows: number;
}

export const ask = async (db: Knex, from: number, until: number, rounds: number): Promise<ReportFigure[]> => {
  const briefs = (ids: readonly number[]) => Promise.resolve(new Map(ids.map((id) => [id, { id, name: `Operator ${id}`, role: 'operator' as const }]))); // prettier-ignore
  const deps = { db, now: Date.now, directory: { briefs }, queueBriefs: () => Promise.resolve(BRIEFS) } as unknown as Parameters<
    typeof queueReport
  >[0];
  const query = (by: string) => ReportQuery.parse({ from, until, by });
  const zone = 'Europe/Moscow';
  const bare = (table: string, columns: readonly string[], by: string) => () =>
    db(table).where('hour', '>=', from).where('hour', '<', until).groupBy(by).select(by, ...columns.map((c) => db.raw('SUM(??) AS ??', [c, c]))); // prettier-ignore
  const asked: [string, () => Promise<{ rows: unknown[] }>, () => Promise<unknown>][] = [
    ['queues', () => queueReport(deps, query('queue'), zone), bare('report_visits', VISIT_SUMS, 'queue')],
    ['queues by day', () => queueReport(deps, query('day'), zone), bare('report_visits', VISIT_SUMS, 'hour')],
    ['queues by hour of day', () => queueReport(deps, query('hourOfDay'), zone), bare('report_visits', VISIT_SUMS, 'hour')],
    ['operators', () => operatorReport(deps, query('operator'), zone), bare('report_work', WORK_SUMS, 'user_id')],
    ['operators by day', () => operatorReport(deps, query('day'), zone), bare('report_work', WORK_SUMS, 'hour')],
    ['outcomes', () => outcomeReport(deps, query('outcome'), zone), bare('report_outcomes', ['calls'], 'outcome')],
    ['breaks', () => breakReport(deps, query('outcome'), zone), bare('report_states', ['ms'], 'state')],
  ];
  const figures: ReportFigure[] = [];
  for (const [what, report, floor] of asked) {
    const times: number[] = [];
    const floors: number[] = [];
    let rows = 0;
    for (let i = 0; i < rounds; i++) {
      const [ms, answer] = await timed(report);
      times.push(ms);
      rows = answer.rows.length;
      floors.push((await timed(floor))[0]);
    }
    const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
    figures.push({ what, ms: median(times), floorMs: median(floors), rows });
  }
  return figures;
};

export const rollUp = async (db: Knex): Promise<ReportFigure> => {
  const now = () => DAY + 2 * 24 * HOUR_MS;
  const [ms] = await timed(() => rebuild({ db, now, ...reportSources(db, now) }, DAY, DAY + 24 * HOUR_MS));
  const [floorMs] = await timed(() => db('calls as c').join('call_segments as s', 's.call_id', 'c.id').where('c.started_at', '>=', DAY).where('c.started_at', '<', DAY + 24 * HOUR_MS).groupBy('s.kind').select('s.kind').count({ n: '*' })); // prettier-ignore
  const [{ n }] = (await db('report_visits').where('hour', '>=', DAY).where('hour', '<', DAY + 24 * HOUR_MS).sum({ n: 'entered' })) as [{ n: number }]; // prettier-ignore
  return { what: 'roll-up of the day', ms, floorMs, rows: Number(n) };
};

export const run = async ({ scale }: BenchOptions): Promise<void> => {
  const { mariadbUrl, createDatabase } = await ensureStack({ parts: ['mariadb'] });
  await createDatabase('bench_reports');
  const db = openDb(mariadbUrl.replace(/[^/]+$/, 'bench_reports'));
  try {
    await migrate(db);
    const hours = Math.max(48, Math.round(YEAR_HOURS * scale));
    const [filled, rows] = await timed(() => fillYear(db, hours));
    console.log(`${rows} rows of sums for ${hours} hours in ${(filled / 1000).toFixed(0)} s`);
    const until = YEAR + hours * HOUR_MS;
    const month = await ask(db, Math.max(YEAR, until - 31 * 24 * HOUR_MS), until, 3);
    const calls = Math.round(CALLS_A_DAY * scale);
    await fillDay(db, calls);
    const day = await rollUp(db);
    console.log(`${'ms'.padEnd(28)}${['median', 'bare SQL', 'rows'].map((head) => head.padStart(10)).join('')}`);
    for (const f of [...month, day])
      console.log(`${f.what.padEnd(28)}${f.ms.toFixed(0).padStart(10)}${f.floorMs.toFixed(0).padStart(10)}${String(f.rows).padStart(10)}`);
    console.log(`wanted: a month below 1000 ms: ${month.every((f) => f.ms < 1000) ? 'kept' : 'NOT kept'}; the day of ${calls} calls below 5000 ms: ${day.ms < 5000 ? 'kept' : 'NOT kept'}`); // prettier-ignore
  } finally {
    await db.destroy();
  }
};
