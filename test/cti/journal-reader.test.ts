import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assemble } from '../../cti/journal/assemble.ts';
import { fileSource } from '../../cti/journal/file.ts';
import { createJournal } from '../../cti/journal/reader.ts';
import type { Journal, Marks } from '../../cti/journal/reader.ts';
import { celOfRow, parseCel, parseQueueLog, queueOfRow } from '../../cti/journal/records.ts';
import { tableSource } from '../../cti/journal/table.ts';

const FIXTURES = new URL('../fixtures/journal/', import.meta.url);
const fixture = (file: string) => readFileSync(new URL(file, FIXTURES), 'utf8');
const NAMES = ['queue-answered', 'queue-abandoned-ringing', 'blind-transfer', 'attended-transfer', 'click-to-call-answered'];
const CEL = NAMES.map((name) => fixture(`${name}.cel.csv`)).join('');
const QUEUE = NAMES.map((name) => fixture(`${name}.queue_log`)).join('');
const parsed = <T>(text: string, parse: (line: string) => T | null): T[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => parse(line)!);
const ALL = assemble(parsed(CEL, parseCel), parsed(QUEUE, parseQueueLog), { pbx: 'main' });
const keysOf = (calls: readonly { call: { key: string } }[]) => calls.map(({ call }) => call.key).sort();

let folder: string;
let cel: string;
let queue: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  [cel, queue] = [join(folder, 'allo.csv'), join(folder, 'queue_log')];
});
afterEach(() => rmSync(folder, { recursive: true }));

const journalFrom = (from: Marks | null): Journal =>
  createJournal({ pbx: 'main', cel: fileSource(cel, parseCel), queue: fileSource(queue, parseQueueLog), from });

describe('lines', () => {
  test('a record with quotes, a semicolon and Cyrillic', () => {
    const line =
      '"ANSWER","1795479579.25","1795479579.0","1795479579.0","PJSIP/trunk-00000000","79000000001","<b> \\""quoted\\"", Пётр; x","7000","from-trunk","Answer","","{""hangupcause"":16}"';
    expect(parseCel(line)).toEqual({
      at: 1_795_479_579_250,
      event: 'ANSWER',
      linkedid: '1795479579.0',
      uniqueid: '1795479579.0',
      channel: 'PJSIP/trunk-00000000',
      number: '79000000001',
      callerName: '<b> \\"quoted\\", Пётр; x',
      exten: '7000',
      application: 'Answer',
      extra: { hangupcause: 16 },
    });
  });

  test('half a line to which the next start of Asterisk added a whole one: the whole one counts', () => {
    const [first, second] = CEL.split('\n');
    expect(parseCel(`${first!.slice(0, 70)}${second}`)).toEqual(parseCel(second!));
    expect(parseQueueLog('1795479647|1795479647.0|sup1795479650|NONE|NONE|NONE|QUEUESTART|')).toMatchObject({ event: 'QUEUESTART' });
  });

  test.each([
    '',
    'rubbish',
    '"ANSWER","now","1.0","1.0"',
    '"ANSWER","1795479579.2","","","","","","","","","",""',
    '\0\0\0',
    '"'.repeat(9_999),
  ])('what is no record is none: %j', (line) => {
    expect(parseCel(line)).toBeNull();
    expect(parseQueueLog(line)).toBeNull();
  });
});

