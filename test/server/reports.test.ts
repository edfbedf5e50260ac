import type { Knex } from 'knex';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { reportSources } from '../../server/report-sources.ts';
import { HOUR_MS } from '../../server/reports/cells.ts';
import { check, isNightDue, night } from '../../server/reports/check.ts';
import { periods, rebuild, sweep } from '../../server/reports/rollup.ts';
import type { RollupDeps } from '../../server/reports/rollup.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story, answered } from '../support/facts.ts';

const T = Date.UTC(2026, 10, 23, 9);
const ALL = ['report_visits', 'report_work', 'report_outcomes', 'report_resolution', 'report_states'];

test('marks that touch make one period, others stay apart', () => {
  const mark = (id: number, from: number, to: number) => ({ id, from_hour: T + from * HOUR_MS, to_hour: T + to * HOUR_MS });
  expect(periods([mark(3, 5, 5), mark(1, 0, 0), mark(2, 1, 2), mark(4, 1, 1)])).toEqual([
    { first: T, last: T + 2 * HOUR_MS, marks: [1, 2, 4] },
    { first: T + 5 * HOUR_MS, last: T + 5 * HOUR_MS, marks: [3] },
  ]);
});

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let deps: RollupDeps;
  let supervisor: Awaited<ReturnType<typeof centre.signIn>>;
  const rows = async (db: Knex) => Promise.all(ALL.map((table) => db(table).orderBy('hour')));
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    supervisor = await centre.signIn('supervisor');
    const { db } = centre;
    deps = {
      db,
      now: () => T + HOUR_MS - 1,
      ...reportSources(db, () => T + HOUR_MS - 1),
    };
  });
  beforeEach(async () => {
    for (const table of [...ALL, 'report_marks', 'report_counts', 'calls', 'agent_states']) await centre.db(table).delete();
    await centre.db('timeline').where('kind', 'call').delete();
  });
  afterAll(() => centre.close());

  const ask = (path: string, who = supervisor) => who.get(`/api/reports/${path}`);
  const period = `from=${T}&until=${T + HOUR_MS}`;
  const abandonedCall = (key: string, at: number, wait: number) =>
    new Story({ key }, at).queued(0, 'support').end(wait, 'queue', 'abandoned').hangup(wait, 'abandoned').facts;

  test('a call that ends marks its hours; the sweep counts them and takes the marks', async () => {
    await centre.write(answered('1.1', '101', T).facts);
    await centre.write(abandonedCall('1.2', T + 60_000, 30_000));
    expect(await centre.db('report_marks').pluck('from_hour')).toEqual([T, T]);
    await sweep(deps);
    expect(await centre.db('report_marks')).toEqual([]);
    const { status, body } = await ask(`queues?by=queue&${period}`);
    expect(status).toBe(200);
    expect(body.rows).toHaveLength(1);
    expect(body.rows[0]).toMatchObject({
      key: { queue: 'main:support' },
      figures: { offered: 2, answered: 1, abandoned: 1, slShort: 1 / 2, talk: 10_000 },
    });
    expect(body.total).toEqual(body.rows[0].figures);
    expect(body.asOf).toBe(T + HOUR_MS - 1);
    const operators = await ask(`operators?by=operator&${period}`);
    expect(operators.body.rows).toMatchObject([
      { key: { user: { id: centre.anna.userId } }, figures: { handled: 1, offers: 1, missedRate: 0 } },
    ]);
  });

  test('counted again, by whoever, however often: the same', async () => {
    for (let i = 0; i < 30; i += 1) await centre.write(i % 3 ? answered(`2.${i}`, '101', T + i * 1000).facts : abandonedCall(`2.${i}`, T + i * 1000, i * 700)); // prettier-ignore
    await sweep(deps);
    const first = await rows(centre.db);
    await Promise.all([sweep(deps), rebuild(deps, T, T + 1), sweep(deps)]);
    await rebuild(deps, T, T + HOUR_MS);
    expect(await rows(centre.db)).toEqual(first);
    expect(await check(deps, T, T + HOUR_MS)).toEqual([]);
  });

  test('what was changed behind its back is found and mended', async () => {
    await centre.write(answered('3.1', '101', T).facts);
    await sweep(deps);
    const right = await rows(centre.db);
    await centre.db('report_visits').update({ answered: 7 });
    expect(await check(deps, T - HOUR_MS, T + HOUR_MS)).toEqual([T]);
    expect(await rows(centre.db)).toEqual(right);
  });

  test('an outcome said later is counted; by time, by outcome', async () => {
    await centre.write(answered('4.1', '101', T).facts);
    await sweep(deps);
    await centre.anna.put('/api/calls/main:4.1/outcome', { outcome: 'sale', note: '' });
    await sweep(deps);
    expect((await ask(`outcomes?by=outcome&${period}`)).body.rows).toEqual([{ key: { outcome: 'sale' }, figures: { calls: 1, share: 1 } }]);
    const byHour = (await ask(`queues?by=hour&${period}`)).body;
    expect(byHour.rows).toMatchObject([{ key: { at: T }, figures: { offered: 1 } }]);
    expect((await ask(`queues?by=weekday&${period}`)).body.rows).toMatchObject([{ key: { n: 1 } }]); // a Monday
  });

  test('a call that nobody saw end is counted when it is closed', async () => {
    const story = new Story({ key: '5.1' }, T).queued(0, 'support');
    await centre.write(story.facts);
    await sweep(deps);
    expect((await ask(`queues?by=queue&${period}`)).body.total).toMatchObject({ offered: 1, waiting: 1 });
    await centre.write(story.end(9000, 'queue', 'abandoned').hangup(9000, 'abandoned').facts);
    await sweep(deps);
    expect((await ask(`queues?by=queue&${period}`)).body.total).toMatchObject({ offered: 1, waiting: 0, abandoned: 1 });
  });

  test('only the queues and operators asked for', async () => {
    await centre.write(answered('6.1', '101', T).facts);
    await centre.write(answered('6.2', '102', T).facts);
    await sweep(deps);
    expect((await ask(`queues?by=queue&queue=main:other&${period}`)).body.rows).toEqual([]);
    expect((await ask(`operators?by=operator&user=${centre.boris.userId}&${period}`)).body.rows).toHaveLength(1);
  });

  test('states by hour, occupancy', async () => {
    const state = (name: string, from: number, to: number) =>
      centre.db('agent_states').insert({ user_id: centre.anna.userId, state: name, reason: name === 'break' ? 'lunch' : null, started_at: T + from, ended_at: T + to }); // prettier-ignore
    await state('available', 0, 600_000);
    await state('talking', 600_000, 1_200_000);
    await state('break', 1_200_000, 1_500_000);
    await sweep(deps);
    const { figures } = (await ask(`operators?by=operator&${period}`)).body.rows[0];
    expect(figures).toMatchObject({ loggedIn: 1_500_000, occupancy: 0.5, utilisation: 0.4, onBreak: 300_000 });
    expect((await ask(`breaks?by=outcome&${period}`)).body.rows).toEqual([
      { key: { outcome: 'lunch' }, figures: { ms: 300_000, share: 1 } },
    ]);
  });

  test('staffing from the history', async () => {
    for (let i = 0; i < 40; i += 1) await centre.write(answered(`7.${i}`, '101', T - 7 * 24 * HOUR_MS + i * 60_000).facts);
    await rebuild(deps, T - 8 * 24 * HOUR_MS, T - 6 * 24 * HOUR_MS);
    const { body } = await ask('staffing?queue=main:support&weeks=2&shrinkage=0.5');
    expect(body.hours).toHaveLength(1);
    expect(body.hours[0]).toMatchObject({ calls: 20 });
    expect(body.hours[0].scheduled).toBe(body.hours[0].operators * 2);
  });

  test('not for operators, nor without a period', async () => {
    expect((await ask(`queues?by=queue&${period}`, centre.anna)).status).toBe(403);
    for (const bad of [
      'by=queue',
      `by=queue&from=${T}&until=${T}`,
      `by=nothing&${period}`,
      `by=queue&queue=x&${period}`,
      `by=queue&target=21&${period}`,
    ])
      expect((await ask(`queues?${bad}`)).status).toBe(400);
    expect((await supervisor.post('/api/reports/rebuild', { from: T, until: T + 1 })).status).toBe(403);
    expect((await centre.admin.post('/api/reports/rebuild', { from: T, until: T + 1 })).status).toBe(204);
  });

  test('first-call resolution: a client who calls again within a week; the night counts it once the week is over', async () => {
    const day = 24 * HOUR_MS;
    const night_ = { ...deps, now: () => T + 8 * day, ...reportSources(centre.db, () => T + 8 * day) };
    await centre.write(answered('8.1', '101', T).facts); // again after two days
    await centre.write(answered('8.2', '101', T + 2 * day).facts); // its window is open still
    await centre.write(answered('8.3', '102', T - day).facts); // again within the week, by 8.1
    await centre.write(new Story({ key: '8.4', from: '+79990000000' }, T).queued(0, 'support').end(10, 'queue', 'abandoned').hangup(10, 'abandoned').facts); // prettier-ignore
    await sweep(deps);
    const week = `from=${T - 2 * day}&until=${T + 3 * day}`;
    expect((await ask(`queues?by=queue&${week}`)).body.total).toMatchObject({ answered: 3, fcr: null, fcrCalls: 0 });
    expect(await night(night_)).toEqual([]);
    expect((await ask(`queues?by=queue&${week}`)).body.total).toMatchObject({ answered: 3, fcr: 0, fcrCalls: 2, repeated: 2 });
    const operators = (await ask(`operators?by=operator&${week}`)).body;
    expect(operators.total).toMatchObject({ handled: 3, fcrCalls: 2, repeated: 2 });
    expect(operators.rows.find((r: { key: { user: { id: number } } }) => r.key.user.id === centre.boris.userId).figures.fcrCalls).toBe(1);
    expect(await isNightDue(night_)).toBe(false);
    await centre.db('calls').where('linkedid', '8.1').update({ client_id: null }); // it was somebody else after all
    expect(await check(night_, T - 2 * day, T + 3 * day)).toEqual([T]); // the call of the day before is followed by 8.2 still
    expect((await ask(`queues?by=day&${week}`)).body.total).toMatchObject({ fcr: 0, fcrCalls: 1 });
  });

  test('the calls behind the figures: as many as the figure says, by every filter', async () => {
    await centre.write(answered('9.1', '101', T).facts);
    await centre.write(answered('9.2', '102', T + 1000).facts);
    await centre.write(abandonedCall('9.3', T + 2000, 3000));
    await centre.write(abandonedCall('9.4', T + 3000, 30_000));
    await centre.write(abandonedCall('9.5', T + HOUR_MS, 30_000));
    await sweep(deps);
    const log = async (query: string) => (await supervisor.get(`/api/calls/log?${period}&${query}`)).body.items.map((i: { call: { ref: string } }) => i.call.ref.slice(5)); // prettier-ignore
    expect(await log('kind=visits')).toEqual(['9.4', '9.3', '9.2', '9.1']);
    expect(await log('kind=answered&queue=main:support')).toEqual(['9.2', '9.1']);
    expect(await log('kind=answered&queue=main:other')).toEqual([]);
    expect(await log('kind=abandoned&waitedOver=5')).toEqual(['9.4']);
    expect(await log('kind=abandoned&waitedUpTo=5')).toEqual(['9.3']);
    expect(await log(`kind=handled&user=${centre.boris.userId}&queue=main:support`)).toEqual(['9.2']);
    expect(await log('kind=handled&queue=main:other')).toEqual([]);
    expect(await log('kind=missed')).toEqual([]);
    expect(await log('kind=repeated')).toEqual([]);
    expect(await log(`kind=repeated&user=${centre.anna.userId}`)).toEqual([]);
    expect(await log('kind=waiting')).toEqual([]);
    expect(await log('kind=visits&weekday=1')).toHaveLength(4);
    expect(await log('kind=visits&weekday=2')).toEqual([]);
    expect(await log('kind=visits&hour=12')).toHaveLength(4); // 9 UTC is noon in Moscow
    const first = (await supervisor.get(`/api/calls/log?${period}&kind=visits&limit=3`)).body;
    expect(first.items).toHaveLength(3);
    const rest = (await supervisor.get(`/api/calls/log?${period}&kind=visits&limit=3&after=${first.next}`)).body;
    expect(rest).toMatchObject({ items: [{ call: { ref: 'main:9.1' }, counted: { ms: 3990, endReason: 'answered' } }], next: null });
    expect((await centre.anna.get(`/api/calls/log?${period}&kind=visits`)).status).toBe(403);
    for (const bad of ['kind=all', 'kind=visits&queue=x', 'kind=visits&weekday=8', 'kind=visits&after=1'])
      expect((await supervisor.get(`/api/calls/log?${period}&${bad}`)).status).toBe(400);
  });

  test('each queue is measured by its own target, however the report is cut; one for all when it is asked for', async () => {
    const { db } = centre;
    const support = { pbx: 'main', name: 'support' };
    await db('queues')
      .insert({ ...support, label: '' })
      .onConflict(['pbx', 'name'])
      .ignore();
    const { id } = await db('queues').where(support).first('id');
    const queue = (await centre.admin.get('/api/queues')).body.items.find((q: { id: number }) => q.id === id);
    expect(queue).toMatchObject({ targetSeconds: 20, targetPercent: 80 });
    const wait = (key: string, name: string, ms: number) => {
      const story = new Story({ key }, T).queued(0, name).begin(0, 'offer', '101', name).end(ms, 'offer', 'answered', '101');
      return story.end(ms, 'queue', 'answered').begin(ms, 'talk', '101').end(ms + 1000, 'talk', 'customer', '101').hangup(ms + 1000, 'completed').facts; // prettier-ignore
    };
    await centre.write(wait('12.1', 'support', 15_000));
    await centre.write(wait('12.2', 'support', 4000));
    await centre.write(wait('12.3', 'unknown', 15_000)); // which Allo does not have: 80 % within 20 s
    await sweep(deps);
    const edit = { targetSeconds: 10, targetPercent: 90, version: queue.version };
    for (const bad of [{ targetSeconds: 7 }, { targetPercent: 0 }, { targetPercent: 101 }])
      expect((await centre.admin.patch(`/api/queues/${id}`, { ...edit, ...bad })).status).toBe(400);
    expect((await centre.admin.patch(`/api/queues/${id}`, edit)).body.queue).toMatchObject({ targetSeconds: 10, targetPercent: 90 });
    const { rows, total } = (await ask(`queues?by=queue&${period}`)).body;
    expect(rows).toMatchObject([
      { key: { queue: 'main:support' }, figures: { slShort: 1 / 2, target: 10, goal: 0.9 } },
      { key: { queue: 'main:unknown' }, figures: { slShort: 1, target: 20, goal: 0.8 } },
    ]);
    expect(total).toMatchObject({ slShort: 2 / 3, target: null, goal: null });
    expect((await ask(`queues?by=hour&${period}`)).body.rows).toMatchObject([{ figures: { slShort: 2 / 3, target: null, goal: null } }]);
    expect((await ask(`queues?by=day&queue=main:support&${period}`)).body.rows).toMatchObject([
      { figures: { slStrict: 1 / 2, target: 10, goal: 0.9 } },
    ]);
    expect((await ask(`queues?by=hour&target=5&${period}`)).body.total).toMatchObject({ slAnswered: 1 / 3, target: 5, goal: null });
    const log = async (query: string) => (await supervisor.get(`/api/calls/log?${period}&kind=answered&${query}`)).body.items.map((i: { call: { ref: string } }) => i.call.ref.slice(5)).sort(); // prettier-ignore
    expect(await log('waitedUpTo=own')).toEqual(['12.2', '12.3']);
    expect(await log('waitedUpTo=own&queue=main:support')).toEqual(['12.2']);
    await rebuild(deps, T - 8 * 24 * HOUR_MS, T);
    expect((await ask('staffing?queue=main:support')).body).toMatchObject({ target: 10, level: 0.9 });
    expect((await ask('staffing?queue=main:support&target=20&level=0.7')).body).toMatchObject({ target: 20, level: 0.7 });
  });

  test('a filter that a report has no use for is no fault', async () => {
    await centre.write(answered('10.1', '101', T).facts);
    await sweep(deps);
    const both = `${period}&user=${centre.anna.userId}&queue=main:support`;
    for (const name of ['queues?by=queue', 'operators?by=operator', 'operators?by=day', 'outcomes?by=outcome', 'breaks?by=outcome'])
      expect((await ask(`${name}&${both}`)).status, name).toBe(200);
  });

  test('a report as a file: no cell that a spreadsheet evaluates, the words of the screen, audited', async () => {
    await centre.db('queues').insert({ pbx: 'main', name: 'support', label: '' }).onConflict(['pbx', 'name']).ignore();
    await centre.write(answered('11.1', '101', T).facts);
    await centre.write(abandonedCall('11.2', T + 60_000, 30_000));
    await sweep(deps);
    const draft = {
      report: 'queues',
      format: 'csv',
      language: 'ru',
      query: { by: 'queue', from: T, until: T + HOUR_MS },
      words: {
        key: '@Очередь',
        total: 'Итого',
        columns: [
          { name: 'offered', label: '=1+1', kind: 'count' },
          { name: 'slShort', label: 'SL; "T"', kind: 'share' },
          { name: 'asa', label: 'ASA', kind: 'ms' },
          { name: 'fcr', label: 'FCR', kind: 'share' },
          { name: 'constructor', label: '\tx', kind: 'count' },
        ],
        keys: { 'main:support': '=HYPERLINK("http://x")' },
      },
    };
    const save = async (change: object, who = supervisor) =>
      fetch(`${centre.url}/api/reports/export`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: who.cookie() },
        body: JSON.stringify({ ...draft, ...change }),
      });
    const csv = await save({});
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="allo-queues-2026-11-23-2026-11-23.csv"');
    const bytes = Buffer.from(await csv.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.subarray(3).toString().split('\r\n')).toEqual([
      `'@Очередь;'=1+1;"SL; ""T""";ASA;FCR;'\tx`,
      `"'=HYPERLINK(""http://x"")";2;50,0%;0:00:04;;`,
      'Итого;2;50,0%;0:00:04;;',
      '',
    ]);
    const book = unzipSync(new Uint8Array(await (await save({ format: 'xlsx' })).arrayBuffer()));
    const xml = (name: RegExp) => strFromU8(book[Object.keys(book).find((file) => name.test(file))!]!);
    expect(xml(/sheet1\.xml$/)).not.toContain('<f>');
    expect(
      Object.keys(book)
        .map((file) => strFromU8(book[file]!))
        .join(),
    ).toContain('=HYPERLINK(');
    const audit = await centre.db('audit').where({ what: 'reports.exported', actor_id: supervisor.userId });
    expect(audit.map((row: { details: string }) => JSON.parse(row.details) as object)).toMatchObject([
      { format: 'csv', rows: 1 },
      { format: 'xlsx' },
    ]);
    expect((await save({}, centre.anna)).status).toBe(403);
    for (const bad of [{ format: 'pdf' }, { report: 'users' }, { query: {} }, { words: {} }]) expect((await save(bad)).status).toBe(400);
  });
});
