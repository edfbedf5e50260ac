import { verify } from '@node-rs/argon2';
import type { Knex } from 'knex';
import { beforeAll, expect, test } from 'vitest';
import { insertClients, insertTimeline } from '../../server/clients/bulk.ts';
import { clientsByNumber } from '../../server/clients/queries.ts';
import { inventCalls } from '../../server/demo/calls.ts';
import { inventClients } from '../../server/demo/clients.ts';
import { fillDemo } from '../../server/demo/fill.ts';
import { DEMO_PASSWORD, PEOPLE } from '../../server/demo/people.ts';
import { createRandom } from '../../server/demo/random.ts';
import { parsePhone } from '../../server/core/phone.ts';
import { eachDatabase } from '../support/db.ts';

const NOW = Date.UTC(2026, 10, 24, 13, 30); // a Tuesday, 16:30 in Moscow
const DAY = 86_400_000;
const customers = Array.from({ length: 200 }, (_, i) => ({ number: String(79070000000 + i), name: `N ${i}` }));
const month = () => inventCalls(createRandom(1), PEOPLE, customers, { from: NOW - 30 * DAY, now: NOW });

test('chance comes out the same each time', () => {
  expect(month()).toEqual(month());
  expect(inventClients(createRandom(1), 50)).toEqual(inventClients(createRandom(1), 50));
});

test('nobody talks to two at once, nothing lies in the future, every part lies within its call', () => {
  const calls = month();
  expect(calls.length).toBeGreaterThan(2000);
  const busy = new Map<string, { from: number; to: number }[]>();
  for (const call of calls) {
    expect(call.endedAt).toBeLessThan(NOW);
    expect(call.startedAt).toBeLessThanOrEqual(call.endedAt);
    for (const s of call.segments) {
      expect(s.from).toBeGreaterThanOrEqual(call.startedAt);
      expect(s.to).toBeLessThanOrEqual(call.endedAt);
      expect(s.from).toBeLessThanOrEqual(s.to);
      if (s.operator !== null) busy.set(s.operator, [...(busy.get(s.operator) ?? []), s]);
    }
    expect(call.answeredAt !== null).toBe(call.segments.some((s) => s.kind === 'talk'));
    expect(call.answeredAt !== null).toBe(call.endReason === 'completed');
  }
  expect(busy.size).toBe(8);
  for (const [login, parts] of busy) {
    const sorted = parts.sort((a, b) => a.from - b.from || a.to - b.to);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i]!.from, login).toBeGreaterThanOrEqual(sorted[i - 1]!.to);
  }
});

test('it looks like a contact centre: busy by day, some give up, some are called back', () => {
  const calls = month();
  const share = (of: (call: (typeof calls)[number]) => boolean, among = calls) => among.filter(of).length / among.length;
  const queued = calls.filter((c) => c.queue !== null);
  const abandoned = share((c) => c.endReason === 'abandoned', queued);
  expect(abandoned).toBeGreaterThan(0.02);
  expect(abandoned).toBeLessThan(0.3);
  expect(share((c) => c.direction === 'out')).toBeGreaterThan(0.05);
  expect(share((c) => c.outcome !== null)).toBeGreaterThan(0.6);
  expect(share((c) => new Date(c.startedAt).getUTCHours() < 4)).toBeLessThan(0.05);
  expect(new Set(calls.map((c) => c.endReason))).toEqual(new Set(['completed', 'abandoned', 'no-answer', 'busy']));
  expect(new Set(calls.map((c) => c.direction))).toEqual(new Set(['in', 'out', 'internal']));
});

test('numbers of the clients are numbers, and nobody’s', () => {
  const phones = inventClients(createRandom(2), 1000).flatMap((client) => client.phones);
  expect(phones.length).toBeGreaterThan(900);
  for (const phone of phones) {
    const { e164 } = parsePhone(phone.raw, 'RU');
    expect(e164, phone.raw).toMatch(/^\+(7(495|499|812|343)000\d{4}|79(07|35|45|75)\d{7}|44\d{2,3}(79460|4960)\d{3}|1\d{3}55501\d{2})$/);
  }
});

eachDatabase((open) => {
  let db: Knex;
  beforeAll(async () => {
    db = await open();
  });
  const deps = () => ({ db, now: () => NOW, country: 'RU', pbx: 'simulator', insertClients, insertTimeline });
  const tables = ['users', 'departments', 'extensions', 'clients', 'phones', 'search_words', 'timeline', 'calls', 'call_segments', 'call_operators', 'queue_members']; // prettier-ignore
  const counts = async (): Promise<Record<string, number>> =>
    Object.fromEntries(await Promise.all(tables.map(async (t) => [t, Number(((await db(t).count({ n: '*' })) as { n: number }[])[0]!.n)])));

  test('the demo is filled once, and can be looked around in', async () => {
    const filled = await fillDemo(deps(), { clients: 300, days: 5 });
    const had = await counts();
    expect(had).toMatchObject({ users: 12, departments: 2, extensions: 10, clients: 300, calls: filled!.calls });
    expect(filled!.calls).toBeGreaterThan(200);
    expect(await fillDemo(deps(), { clients: 300, days: 5 })).toBeNull();
    expect(await counts()).toEqual(had);

    const roles = (await db('users').select('role').count({ n: '*' }).groupBy('role')) as unknown as { role: string; n: number }[];
    expect(Object.fromEntries(roles.map((r) => [r.role, Number(r.n)]))).toEqual({
      operator: 8,
      supervisor: 2,
      administrator: 1,
      complaints: 1,
    });
    const anna = (await db('users').where({ login: 'anna' }).first()) as { id: number; password_hash: string };
    expect(await verify(anna.password_hash, DEMO_PASSWORD)).toBe(true);
    expect(await db('extensions').where({ user_id: anna.id }).first()).toMatchObject({ pbx: 'simulator', extension: '101' });
  });

  test('calls are joined to the one client who has the number, and stand in the history', async () => {
    const linked = (await db('calls').whereNotNull('client_id')) as { client_id: number; from_raw: string; to_raw: string; direction: string; pbx: string; linkedid: string }[]; // prettier-ignore
    expect(linked.length).toBeGreaterThan(100);
    for (const call of linked.slice(0, 50)) {
      const found = await clientsByNumber(db, call.direction === 'out' ? call.to_raw : call.from_raw, 'RU');
      expect(found.map((c) => c.id)).toEqual([call.client_id]);
    }
    const [row] = (await db('timeline').where({ kind: 'call' }).count({ n: '*' })) as { n: number }[];
    expect(Number(row!.n)).toBe(linked.length);
    const unknown = (await db('clients').whereNotNull('contact_at').count({ n: '*' })) as { n: number }[];
    expect(Number(unknown[0]!.n)).toBe(new Set(linked.map((c) => c.client_id)).size);
  });

  test('a fill that fails leaves nothing behind', async () => {
    const other = await open();
    const failing = { ...deps(), db: other, insertTimeline: () => Promise.reject(new Error('disk full')) };
    await expect(fillDemo(failing, { clients: 20, days: 2 })).rejects.toThrow('disk full');
    for (const table of ['users', 'clients', 'calls', 'departments'])
      expect(Number(((await other(table).count({ n: '*' })) as { n: number }[])[0]!.n), table).toBe(0);
  });
});