describe('the files', () => {
  test('cut off at any byte, and read on when the rest is there: each call once', async () => {
    for (let cut = 0; cut <= CEL.length; cut += 487) {
      writeFileSync(cel, CEL.slice(0, cut));
      writeFileSync(queue, QUEUE);
      const journal = journalFrom(null);
      const first = await journal.poll(Infinity);
      appendFileSync(cel, CEL.slice(cut));
      const then = await journal.poll(Infinity);
      expect(keysOf([...first.calls, ...then.calls]), `cut at ${cut}`).toEqual(keysOf(ALL));
      expect((await journal.poll(Infinity)).calls).toEqual([]);
    }
  });

  test('killed at any moment and begun again where it was saved: no call is lost, what comes twice is the same', async () => {
    for (let cut = 0; cut <= CEL.length; cut += 487) {
      writeFileSync(cel, CEL.slice(0, cut));
      writeFileSync(queue, QUEUE.slice(0, Math.round((cut / CEL.length) * QUEUE.length)));
      const first = await journalFrom(null).poll(Infinity);
      writeFileSync(cel, CEL);
      writeFileSync(queue, QUEUE);
      const then = await journalFrom(first.marks).poll(Infinity);
      expect(then.gap).toBe(false);
      expect([...new Set(keysOf([...first.calls, ...then.calls]))], `cut at ${cut}`).toEqual(keysOf(ALL));
      const whole = new Map(ALL.map((one) => [one.call.key, one]));
      for (const one of then.calls) expect(one).toEqual(whole.get(one.call.key));
    }
  });

  test('killed while calls overlap: one that is read again, because another is not over yet, is still in its queue', async () => {
    const [long, short] = ['queue-answered', 'queue-abandoned-ringing'].map((name) => [
      fixture(`${name}.cel.csv`),
      fixture(`${name}.queue_log`),
    ]);
    const startOf = (text: string) => Number(/"(\d{10}\.\d+)"/.exec(text)![1]);
    const shift = Math.ceil(startOf(long![0]!) - startOf(short![0]!));
    // its own ids, of up to three digits after the point; a time has six
    const later = (text: string) =>
      text.replace(
        /\b(1795\d{6})(?:\.(\d{1,3})\b)?/g,
        (_, seconds: string, n?: string) => `${Number(seconds) + shift}${n ? `.${Number(n) + 50}` : ''}`,
      );
    const timeOf = (line: string) => Number(/^"[A-Z_]+","([\d.]+)"|^(\d+)\|/.exec(line)!.slice(1).find(Boolean));
    const mixed = (i: number) =>
      `${long![i]!}${later(short![i]!)}`
        .split('\n')
        .filter(Boolean)
        .sort((a, b) => timeOf(a) - timeOf(b))
        .map((line) => `${line}\n`);
    const [cels, queues] = [mixed(0), mixed(1)];
    const all = assemble(parsed(cels.join(''), parseCel), parsed(queues.join(''), parseQueueLog), { pbx: 'main' });
    expect(all.map(({ call }) => call.queue)).toEqual(['support', 'support']);
    let again = 0;
    for (let cut = 1; cut < cels.length; cut += 1) {
      const until = timeOf(cels[cut - 1]!);
      writeFileSync(cel, cels.slice(0, cut).join(''));
      writeFileSync(queue, queues.filter((line) => timeOf(line) <= until).join(''));
      const first = await journalFrom(null).poll(Infinity);
      writeFileSync(cel, cels.join(''));
      writeFileSync(queue, queues.join(''));
      const then = await journalFrom(first.marks).poll(Infinity);
      again += first.calls.length + then.calls.length - all.length;
      for (const one of [...first.calls, ...then.calls]) expect(all, `killed after ${cut} lines`).toContainEqual(one);
    }
    expect(again).toBeGreaterThan(0);
  });

  test('rotated in the middle of a call, once and twice, while somebody reads and while nobody does', async () => {
    const [a, b] = [CEL.indexOf('\n', 5_000) + 1, CEL.indexOf('\n', 9_000) + 1];
    const thirds = [CEL.slice(0, a), CEL.slice(a, b), CEL.slice(b)];
    let rotations = 0;
    const rotate = () => renameSync(cel, `${cel}.${(rotations += 1)}`);
    writeFileSync(queue, QUEUE);
    writeFileSync(cel, thirds[0]!);
    const reading = journalFrom(null);
    const seen = [...(await reading.poll(Infinity)).calls];
    const saved = (await reading.poll(Infinity)).marks;
    rotate();
    writeFileSync(cel, thirds[1]!);
    seen.push(...(await reading.poll(Infinity)).calls);
    rotate();
    writeFileSync(cel, thirds[2]!);
    seen.push(...(await reading.poll(Infinity)).calls);
    expect(keysOf(seen)).toEqual(keysOf(ALL));
    // one who was away all the time finds the rest in the rotated files
    const away = await journalFrom(saved).poll(Infinity);
    expect(away.gap).toBe(false);
    for (const key of keysOf(seen.slice(-1))) expect(keysOf(away.calls)).toContain(key);
    const early = seen.length - away.calls.length;
    expect(early, 'only what was over before is not told again').toBeGreaterThanOrEqual(0);
  });

  test('a file that was emptied or removed under the reader is said, and the new one is read from its beginning', async () => {
    writeFileSync(queue, QUEUE);
    writeFileSync(cel, CEL);
    const { marks } = await journalFrom(null).poll(Infinity);
    truncateSync(cel);
    appendFileSync(cel, fixture('direct-answered.cel.csv'));
    const emptied = await journalFrom(marks).poll(Infinity);
    expect(emptied).toMatchObject({ gap: true, calls: [{ call: { endReason: 'completed' } }] });
    rmSync(cel);
    expect((await journalFrom(emptied.marks).poll(Infinity)).calls).toEqual([]);
    writeFileSync(join(folder, 'other'), fixture('direct-busy.cel.csv'));
    renameSync(join(folder, 'other'), cel);
    const removed = await journalFrom(emptied.marks).poll(Infinity);
    expect(removed.calls).toMatchObject([{ call: { endReason: 'busy' } }]);
  });

  test('no files at all: nothing, without an error', async () => {
    expect(await journalFrom(null).poll(Infinity)).toMatchObject({ calls: [], gap: false });
  });

  test('a call that ended too late is left for the next time', async () => {
    writeFileSync(queue, QUEUE);
    writeFileSync(cel, CEL);
    const ends = ALL.map(({ call }) => call.endedAt!).sort((a, b) => a - b);
    const journal = journalFrom(null);
    const early = await journal.poll(ends[1]!);
    expect(early.calls.every(({ call }) => call.endedAt! < ends[1]!)).toBe(true);
    expect((await journalFrom(early.marks).poll(Infinity)).calls.length).toBeGreaterThanOrEqual(ALL.length - early.calls.length);
    expect([...keysOf(early.calls), ...keysOf((await journal.poll(Infinity)).calls)].sort()).toEqual(keysOf(ALL));
  });

  test('a call whose beginning is not in the files is none', async () => {
    writeFileSync(queue, QUEUE);
    writeFileSync(cel, CEL.split('\n').slice(1).join('\n'));
    expect((await journalFrom(null).poll(Infinity)).calls).toHaveLength(ALL.length - 1);
  });
});

