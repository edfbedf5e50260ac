import { afterAll, beforeAll, expect, test } from 'vitest';
import { AmiSession } from '../stack/ami-session.ts';
import { ensureStack } from '../stack/index.ts';
import { until } from '../support/call-centre.ts';
import { startServer } from '../support/server.ts';
import { callIn, startPhone } from '../support/sipp.ts';
import type { Phone } from '../support/sipp.ts';

/** Call-back instead of waiting at a real Asterisk: sipp calls in, presses the key, and is called; its other phone is the operator's. */
let server: Awaited<ReturnType<typeof startServer>>;
let admin: Awaited<ReturnType<typeof server.signIn>>;
let watch: AmiSession;
const phones: Phone[] = [];
const always = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };

beforeAll(async () => {
  const { asterisk } = await ensureStack({ parts: ['asterisk'] });
  watch = await AmiSession.open(asterisk.amiPort, asterisk.amiUnfilteredUser, asterisk.amiSecret);
  server = await startServer({ env: { PBX: asterisk.pbx } });
  admin = await server.signIn('administrator');
  const anna = await server.signIn('operator', { name: 'Anna' });
  await server.db('extensions').insert({ pbx: 'test', extension: '201', user_id: anna.userId });
  server.bus.emit('user.changed', { id: anna.userId });
  const { queue } = (await admin.post('/api/queues', { pbx: 'test', name: 'patient' })).body;
  await admin.patch(`/api/queues/${queue.id}`, { callBack: { ...queue.callBack, offered: true, hours: always, minutes: 1, attempts: 2 } });
  await until(
    () => server.app.pbxStatus()[0]?.state,
    (state) => state === 'connected',
    20_000,
  );
});

afterAll(async () => {
  for (const phone of phones) await phone.stop();
  await server?.app.deps
    .pbx('test')
    .queueRemove({ queue: 'patient', extension: '201' })
    .catch(() => undefined);
  watch?.close();
  await server?.close();
});

test('the caller presses 1 and hangs up, is called when an operator is free, goes before whoever came later, and both calls are one', async () => {
  const caller = callIn({ to: '7009', from: '+79161230001', name: 'Ivan' });
  const waits = () => server.db('call_segments').where({ kind: 'queue', queue: 'patient' }).whereNull('ended_at');
  await until(waits, (rows) => rows.length === 1, 10_000);
  const [{ linkedid }] = await server.db('calls').select('linkedid');
  const joined = await watch.waitFor((block) => block.startsWith('Event: QueueCallerJoin') && block.includes('Queue: patient'));
  const [, Channel] = /\r\nChannel: (.*)\r\n/.exec(joined)!;
  await watch.action({ Action: 'PlayDTMF', Channel: Channel!, Digit: '1', Duration: '100', Receive: 'true' });
  expect((await caller.done).at(-1)).toBe('bye from the other side');
  await until(
    () => server.db('callbacks').select(),
    (rows) => rows.length === 1,
  );
  expect(await server.db('callbacks').first()).toMatchObject({ linkedid, state: 'waiting', number: '+79161230001', queue: 'patient' });

  // somebody comes later and stays on the line
  const later = callIn({ to: '7009', from: '+79161230002' });
  await until(waits, (rows) => rows.length === 1, 10_000);
  phones.push(await startPhone('trunk', { does: 'answer', ringMs: 300, hangUpAfterMs: 6_000 }));
  await server.app.deps.pbx('test').queueAdd({ queue: 'patient', extension: '201', name: 'Anna', paused: true });
  // the operator is busy: whoever would be overtaken is called already, and is first in the queue then
  await until(
    () => server.db('callbacks').first(),
    ({ state }: { state: string }) => state === 'answered',
    10_000,
  );
  phones.push(await startPhone(201, { does: 'answer', ringMs: 200, hangUpAfterMs: 800 }));
  await server.app.deps.pbx('test').queuePause({ queue: 'patient', extension: '201', paused: false });
  await until(
    () => server.db('callbacks').first(),
    ({ state }: { state: string }) => state === 'reached',
    10_000,
  );
  const [attempt] = await server.db('callback_attempts').select();
  const [first, back] = await until(
    () => server.db('calls').whereIn('from_e164', ['+79161230001']).orWhere({ linkedid: attempt.channel_id }).orderBy('started_at'),
    (rows: { ended_at: number | null }[]) => rows.every(({ ended_at }) => ended_at !== null),
    10_000,
  );
  expect(back).toMatchObject({
    direction: 'out',
    to_e164: '+79161230001',
    queue: 'patient',
    callback_of: first.id,
    end_reason: 'completed',
  });
  expect(await server.db('callback_attempts').first()).toMatchObject({ n: 1, result: 'talked', state: 'settled' });
  // the one who came later was not served before
  const talks = await server.db('call_segments').where({ kind: 'talk' }).orderBy('started_at');
  expect(talks[0]).toMatchObject({ call_id: back.id });
  const { call } = (await admin.get(`/api/calls/${encodeURIComponent(`test:${linkedid}`)}`)).body;
  expect(call.parts.map((part: { ref: string }) => part.ref)).toEqual([`test:${linkedid}`, `test:${attempt.channel_id}`]);
  expect((await admin.get('/api/missed')).body.items).toEqual([]);
  later.hangup();
  await later.done;
});
