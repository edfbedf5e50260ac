import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Floor } from '../../server/floor/contract.ts';
import { rebuild } from '../../server/reports/rollup.ts';
import { reportSources } from '../../server/report-sources.ts';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { until } from '../support/call-centre.ts';
import { startServer } from '../support/server.ts';
import { callIn, startPhone } from '../support/sipp.ts';
import type { Caller, Phone } from '../support/sipp.ts';

/** What the supervisor sees while a real Asterisk, or a phone at it, misbehaves. Anna (201) serves sales; nobody serves support. */
let stack: Stack;
let server: Awaited<ReturnType<typeof startServer>>;
let boss: Awaited<ReturnType<typeof server.signIn>>;
let anna: Awaited<ReturnType<typeof server.signIn>>;
const phones: Phone[] = [];
const callers: Caller[] = [];

beforeAll(async () => {
  stack = await ensureStack({ parts: ['asterisk'] });
  server = await startServer({ env: { PBX: stack.asterisk.pbx } });
  boss = await server.signIn('supervisor', { name: 'Boss' });
  anna = await server.signIn('operator', { name: 'Anna' });
  await server.db('extensions').insert({ pbx: 'test', extension: '201', user_id: anna.userId });
  server.bus.emit('user.changed', { id: anna.userId });
  await connected();
  await until(async () => (await boss.get('/api/queues')).body.found, (found) => found.length > 0, 20_000); // prettier-ignore
  const admin = await server.signIn('administrator');
  const { queue } = (await admin.post('/api/queues', { pbx: 'test', name: 'sales' })).body;
  const { version } = (await boss.get(`/api/queues/${queue.id}/members`)).body;
  const put = await boss.put(`/api/queues/${queue.id}/members`, { version, items: [{ userId: anna.userId, penalty: 3 }] });
  expect(put.status).toBe(200);
  expect((await anna.post('/api/agents/shift', { on: true })).status).toBeLessThan(300);
});
afterEach(async () => {
  for (const caller of callers.splice(0)) caller.kill();
  for (const phone of phones.splice(0)) await phone.stop();
});
afterAll(async () => {
  await anna?.post('/api/agents/shift', { on: false });
  await server?.close();
});

const connected = () =>
  until(
    () => server.app.pbxStatus()[0]?.state,
    (state) => state === 'connected',
    60_000,
  );
const call = (to: string, from: string): Caller => {
  const caller = callIn({ to, from });
  callers.push(caller);
  return caller;
};
const floor = async () => (await boss.get('/api/floor')).body as Floor;
const waiting = (picture: Floor, name: string) => picture.queues.find(({ ref }) => ref === `test:${name}`)?.waiting ?? 0;
const shows = (isSo: (picture: Floor) => boolean, ms = 30_000) => until(floor, isSo, ms);
const member = () => stack.asterisk.rasterisk('queue show sales');

test('Asterisk dies with callers waiting: the floor empties and fills again, the members are back with their skill, figures are those of queue_log', async () => {
  const log = join(stack.asterisk.spool, 'log/queue_log');
  const since = Date.now();
  const logged = (event: string) =>
    readFileSync(log, 'utf8')
      .split('\n')
      .map((line) => line.split('|'))
      .filter(([at, , queue, , what]) => Number(at) * 1000 >= since - 1_000 && queue === 'support' && what === event).length;
  await until(member, (text) => /201.*penalty 3/.test(text), 20_000);
  call('7000', '+79161230011');
  call('7000', '+79161230012');
  const before = await shows((picture) => waiting(picture, 'support') === 2);
  expect(before.calls.map(({ number }) => number).sort()).toEqual(['+79161230011', '+79161230012']);

  process.kill(stack.asterisk.pid()!, 'SIGKILL');
  for (const caller of callers.splice(0)) caller.kill();
  await stack.asterisk.start();
  await connected();
  const after = await shows((picture) => picture.calls.length === 0 && waiting(picture, 'support') === 0, 60_000);
  expect(after.up).toBe(0);
  await until(member, (text) => /201.*penalty 3/.test(text), 30_000);
  const lost = () => server.db('calls').where({ queue: 'support' }).select('end_reason', 'ended_at');
  await until(lost, (rows) => rows.length === 2 && rows.every(({ ended_at }) => ended_at !== null), 30_000);
  expect((await lost()).map(({ end_reason }) => end_reason)).toEqual(['lost', 'lost']);

  const third = call('7000', '+79161230013');
  await shows((picture) => waiting(picture, 'support') === 1 && picture.calls[0]?.number === '+79161230013');
  await new Promise((resolve) => setTimeout(resolve, 6_000)); // longer than an abandonment that counts as short
  third.hangup();
  const end = await shows((picture) => picture.calls.length === 0);

  const counted = { offered: logged('ENTERQUEUE'), abandoned: logged('ABANDON') };
  expect(counted).toEqual({ offered: 3, abandoned: 1 });
  expect(end.queues.find(({ ref }) => ref === 'test:support')?.today).toMatchObject({ ...counted, answered: 0 });
  const now = () => Date.now();
  await rebuild({ db: server.db, now, ...reportSources(server.db, now) }, since - 3_600_000, Date.now() + 60_000);
  const asked = `from=${since - 3_600_000}&until=${Date.now() + 3_600_000}&by=queue`;
  const { rows } = (await boss.get(`/api/reports/queues?${asked}`)).body;
  expect(rows).toMatchObject([{ figures: { ...counted, answered: 0 } }]);
});

test('a phone that rings for ever: given up after the ring time of the queue, again and again; the caller is seen waiting, and gone on hanging up', async () => {
  phones.push(await startPhone(201, { does: 'ring' }));
  const caller = call('7001', '+79161230021');
  const ringing = (picture: Floor) => picture.operators.find(({ userId }) => userId === anna.userId)?.call !== null;
  await shows((picture) => waiting(picture, 'sales') === 1 && ringing(picture));
  const ended = () => server.db('call_segments').where({ kind: 'offer', extension: '201' }).whereNotNull('ended_at');
  await until(ended, (rows) => rows.length > 0, 60_000);
  expect((await ended())[0]).toMatchObject({ end_reason: 'no-answer' });
  expect(waiting(await floor(), 'sales')).toBe(1);
  caller.hangup();
  const after = await shows((picture) => picture.calls.length === 0);
  expect(waiting(after, 'sales')).toBe(0);
  await shows((picture) => !ringing(picture));
  expect(await server.db('call_segments').where({ extension: '201' }).whereNull('ended_at')).toEqual([]);
});