test('Asterisk killed with a call up: over and lost by its next start, unless the call ended before', async () => {
  const lines = fixture('queue-answered.cel.csv').split('\n');
  writeFileSync(cel, lines.slice(0, 7).join('\n') + '\n' + lines[7]!.slice(0, 30));
  writeFileSync(queue, fixture('queue-answered.queue_log').split('\n').slice(0, 2).join('\n') + '\n');
  const journal = journalFrom(null);
  expect((await journal.poll(Infinity)).calls).toEqual([]);
  appendFileSync(queue, '1795479510|NONE|NONE|NONE|QUEUESTART|\n');
  const { calls } = await journal.poll(Infinity);
  expect(calls).toMatchObject([{ call: { endReason: 'lost', endedAt: 1_795_479_510_000, queue: 'support' } }]);
  expect(calls[0]!.call.segments.map((s) => `${s.kind} ${s.endReason}`)).toEqual(['queue answered', 'offer answered', 'talk lost']);
});

test('a call that is born in the second in which Asterisk came back goes on to its own end', async () => {
  const lines = fixture('queue-answered.cel.csv').split('\n');
  const born = parseCel(lines[0]!)!.at;
  writeFileSync(cel, lines.slice(0, 2).join('\n') + '\n');
  writeFileSync(queue, `${Math.floor(born / 1000)}|NONE|NONE|NONE|QUEUESTART|\n`);
  const journal = journalFrom(null);
  expect((await journal.poll(Infinity)).calls).toEqual([]);
  appendFileSync(cel, lines.slice(2).join('\n'));
  appendFileSync(queue, fixture('queue-answered.queue_log'));
  expect((await journal.poll(Infinity)).calls).toMatchObject([{ call: { startedAt: Math.round(born), endReason: 'completed' } }]);
});

