import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Knex } from 'knex';
import { emptyMailbox } from '../../server/complaints/mailbox.ts';
import { sweepComplaints } from '../../server/complaints/jobs.ts';
import { complaintReport } from '../../server/complaints/report.ts';
import { listComplaints } from '../../server/complaints/rows.ts';
import { readTiming } from '../../server/complaints/timing.ts';
import type { Engine } from '../support/db.ts';
import { haveDovecot, startDovecot } from '../support/dovecot.ts';
import type { TestServer } from '../support/server.ts';
import type { BenchOptions } from './run.ts';
import { timed } from '../support/bench/percentile.ts';
import type { Timed } from '../support/bench/percentile.ts';

/**
 * A million complaints, 20,000 of them open with three running clocks each: the queue by time left, page after page and by scope, beside a bare read of
 * as many rows by primary key; reports of a quarter and of the whole year over which the million is spread, beside a bare sum over the same index; the
 * sweep of the clocks with nothing due and with one in a hundred due; letters taken in from a dovecot.
 */

const PAGE = 50;
/** SQLite takes five hundred. */
const BATCH = 400;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Rows as the program would have left them; what is open is timed with the policies that are there, so that the sweep finds nothing to count anew. */
export const fillComplaints = async (server: TestServer, all: number, open: number, now: number): Promise<void> => {
  const { db } = server;
  const year = new Date(now).getUTCFullYear();
  await db('complaint_numbers').insert({ year, last: all });
  const { signature } = await readTiming(server.app.deps);
  const ids = (kind: string) => db('complaint_categories').where({ kind }).pluck('id') as Promise<number[]>;
  const [categories, causes] = [await ids('category'), await ids('cause')];
  const [policy_id] = (await db('complaint_policies').limit(1).pluck('id')) as [number];
  const step = (365 * DAY) / all;
  for (let from = 1; from <= all; from += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, all - from + 1) }, (_, i) => from + i);
    const rows = ids.map((id) => {
      const isOpen = id > all - open;
      // due in the coming hours, none before an hour from now
      const due = now + HOUR + ((id * 7_919) % 40_000) * 1_000;
      const registered = Math.round(now - (all - id) * step);
      return { id, number: `C-${year}-${String(id).padStart(6, '0')}`, client_id: id % 100_000, category_id: categories[id % categories.length]!, cause_id: isOpen ? null : causes[(id * 7) % causes.length]!, product: `Product ${(id * 13) % 200}`, severity: 'normal', channel: 'phone', subject: `Complaint ${id}`, status: isOpen ? 'in-work' : 'closed', is_open: isOpen ? 1 : 0, place: isOpen ? due : 9_000_000_000_000_000 - id, owner_id: id % 50, department_id: id % 20, registered_at: registered, updated_at: now, resolved_at: isOpen ? null : registered + HOUR * (1 + (id % 50)), closed_at: isOpen ? null : now, late_at: isOpen ? due : id % 9 === 0 ? registered + HOUR : null, policy_id, repeat_of: id % 12 === 0 ? id - 1 : null, timed_with: isOpen ? signature : '', token: `t${id}`, version: 1 }; // prettier-ignore
    });
    await db('complaints').insert(rows);
    const few = rows.filter(({ id }) => id % 8 === 0);
    if (few.length > 0) {
      await db('complaint_compensations').insert(few.map(({ id, registered_at }) => ({ complaint_id: id, registered_at, kind: 'money', amount: id % 900_00, currency: 'RUB', note: '', state: 'approved', user_id: 1, at: registered_at }))); // prettier-ignore
      await db('complaint_moves').insert(few.map(({ id, registered_at }) => ({ complaint_id: id, kind: 'status', from_value: 'new', to_value: 'in-work', user_id: 1, at: registered_at + HOUR, version: 2, spent_ms: HOUR }))); // prettier-ignore
    }
    const clocks = rows.flatMap((row) => (row.is_open === 0 ? [] : (['first-answer', 'next-answer', 'resolve'] as const).map((kind, i) => ({ complaint_id: row.id, kind, round: 1, started_at: now, target_ms: HOUR * 8, due_at: row.place + i, alarm_at: row.place + i, alarm: 'breach' })))); // prettier-ignore
    for (let i = 0; i < clocks.length; i += BATCH) await db('complaint_clocks').insert(clocks.slice(i, i + BATCH));
  }
};

/** @returns what each question takes */
export const queueOver = async (db: Knex, times: number): Promise<Timed[]> => {
  const ask = { open: true, limit: PAGE } as const;
  let after: string | null = null;
  const [{ most }] = (await db('complaints').max({ most: 'id' })) as [{ most: number }];
  return [
    await timed('floor: 50 rows by primary key', times, (i) => db('complaints').where('id', '>', (i * 997) % most).orderBy('id').limit(PAGE)), // prettier-ignore
    await timed('queue, first page', times, () => listComplaints(db, {}, ask)),
    await timed('queue, page after page', times, async () => {
      const page: Awaited<ReturnType<typeof listComplaints>> = await listComplaints(db, {}, { ...ask, ...(after !== null && { after }) });
      after = page.next;
    }),
    await timed('mine', times, (i) => listComplaints(db, { ownerIds: [i % 50] }, ask)),
    await timed('my department', times, (i) => listComplaints(db, { departmentId: i % 20 }, ask)),
    await timed('board, one status', times, () => listComplaints(db, {}, { ...ask, status: 'in-work' })),
    await timed('of a client', times, (i) => listComplaints(db, { clientId: i * 31 }, ask)),
  ];
};

