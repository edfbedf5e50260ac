import { afterAll, beforeAll, expect, test } from 'vitest';
import { answered } from '../support/facts.ts';
import { createClient, startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const TOKEN = 'a token of more than thirty-two characters';
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ env: { METRICS_TOKEN: TOKEN, PUBLIC_URL: 'https://crm.example' } });
});
afterAll(() => server.close());

const read = (headers: Record<string, string> = {}) => createClient(server.url).request('GET', '/metrics', undefined, headers);

test('from this machine: facts, requests by route, the PBX; no number, client or path in a label', async () => {
  const { facts } = answered('1790000000.1');
  for (const fact of facts) server.bus.emit('cti.fact', fact);
  await server.guest.get('/api/clients/4711');
  await server.guest.get('/no/such/page/79161234567');
  const { status, body } = await read();
  expect(status).toBe(200);
  expect(body).toContain('allo_facts_total{kind="call.ended"} 1');
  expect(body).toContain('allo_http_seconds_count{method="GET",route="/api/clients/:id",status="401"} 1');
  expect(body).toContain('allo_pbx_connected{pbx="main"} 0');
  expect(body).toContain('allo_call_log_waiting ');
  expect(body).toContain('nodejs_eventloop_lag_seconds');
  for (const secret of ['4711', '79161234567', '1790000000.1']) expect(body).not.toContain(secret);
});

test('through a proxy it takes the token', async () => {
  for (const header of ['x-forwarded-for', 'forwarded', 'via']) expect((await read({ [header]: '127.0.0.1' })).status, header).toBe(403);
  expect((await read({ 'x-forwarded-for': '203.0.113.7', authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  expect((await read({ authorization: `Bearer ${TOKEN}x` })).status).toBe(403);
  expect((await read({ authorization: 'Bearer wrong' })).status).toBe(403);
});