test('one that was born in the second in which Asterisk died and came back, by the number of its channel, went down with it', async () => {
  const old = fixture('queue-answered.cel.csv').replace(/"(\d+)\.(\d+)",/g, (_, seconds: string, n: string) => (n.length < 6 ? `"${seconds}.${Number(n) + 700}",` : `"${seconds}.${n}",`)); // prettier-ignore
  const lines = old.split('\n');
  writeFileSync(cel, lines.slice(0, 2).join('\n') + '\n');
  writeFileSync(queue, `${Math.floor(parseCel(lines[0]!)!.at / 1000)}|NONE|NONE|NONE|QUEUESTART|\n`);
  expect((await journalFrom(null).poll(Infinity)).calls).toMatchObject([{ call: { endReason: 'lost' } }]);
});

test('from tables: the same calls, read on by id, however the rows became visible', async () => {
  const celRows = parsed(CEL, parseCel).map((r, i) => ({
    ...{ id: i + 1, eventtype: r.event, eventtime: String(r.at / 1000), linkedid: r.linkedid, uniqueid: r.uniqueid },
    ...{ channame: r.channel, cid_num: r.number, cid_name: r.callerName, exten: r.exten, appname: r.application },
    extra: JSON.stringify(r.extra),
  }));
  const queueRows = parsed(QUEUE, parseQueueLog).map((r, i) => ({
    ...{ id: i + 1, time: new Date(r.at).toISOString().replace('T', ' ').replace('Z', '000'), callid: r.callId, queuename: r.queue },
    ...{ agent: r.agent, event: r.event, ...Object.fromEntries(r.data.map((d, n) => [`data${n + 1}`, d])) },
  }));
  let visible = (id: number) => id <= 20;
  const tableOf = <R extends { id: number }>(rows: readonly R[], there: (id: number) => boolean) => ({
    after: async (id: number, limit: number) => rows.filter((row) => row.id > id && there(row.id)).slice(0, limit),
    last: async () => rows.findLast((row) => there(row.id))?.id ?? 0,
  });
  const open = (from: Marks | null) =>
    createJournal({
      pbx: 'main',
      cel: tableSource(
        tableOf(celRows, (id) => visible(id)),
        celOfRow,
      ),
      queue: tableSource(
        tableOf(queueRows, () => true),
        queueOfRow,
      ),
      from,
    });
  const reading = open(null);
  const first = await reading.poll(Infinity);
  visible = (id) => id <= 24 && id !== 22; // being written
  const seen = [...first.calls, ...(await reading.poll(Infinity)).calls];
  visible = () => true;
  seen.push(...(await reading.poll(Infinity)).calls);
  expect(keysOf(seen)).toEqual(keysOf(ALL));
  const byKey = new Map(ALL.map((one) => [one.call.key, one]));
  for (const one of seen) expect(one).toEqual(byKey.get(one.call.key));
  // one who was away begins where it was saved
  const away = (await open(first.marks).poll(Infinity)).calls;
  expect([...new Set(keysOf([...first.calls, ...away]))]).toEqual(keysOf(ALL));
});