/** Reports as their pages ask them, beside what the database takes to add up one column of the same index at once. */
const reportsOver = async (server: TestServer, times: number, now: number): Promise<Timed[]> => {
  const { db } = server;
  const { deps } = server.app;
  const spans = { quarter: now - 91 * DAY, year: now - 364 * DAY };
  const figures: Timed[] = [];
  for (const [name, from] of Object.entries(spans)) {
    figures.push(await timed(`floor: bare sum over the index, a ${name}`, times, () => db('complaints').where('registered_at', '>=', from).where('registered_at', '<', now).sum('is_open'))); // prettier-ignore
    for (const by of ['cause', 'product', 'operator', 'weeks', 'statuses'] as const)
      figures.push(
        await timed(`report by ${by}, a ${name}`, times, () => complaintReport(deps, { by, from, until: now }, 'Europe/Moscow')),
      );
  }
  figures.push(await timed('report of ageing', times, () => complaintReport(deps, { by: 'ageing', from: spans.quarter, until: now }, 'Europe/Moscow'))); // prettier-ignore
  return figures;
};

const letter = (i: number) => `From: Client ${i} <client${i}@mail.example>\r\nTo: care@shop.example\r\nMessage-ID: <bench${i}@mail.example>\r\nSubject: Letter ${i}\r\n\r\nWhere is my parcel ${i}?\r\n`; // prettier-ignore

/** A worker takes them in, is killed in the middle, and another goes on. */
const takenByTheKilled = async ({ db, config }: TestServer, mailbox: string, letters: number): Promise<void> => {
  const env = { ...process.env, DATABASE_URL: config.databaseUrl, DATA_DIR: config.dataDir, COMPLAINTS_IMAP_URL: mailbox };
  const worker = () => spawn(process.execPath, ['--import', 'tsx', 'test/support/take-mail.ts'], { env, stdio: ['ignore', 'ignore', 'inherit'] }); // prettier-ignore
  const first = worker();
  const gone = once(first, 'exit');
  const came = async () => Number(((await db('complaint_mails').count({ n: '*' })) as [{ n: number }])[0].n);
  while (first.exitCode === null && (await came()) < letters / 3) await new Promise((resolve) => setTimeout(resolve, 20));
  first.kill('SIGKILL');
  await gone;
  const [code] = (await once(worker(), 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the second worker ended with ${code}`);
};

/** All of it, at a size. @returns figures, and how many of the letters came to one complaint each */
export const complaintsOver = async (engine: Engine, size: { all: number; open: number; times: number; letters: number }) => {
  const { startServer } = await import('../support/server.ts'); // it reads ALLO_TEST_MYSQL_URL
  const mail = size.letters > 0 && haveDovecot() ? await startDovecot() : null;
  const server = await startServer({ engine, env: mail ? { COMPLAINTS_IMAP_URL: mail.url } : {} });
  try {
    const now = Date.now();
    await fillComplaints(server, size.all, size.open, now);
    const figures = await queueOver(server.db, size.times);
    figures.push(...(await reportsOver(server, Math.min(3, size.times), now)));
    figures.push(await timed(`sweep of ${size.open * 3} running clocks, nothing due`, 5, () => sweepComplaints(server.app.deps)));
    const due = Math.ceil(size.open / 100);
    const some = (await server.db('complaints').where('is_open', 1).limit(due).pluck('id')) as number[];
    await server
      .db('complaint_clocks')
      .whereIn('complaint_id', some)
      .where('kind', 'first-answer')
      .update({ alarm_at: now - 1 });
    figures.push(await timed(`sweep with ${due} due`, 1, () => sweepComplaints(server.app.deps)));
    let taken: { letters: number; ms: number } | null = null;
    if (mail) {
      await mail.deliver(...Array.from({ length: size.letters }, (_, i) => letter(i)));
      const from = performance.now();
      // another process sees no database in memory
      if (server.config.databaseUrl.endsWith(':memory:')) await emptyMailbox(server.app.deps);
      else await takenByTheKilled(server, mail.url, size.letters);
      const subjects = (await server.db('complaints').where('channel', 'email').pluck('subject')) as string[];
      if (subjects.length !== size.letters || new Set(subjects).size !== size.letters) throw new Error(`of ${size.letters} letters ${new Set(subjects).size} came, as ${subjects.length} complaints`); // prettier-ignore
      taken = { letters: subjects.length, ms: performance.now() - from };
    }
    return { figures, taken };
  } finally {
    await server.close();
    await mail?.stop();
  }
};

export const run = async ({ scale }: BenchOptions): Promise<void> => {
  process.env.ALLO_TEST_MYSQL_URL ??= (await (await import('../stack/index.ts')).ensureStack({ parts: ['mariadb'] })).mariadbUrl;
  const size = { all: Math.round(1_000_000 * scale), open: Math.round(20_000 * scale), times: 300, letters: Math.round(1_000 * scale) };
  const { figures, taken } = await complaintsOver('mysql', size);
  for (const { what, p50, p99 } of figures) console.log(`${what.padEnd(48)} p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`);
  if (taken) console.log(`${taken.letters} letters taken in from dovecot, none lost or doubled though the worker was killed in between, in ${(taken.ms / 1000).toFixed(1)} s, ${((taken.letters / taken.ms) * 60_000).toFixed(0)} a minute`); // prettier-ignore
};
