import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../support/call-centre.ts';
import { startFakeAmi } from '../support/fake-ami.ts';
import type { FakeAmi, FakeClient } from '../support/fake-ami.ts';
import { traceBytes } from '../support/replay.ts';
import { createClient, startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

/** A PBX that means harm, or is broken: the bridge of a real server on a real socket. What is sent is counted, and the next call is whole. */

let pbx: FakeAmi;
let server: TestServer;
beforeAll(async () => {
  pbx = await startFakeAmi();
  server = await startServer({ env: { PBX: `main=ami://allo:secret@127.0.0.1:${pbx.port}` } });
});
afterAll(async () => {
  await server.close();
  await pbx.close();
});

const sessions = (): FakeClient[] => pbx.clients.filter((client) => client.actions.some((a) => a.Action === 'CoreShowChannels'));
/** The event connection that is open now. */
const events = (): FakeClient => sessions().at(-1)!;

const metrics = async () => (await createClient(server.url).get('/metrics')).body as string;
const odd = async (kind: string) =>
  Number(new RegExp(`^allo_ami_odd_total{pbx="main",kind="${kind}"} (\\d+)$`, 'm').exec(await metrics())?.[1]);
const connected = async () => (await metrics()).includes('allo_pbx_connected{pbx="main"} 1');

const BLOCKS = traceBytes('queue-answered')
  .toString()
  .split(/\r?\n\r?\n/)
  .filter((block) => /^Timestamp: /m.test(block));
const SECOND = /^Linkedid: (\d+)\./m.exec(BLOCKS.join('\n'))![1]!;
let ordinal = 0;

/** The recorded call with ids of its own. `shift`: ms that its times are moved by. */
const aCall = (edit: (block: string, i: number) => string = (block) => block, shift = 0) => {
  const second = String(Number(SECOND) + 100 * ++ordinal);
  const blocks = BLOCKS.map((block, i) =>
    edit(
      block
        .replaceAll(`${SECOND}.`, `${second}.`)
        .replace(/^Timestamp: (.*)$/m, (_, at: string) => `Timestamp: ${(Number(at) + 100 * ordinal + shift / 1000).toFixed(6)}`),
      i,
    ),
  );
  return { second, blocks, text: `${blocks.join('\r\n\r\n')}\r\n\r\n` };
};

const rows = (second: string) => server.db('calls').where('linkedid', 'like', `${second}.%`);
const rowOf = async (second: string) => (await until(() => rows(second), (found) => found.length > 0 && found[0].ended_at !== null))[0]; // prettier-ignore

/** A call as it should be: one row, ended, of the length that was recorded. */
const isWhole = async (second: string) => {
  const row = await rowOf(second);
  expect(row).toMatchObject({ end_reason: 'completed', queue: 'support' });
  expect(row.ended_at - row.started_at).toBe(whole.ended_at - whole.started_at);
  expect(row.talk_ms).toBe(whole.talk_ms);
  expect(await rows(second)).toHaveLength(1);
  expect(await server.db('call_segments').where('call_id', row.id).whereNull('ended_at')).toEqual([]);
};

let whole: { started_at: number; ended_at: number; talk_ms: number };
beforeAll(async () => {
  await until(connected, Boolean);
  const { second, text } = aCall();
  events().raw(text);
  whole = await rowOf(second);
});

beforeEach(async () => void (await until(connected, Boolean, 15_000)));

test('random bytes, blocks that are none, and a block of 100 MB: counted, and the call that follows is whole', async () => {
  const [malformed, oversized] = [await odd('malformed'), await odd('oversized')];
  const noise = Buffer.from(randomBytes(200_000).toString('latin1').replace(/\n/g, ' '), 'latin1');
  events().raw(Buffer.concat([noise, Buffer.from('\r\n\r\nneither: this\r\n\r\n: \r\n\r\n')]));
  events().raw('Event: Newchannel\r\nUniqueid: 1.1\r\nOutput: ');
  const megabyte = Buffer.alloc(1024 * 1024, 'x');
  for (let i = 0; i < 100; i += 1) {
    events().raw(megabyte);
    await sleep(1);
  }
  const { second, text } = aCall();
  events().raw(`\r\n\r\n${text}`);
  await isWhole(second);
  expect(await odd('malformed')).toBeGreaterThanOrEqual(malformed + 2);
  expect(await odd('oversized')).toBe(oversized + 1);
  expect(process.memoryUsage().rss).toBeLessThan(1_500 * 1024 * 1024);
}, 60_000);

test('LF line ends and keys that repeat', async () => {
  const { second, text } = aCall((block) => `${block}\r\nChanVariable: a=1\r\nChanVariable: b=2\r\nX: ${'y'.repeat(500)}`);
  events().raw(text.replaceAll('\r\n', '\n'));
  await isWhole(second);
});

test('dropped in the middle of a block: the call is lost, once, and the next is whole', async () => {
  const cut = aCall();
  const bytes = Buffer.from(cut.blocks.slice(0, Math.floor(cut.blocks.length / 2)).join('\r\n\r\n'));
  const before = sessions().length;
  events().raw(bytes.subarray(0, bytes.length - 20));
  await until(() => rows(cut.second), (found) => found.length === 1); // prettier-ignore
  events().drop();
  await until(sessions, (all) => all.length > before, 15_000);
  await until(connected, Boolean, 15_000);
  expect(await rowOf(cut.second)).toMatchObject({ end_reason: 'lost' });
  const next = aCall();
  events().raw(next.text);
  await isWhole(next.second);
  expect(await rows(cut.second)).toHaveLength(1);
}, 60_000);

test('events for channels nobody has seen, and a call told backwards: counted, no row that is wrong', async () => {
  const strangers = await odd('strangers');
  const unseen = aCall();
  events().raw(`${unseen.blocks.filter((block) => !/^Event: Newchannel/m.test(block)).join('\r\n\r\n')}\r\n\r\n`);
  const reversed = aCall();
  events().raw(`${[...reversed.blocks].reverse().join('\r\n\r\n')}\r\n\r\n`);
  const { second, text } = aCall();
  events().raw(text);
  await isWhole(second);
  expect(await odd('strangers')).toBeGreaterThan(strangers);
  expect(await rows(unseen.second)).toEqual([]);
  for (const row of await rows(reversed.second)) {
    expect(row.answered_at).toBeNull();
    expect(row.talk_ms).toBe(0);
    if (row.ended_at !== null) expect(row.ended_at).toBeGreaterThanOrEqual(row.started_at);
  }
});

test.each([
  ['back', -3_600_000],
  ['ahead', 3_600_000],
])('a clock that jumps an hour %s in the middle of a call', async (_, jump) => {
  const backwards = await odd('backwards');
  const half = Math.floor(BLOCKS.length / 2);
  const { second, text } = aCall((block, i) =>
    i < half ? block : block.replace(/^Timestamp: (.*)$/m, (__, at: string) => `Timestamp: ${(Number(at) + jump / 1000).toFixed(6)}`),
  );
  events().raw(text);
  const row = await rowOf(second);
  expect(row).toMatchObject({ end_reason: 'completed' });
  expect(row.ended_at).toBeGreaterThanOrEqual(row.started_at);
  expect(row.talk_ms).toBeGreaterThanOrEqual(0);
  for (const s of await server.db('call_segments').where('call_id', row.id)) expect(s.ended_at).toBeGreaterThanOrEqual(s.started_at);
  if (jump < 0) expect(await odd('backwards')).toBeGreaterThan(backwards);
  const next = aCall();
  events().raw(next.text);
  await isWhole(next.second);
});

test('ids that come again after a restart of Asterisk that nobody told of: counted, one row, and the next call is whole', async () => {
  const reborn = await odd('reborn');
  const first = aCall();
  const half = first.blocks.slice(0, Math.floor(first.blocks.length / 2));
  events().raw(`${half.join('\r\n\r\n')}\r\n\r\n`);
  await until(() => rows(first.second), (found) => found.length === 1); // prettier-ignore
  // the same numbers, other channels
  events().raw(first.text.replace(/(PJSIP\/[\w-]+)-0000/g, '$1-00f0'));
  await until(() => odd('reborn'), (count) => count > reborn); // prettier-ignore
  const row = await rowOf(first.second);
  expect(row.ended_at).toBeGreaterThanOrEqual(row.started_at);
  expect(await rows(first.second)).toHaveLength(1);
  const { second, text } = aCall();
  events().raw(text);
  await isWhole(second);
});
