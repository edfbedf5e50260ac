import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage } from '../support/browser.ts';
import { until } from '../support/call-centre.ts';
import type { Fact } from '../../cti/index.ts';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { callIn, startPhone } from '../support/sipp.ts';
import type { Phone } from '../support/sipp.ts';

/** Wrap-up at a real app_queue, which rings a free phone within milliseconds of a hang-up: the pause has to be there before. */
let stack: Stack;
let server: TestServer;
let phone: Phone;
const facts: Fact[] = [];
let anna: Awaited<ReturnType<TestServer['signIn']>>;

beforeAll(async () => {
  stack = await ensureStack({ parts: ['asterisk'] });
  server = await startServer({ env: { PBX: stack.asterisk.pbx } });
  server.bus.on('cti.fact', (fact) => void facts.push(fact));
  anna = await server.signIn('operator', { name: 'Anna' });
  await server.db('extensions').insert({ pbx: 'test', extension: '201', user_id: anna.userId });
  await server.db('queues').insert({ pbx: 'test', name: 'support', label: '', wrap_up_seconds: 600, outcome_required: true });
  await server.db('queue_members').insert({ pbx: 'test', queue: 'support', user_id: anna.userId });
  server.bus.emit('user.changed', { id: anna.userId });
  await until(
    () => anna.get('/api/pbx'),
    ({ body }) => body.items[0].state === 'connected',
    20_000,
  );
  phone = await startPhone(201, { does: 'answer', ringMs: 100 });
  expect((await anna.post('/api/agents/shift', { on: true })).body.queues).toEqual(['support']);
});
afterAll(async () => {
  await anna?.post('/api/agents/shift', { on: false });
  await phone?.stop();
  await server?.close();
});

test('a caller who waits does not ring the operator after the hang-up, before the outcome is said; then at once', async () => {
  const page = await openPage(server.url, anna.cookie());
  const member = () => facts.findLast((f) => f.kind === 'queue.member' && f.agent === '201' && f.queue === 'support');
  const device = () => facts.findLast((f) => f.kind === 'agent.state' && f.agent === '201');
  const first = callIn({ from: '79000000001', name: 'Ivan Petrov', to: '7000' });
  const talking = await until(() => page.calls().findLast((c) => c.phase === 'talking'), (c) => c !== undefined, 20_000); // prettier-ignore
  await until(member, (f) => f?.kind === 'queue.member' && f.paused && f.reason === 'wrap-up');
  const second = callIn({ from: '79000000002', name: 'Olga', to: '7000' });
  await until(
    () => server.db('calls').where({ from_raw: '79000000002' }).first(),
    (row) => row !== undefined,
    20_000,
  );
  first.hangup();
  await until(() => page.messages('wrap-up').at(-1)?.wrapUp ?? null, (w) => w?.ref === talking!.ref && w.required, 20_000); // prettier-ignore
  await until(device, (f) => f?.kind === 'agent.state' && f.state === 'idle', 20_000); // the phone is free
  expect(page.calls().some((c) => c.number === '+79000000002')).toBe(false);
  expect((await anna.post('/api/calls/wrap-up/ready')).status).toBe(409);
  expect((await anna.put(`/api/calls/${talking!.ref}/outcome`, { outcome: 'resolved', note: '' })).status).toBe(204);
  await until(() => page.calls().findLast((c) => c.ref !== talking!.ref)?.phase, (phase) => phase === 'talking', 20_000); // prettier-ignore
  second.hangup();
  page.ws.close();
});
