import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCallWriter } from '../../server/calls/writer.ts';
import { until } from '../support/call-centre.ts';
import { Story } from '../support/facts.ts';
import { startFakeAmi } from '../support/fake-ami.ts';
import type { FakeAmi } from '../support/fake-ami.ts';
import { traceBytes } from '../support/replay.ts';
import { createClient, startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const TOKEN = 'a token of more than thirty-two characters';
let pbx: FakeAmi;
let server: TestServer;
beforeAll(async () => {
  pbx = await startFakeAmi();
  const env = {
    METRICS_TOKEN: TOKEN,
    PUBLIC_URL: 'https://crm.example',
    METRICS_PORT: '0',
    PBX: `main=ami://allo:secret@127.0.0.1:${pbx.port}`,
  };
  server = await startServer({ env });
});
afterAll(async () => {
  await server.close();
  await pbx.close();
});

const read = (headers: Record<string, string> = {}, url = server.url) => createClient(url).request('GET', '/metrics', undefined, headers);
const figure = async (name: string) => Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec((await read()).body)?.[1]);

test('from this machine: the stream, its odd blocks, facts, the log, requests by route; no number, client or path in a label', async () => {
  await until(() => figure('allo_pbx_connected{pbx="main"}'), (connected) => connected === 1); // prettier-ignore
  const events = pbx.clients.find((client) => client.actions.some((a) => a.Action === 'CoreShowChannels'))!;
  const blocks = traceBytes('queue-answered')
    .toString()
    .split(/\r?\n\r?\n/);
  events.raw(`neither: this\r\n\r\n${blocks.filter((block) => /^Timestamp: /m.test(block)).join('\r\n\r\n')}\r\n\r\n`);
  await until(() => figure('allo_facts_total{pbx="main",kind="call.ended"}'), (ended) => ended === 1); // prettier-ignore
  await until(() => figure('allo_call_log_waiting'), (waiting) => waiting === 0); // prettier-ignore
  await server.guest.get('/api/clients/4711');
  await server.guest.get('/no/such/page/79161234567');
  const { status, body } = await read();
  expect(status).toBe(200);
  expect(body).toContain('allo_http_seconds_count{method="GET",route="/api/clients/:id",status="401"} 1');
  expect(body).toContain('allo_ami_odd_total{pbx="main",kind="malformed"} 1');
  expect(body).toContain('allo_ami_odd_total{pbx="main",kind="oversized"} 0');
  expect(body).toContain('allo_calls_up{pbx="main"} 0');
  expect(body).toContain('allo_call_log_dropped_total 0');
  expect(body).toContain('allo_call_log_lag_seconds 0');
  expect(body).toContain('allo_sockets{kind="live"} 0');
  expect(body).toContain('allo_jobs{state="active"} 0');
  expect(body).toContain('nodejs_eventloop_lag_seconds');
  expect(await figure('allo_ami_events_total{pbx="main",event="QueueCallerJoin"}')).toBe(1);
  expect(await figure('allo_call_log_written_total')).toBeGreaterThan(0);
  for (const secret of ['4711', '79161234567', '79000000001', 'secret']) expect(body).not.toContain(secret);
});

test('the second door has the figures and health, and nothing else', async () => {
  const url = server.metricsUrl!;
  expect((await read({}, url)).body).toContain('allo_pbx_connected{pbx="main"} 1');
  expect((await read({ via: 'a proxy' }, url)).status).toBe(403);
  const door = createClient(url);
  expect((await door.get('/healthz')).body).toEqual({ ok: true });
  expect((await door.get('/readyz')).body).toMatchObject({ ok: true, pbx: [{ name: 'main', connected: true }] });
  for (const path of ['/api/session', '/', '/live']) expect((await door.get(path)).status, path).toBe(404);
});

test('while the log cannot be written its lag and what waits are told', async () => {
  const writer = createCallWriter(server.app.deps, { retryMs: 60_000 });
  await server.db.schema.renameTable('calls', 'calls_away');
  new Story({ key: '1.1' }).facts.forEach((fact) => writer.hear(fact));
  await until(() => writer.stats(), ({ lagMs }) => lagMs > 100); // prettier-ignore
  expect(writer.stats()).toMatchObject({ waiting: 1, written: 0 });
  await server.db.schema.renameTable('calls_away', 'calls');
});

test('through a proxy it takes the token', async () => {
  for (const header of ['x-forwarded-for', 'forwarded', 'via']) expect((await read({ [header]: '127.0.0.1' })).status, header).toBe(403);
  expect((await read({ 'x-forwarded-for': '203.0.113.7', authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  expect((await read({ authorization: `Bearer ${TOKEN}x` })).status).toBe(403);
  expect((await read({ authorization: 'Bearer wrong' })).status).toBe(403);
});
