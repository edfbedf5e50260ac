import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseCel, parseQueueLog } from '../../cti/journal/records.ts';
import { openJournal } from '../../cti/index.ts';
import type { Fact, JournalCall } from '../../cti/index.ts';
import { settleCalls } from '../../server/calls/settle.ts';
import { isClean, reconcile } from '../../server/calls/reconcile.ts';
import { createJournalKeeper } from '../../server/journal/keeper.ts';
import type { JournalPorts } from '../../server/journal/keeper.ts';
import { openPlace } from '../../server/journal/place.ts';
import { keepingLog } from '../support/cti.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase, engines, freshDatabase } from '../support/db.ts';
import { replayBytes } from '../support/replay.ts';

const DIR = new URL('../fixtures/journal/', import.meta.url);
const NAMES = ['queue-answered', 'queue-abandoned', 'blind-transfer', 'attended-transfer', 'pickup-queue', 'hold-resume'];
const facts = (name: string): Fact[] => replayBytes(readFileSync(new URL(`${name}.ami`, DIR))).facts.filter((fact) => 'call' in fact);

/** A PBX's folder with the journals of these calls. */
const spoolOf = (names: readonly string[]) => {
  const spool = mkdtempSync(join(tmpdir(), 'spool-'));
  mkdirSync(join(spool, 'log/cel-custom'), { recursive: true });
  add(spool, names);
  return spool;
};
const add = (spool: string, names: readonly string[]) => {
  for (const name of names) {
    appendFileSync(join(spool, 'log/cel-custom/allo.csv'), readFileSync(new URL(`${name}.cel.csv`, DIR)));
    appendFileSync(join(spool, 'log/queue_log'), readFileSync(new URL(`${name}.queue_log`, DIR)));
  }
};

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let spool: string;
  let found: readonly JournalCall[];
  beforeAll(async () => {
    centre = await startCallCentre(engine);
  });
  afterAll(() => centre.close());
  beforeEach(async () => {
    for (const table of ['calls', 'journal_offsets']) await centre.db(table).delete();
    await centre.db('timeline').where('kind', 'call').delete();
    spool = spoolOf(NAMES);
    found = (await (await openJournal({ pbx: 'main', place: { spool }, from: 'start' })).poll(Infinity)).calls;
    expect(found).toHaveLength(NAMES.length);
  });
  afterEach(() => rmSync(spool, { recursive: true }));

  const settle = (calls = found, watchedSince = 0) => settleCalls(centre.app.deps, 'main', calls, watchedSince);
  const check = () => reconcile(centre.db, 'main', found, { since: 0, until: Date.now() * 2 });

  test('calls that nobody heard are filled in as they were, once however often', async () => {
    expect(isClean(await check())).toBe(false);
    expect(await settle()).toEqual({ filled: NAMES.length, mended: 0 });
    const log = await centre.log();
    expect(log.calls.every((row) => row.source === 'journal' && row.ended_at !== null)).toBe(true);
    expect(log.segments.every((row) => row.ended_at !== null)).toBe(true);
    expect(await settle()).toEqual({ filled: 0, mended: 0 });
    expect(await settle(found, Infinity)).toEqual({ filled: 0, mended: 0 });
    expect(await centre.log()).toEqual(log);
    expect(await check()).toMatchObject({ inJournal: NAMES.length, inLog: NAMES.length, largestOffMs: 0, missing: [], differing: [] });
  });

  test('what the bridge has seen stays as it is, its holds among it', async () => {
    for (const name of NAMES) await centre.write(facts(name));
    const log = await centre.log();
    expect(log.segments.some((row) => row.kind === 'hold')).toBe(true);
    expect(await settle(found, Infinity)).toEqual({ filled: 0, mended: 0 });
    expect(await centre.log()).toEqual(log);
    expect(isClean(await check())).toBe(true);
  });

  test('what an Asterisk under load told late gets its time from the journal; a clock that is hours off moves nothing', async () => {
    for (const name of NAMES) await centre.write(facts(name));
    const log = await centre.log();
    const [first, second] = log.calls;
    await centre.db('calls').where('id', first.id).increment('ended_at', 300);
    await centre
      .db('calls')
      .where('id', second.id)
      .increment('ended_at', 3 * 3_600_000);
    expect(await settle()).toEqual({ filled: 0, mended: 1 });
    const { differing } = await check();
    expect(differing.map(({ ref }) => ref)).toEqual([second.linkedid]);
    expect(await settle()).toEqual({ filled: 0, mended: 0 });
  });

  test('cut off at any fact, then found gone: the journal gives each call its true end and segments', { timeout: 60_000 }, async () => {
    for (const name of NAMES) {
      const all = facts(name);
      for (let heard = 1; heard < all.length; heard += 1) {
        await centre.db('calls').delete();
        await centre.write(all.slice(0, heard));
        const last = all.at(-1)!;
        await centre.write([{ kind: 'pbx.synced', pbx: 'main', at: last.at + 60_000, live: [] }]);
        const mine = found.filter(({ call }) => 'key' in last && call.key === last.key);
        const { mended } = await settle(mine);
        expect(mended, `${name} after ${heard} facts`).toBe(1);
        const result = await reconcile(centre.db, 'main', mine, { since: 0, until: Date.now() * 2 });
        expect(result, `${name} after ${heard} facts`).toMatchObject({ differing: [], missing: [], double: [], unknown: [] });
        const [row] = await centre.db('calls');
        expect(row.source).toBe('live');
        expect(await centre.db('call_segments').where('end_reason', 'lost').whereNot('kind', 'hold')).toEqual([]);
        expect(await settle(mine)).toEqual({ filled: 0, mended: 0 });
      }
    }
  });

  test('a click-to-call whose operator was still being rung when the bridge was killed ends as it ended', async () => {
    const name = 'click-to-call-operator-no-answer';
    const told = replayBytes(readFileSync(new URL(`${name}.ami`, DIR)), undefined, { agent: '201', number: '79000000002' }).facts;
    const beginning = told.filter((fact) => 'call' in fact).slice(0, 2);
    await centre.write([...beginning, { kind: 'pbx.synced', pbx: 'main', at: beginning[0]!.at + 60_000, live: [] }]);
    expect(await centre.db('calls')).toMatchObject([{ end_reason: 'lost' }]);
    add(spool, [name]);
    const all = (await (await openJournal({ pbx: 'main', place: { spool }, from: 'start' })).poll(Infinity)).calls;
    const mine = all.filter(({ call }) => 'key' in beginning[0]! && call.key === beginning[0].key);
    expect(await settle(mine)).toEqual({ filled: 0, mended: 1 });
    const ended = told.find((fact) => fact.kind === 'call.ended')!;
    expect(await centre.db('calls')).toMatchObject([{ end_reason: 'call' in ended && ended.call.endReason, to_raw: '79000000002' }]);
    expect(await centre.db('call_segments')).toMatchObject([{ kind: 'offer', end_reason: 'no-answer' }]);
  });

  test('two rows that were one call become one; an outcome that a person gave stays', async () => {
    const one = found.find(({ call }) => call.queue !== null && call.answeredAt !== null)!;
    const split = { ...one, linkedids: [...one.linkedids, '1795499999.9'] };
    await settle([one]);
    const other = { ...one.call, key: '1795499999.9', segments: [] };
    await centre.write([{ kind: 'call.ended', pbx: 'main', key: other.key, at: other.endedAt!, call: other }]);
    await centre.db('calls').where('linkedid', '1795499999.9').update({ outcome: 'sale', outcome_flags: '["sale"]' });
    expect(await reconcile(centre.db, 'main', [split], { since: 0, until: Date.now() * 2 })).toMatchObject({ double: ['1795499999.9'] });
    expect(await settle([split])).toEqual({ filled: 0, mended: 1 });
    expect(await centre.db('calls')).toMatchObject([{ linkedid: one.call.key, outcome: 'sale' }]);
  });

  test('a visit under the wrong queue, which a bridge took from a snapshot, is told and put right', async () => {
    await settle();
    const visit = await centre.db('call_segments').where({ kind: 'queue', queue: 'support' }).first();
    await centre.db('call_segments').where('id', visit.id).update({ queue: 'sales' });
    expect((await check()).differing.map((one) => one.differs)).toEqual([['segments']]);
    expect(await settle(found, Infinity)).toEqual({ filled: 0, mended: 1 });
    expect(await centre.db('call_segments').where('id', visit.id).first()).toEqual(visit);
    expect((await check()).differing).toEqual([]);
  });

  test('the check tells a row too many, a wrong time, a wrong end, a call still up', async () => {
    await settle();
    const [a, b, c, d] = await centre.db('calls').orderBy('id');
    await centre.db('calls').where('id', a.id).update({ linkedid: 'nobody.1' });
    await centre
      .db('calls')
      .where('id', b.id)
      .update({ started_at: b.started_at - 51 });
    await centre.db('calls').where('id', c.id).update({ end_reason: 'busy' });
    await centre.db('calls').where('id', d.id).update({ ended_at: null, end_reason: null });
    const result = await check();
    expect(result).toMatchObject({ missing: [a.linkedid], unknown: ['nobody.1'] });
    const differs = new Map(result.differing.map((one) => [one.ref, one.differs]));
    expect(differs).toEqual(
      new Map([
        [b.linkedid, ['started']],
        [c.linkedid, ['end']],
        [d.linkedid, ['open']],
      ]),
    );
  });

  const keeperOf = (settling: JournalPorts['settle']) => {
    const log = keepingLog();
    const { deps } = centre.app;
    const [pbx] = deps.config.pbxs;
    const config = { ...deps.config, pbxs: [{ ...pbx!, name: 'main', spool }] };
    const keeper = createJournalKeeper(
      { ...deps, config, log: log as unknown as typeof deps.log },
      { open: openJournal, drain: async () => 0, settle: settling },
      { everyMs: 20, graceMs: 0 },
    );
    const synced = (at: number) => keeper.hear({ kind: 'pbx.synced', pbx: 'main', at, live: [] });
    return { keeper, log, synced };
  };
  const settling = (pbx: string, calls: readonly JournalCall[], since: number) => settleCalls(centre.app.deps, pbx, calls, since);

  test('the keeper begins where the journal ends, then reads on; after a stop it goes on from what is saved', async () => {
    const offsets = () => centre.db('journal_offsets').first();
    const first = keeperOf(settling);
    first.synced(Date.now());
    await until(offsets, (row) => row !== undefined);
    expect(await centre.db('calls'), 'what was before Allo came is not filled in').toEqual([]);
    await first.keeper.close();
    add(spool, ['direct-answered']);
    const next = keeperOf(settling);
    next.synced(1_900_000_000_000);
    await until(
      () => centre.db('calls'),
      (rows) => rows.length === 1,
    );
    add(spool, ['direct-busy']);
    await until(
      () => centre.db('calls'),
      (rows) => rows.length === 2,
    );
    await next.keeper.close();
  });

  test('the database away between the reading and the writing: nothing is lost', async () => {
    let away = 2;
    const { keeper, synced, log } = keeperOf((...args) => (away-- > 0 ? Promise.reject(new Error('away')) : settling(...args)));
    await centre.db('journal_offsets').insert({ pbx: 'main', cel: '0:0', queue_log: '0:0', read_at: 0 });
    synced(1_900_000_000_000);
    await until(
      () => centre.db('calls'),
      (rows) => rows.length === NAMES.length,
    );
    expect(log.lines.filter((line) => line.includes('not read'))).toHaveLength(2);
    await keeper.close();
  });

  test('a standby reads nothing', async () => {
    const { keeper, synced } = keeperOf(settling);
    keeper.hear({
      kind: 'pbx.status',
      pbx: 'main',
      at: 0,
      status: { name: 'main', state: 'standby', since: 0, reason: null, clockOffsetMs: null },
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await centre.db('journal_offsets').first()).toBeUndefined();
    synced(Date.now());
    await until(
      () => centre.db('journal_offsets').first(),
      (row) => row !== undefined,
    );
    await keeper.close();
  });
});

