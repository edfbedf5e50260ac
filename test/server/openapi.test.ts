import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

interface Operation {
  operationId: string;
  summary: string;
  requestBody?: unknown;
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}

test('the API describes itself: every route, with its body and its answers', async () => {
  const { status, body } = await server.guest.get('/api/openapi.json');
  expect(status).toBe(200);
  expect(body.openapi).toBe('3.1.0');
  const paths = body.paths as Record<string, Record<string, Operation>>;
  const routes = server.app.features.flatMap((feature) => feature.routes ?? []);
  for (const spec of routes) {
    const operation = paths[`/api${spec.path.replace(/:(\w+)/g, '{$1}')}`]?.[spec.method];
    expect(operation, `${spec.method} ${spec.path}`).toBeDefined();
    expect(Boolean(operation!.requestBody)).toBe(Boolean(spec.body));
    expect(operation!.responses.default).toBeDefined();
  }
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
  expect(new Set(ids).size).toBe(ids.length);
});

test('every reference in it leads somewhere', async () => {
  const { body } = await server.guest.get('/api/openapi.json');
  for (const [, ref] of JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = ref!.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], body);
    expect(found, ref).toBeDefined();
  }
});

test('health: alive, and ready with each PBX', async () => {
  expect(await server.guest.get('/healthz')).toMatchObject({ status: 200, body: { ok: true } });
  const ready = await server.guest.get('/readyz');
  expect(ready).toMatchObject({ status: 200, body: { ok: true, database: true, bus: true, pbx: [{ name: 'main', connected: false }] } });
  expect(ready.body.pbx[0].since).toBeTypeOf('number');
});

test('pages carry the headers that keep foreign code out', async () => {
  const { headers } = await server.guest.get('/healthz');
  const csp = headers.get('content-security-policy')!;
  expect(csp).toMatch(/script-src 'self';/);
  expect(csp).not.toMatch(/script-src[^;]*unsafe/);
  expect(csp).toMatch(/frame-ancestors 'none'/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-powered-by')).toBeNull();
});