test.runIf(engines.includes('mysql'))("from the tables of Asterisk's database: the same calls as from its files", async () => {
  const { db, url, drop } = await freshDatabase('mysql');
  const spool = spoolOf(NAMES);
  try {
    // as docs/administrator.md tells to make them
    await db.schema.createTable('cel', (t) => {
      t.bigIncrements('id');
      t.datetime('eventtime', { precision: 6 }).notNullable();
      for (const name of ['eventtype', 'cid_name', 'cid_num', 'exten', 'channame', 'appname', 'uniqueid', 'linkedid']) t.string(name, 150);
      t.text('extra');
    });
    await db.schema.createTable('queue_log', (t) => {
      t.bigIncrements('id');
      for (const name of ['time', 'callid', 'queuename', 'agent', 'event', 'data1', 'data2', 'data3', 'data4', 'data5'])
        t.string(name, 100);
    });
    const linesOf = (file: string) =>
      readFileSync(join(spool, 'log', file), 'utf8')
        .split('\n')
        .filter(Boolean);
    const utc = (ms: number) =>
      new Date(Math.floor(ms)).toISOString().slice(0, 19).replace('T', ' ') + (ms / 1000 - Math.floor(ms / 1000)).toFixed(6).slice(1);
    for (const line of linesOf('cel-custom/allo.csv')) {
      const r = parseCel(line)!;
      await db('cel').insert({
        ...{ eventtime: utc(r.at), eventtype: r.event, cid_name: r.callerName, cid_num: r.number, exten: r.exten },
        ...{ channame: r.channel, appname: r.application, uniqueid: r.uniqueid, linkedid: r.linkedid, extra: JSON.stringify(r.extra) },
      });
    }
    for (const line of linesOf('queue_log')) {
      const { at, callId, queue, agent, event, data } = parseQueueLog(line)!;
      const words = Object.fromEntries(data.slice(0, 5).map((word, i) => [`data${i + 1}`, word]));
      await db('queue_log').insert({ time: utc(at), callid: callId, queuename: queue, agent, event, ...words });
    }
    const open = openPlace({ journal: url, spool: null })!;
    const read = async (place: typeof open.place) =>
      (await (await openJournal({ pbx: 'main', place, from: 'start' })).poll(Infinity)).calls;
    const calls = await read(open.place);
    expect(calls).toHaveLength(NAMES.length);
    expect(calls).toEqual(await read({ spool }));
    const later = await openJournal({ pbx: 'main', place: open.place, from: 'end' });
    expect((await later.poll(Infinity)).calls).toEqual([]);
    // a place that was saved when the files were read says nothing of the tables
    const changed = await openJournal({ pbx: 'main', place: open.place, from: { cel: '4711:1024', queue: '4712:99' } });
    expect((await changed.poll(Infinity)).calls).toEqual([]);
    await open.close();
  } finally {
    rmSync(spool, { recursive: true });
    await drop();
  }
});
