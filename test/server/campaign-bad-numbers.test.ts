import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDialler } from '../../cti/index.ts';
import type { DialOrder, Fact } from '../../cti/index.ts';
import { nextNumber } from '../../server/campaigns/bad.ts';
import { dialStore } from '../../server/campaigns/store.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story } from '../support/facts.ts';

describe('the number of the next attempt', () => {
  test.each([
    [0, [], 'a'],
    [1, [], 'b'],
    [3, [], 'a'],
    [1, ['a'], 'b'],
    [1, ['b'], 'c'],
    [2, ['c'], 'a'],
    [0, ['a', 'b', 'c'], null],
  ])('after %d attempts, with bad %j: %s', (attempts, bad: string[], expected) => {
    expect(nextNumber(['a', 'b', 'c'], attempts, (one) => bad.includes(one))).toBe(expected);
  });
});

/** Numbers that nobody has are dialled once, by what the network says (Q.850 causes 1 and 28). */
eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  let skew = 0;
  beforeAll(async () => {
    centre = await startCallCentre(engine, { PBX: 'other=ami://user:secret@127.0.0.1:1' });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    await centre.db('queues').insert({ pbx: 'main', name: 'support', label: '' });
    await centre.db('queue_members').insert({ pbx: 'main', queue: 'support', user_id: centre.anna.userId, penalty: 0 });
    const { items } = (await vera.get('/api/dialling/profiles')).body;
    const uk = items.find((one: { code: string }) => one.code === 'UK');
    const always = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };
    await centre.admin.post('/api/dialling/profiles', { code: 'ALWAYS', name: 'Tests', rules: { ...uk.rules, hours: always, perNumber: [{ days: 1, most: 9 }] } }); // prettier-ignore
  });
  afterAll(() => centre.close());

  const run = async (text: string) => {
    const draft = { name: 'Welcome', pbx: 'main', queue: 'support', mode: 'progressive', profile: 'ALWAYS', purpose: 'service' };
    const { id } = (await vera.post('/api/campaigns', draft)).body.campaign;
    await vera.post(`/api/campaigns/${id}/contacts`, { text });
    for (const to of ['approved', 'running']) expect((await vera.post(`/api/campaigns/${id}/state`, { to })).status).toBe(200);
    return id as number;
  };
  const person = async (id: number) => (await vera.get(`/api/campaigns/${id}/contacts`)).body.items[0];
  const client = async (phones: object[]) =>
    (await vera.post('/api/clients', { kind: 'person', name: 'Olga Sidorova', phones })).body.client as { id: number };
  const card = async (id: number) => (await vera.get(`/api/clients/${id}`)).body.client;

  const dialler = () => {
    const placed: DialOrder[] = [];
    const store = dialStore(centre.app.deps, 'main');
    const dial = async (order: DialOrder) => void placed.push(order);
    const made = createDialler({ store, now: () => Date.now() + skew, log: centre.app.deps.log, everyMs: 0, dial });
    const at = Date.now();
    const facts: Fact[] = [
      { kind: 'pbx.status', pbx: 'main', at, status: { name: 'main', state: 'connected', since: at, reason: null, clockOffsetMs: 0 } },
      { kind: 'queue.member', pbx: 'main', at, queue: 'support', agent: '101', present: true, paused: false, reason: '' },
      { kind: 'agent.state', pbx: 'main', at, agent: '101', state: 'idle' },
    ];
    facts.forEach(made.hear);
    const ended = async (cause: number) => {
      const { id: key, number } = placed.at(-1)!;
      const story = new Story({ key, direction: 'out', from: '', to: number }, Date.now() - 10_000).hangup(1_000, 'failed', cause);
      story.facts.forEach(made.hear);
      await centre.write(story.facts);
      return story;
    };
    const tick = () => ((skew += 500), made.tick());
    /** A campaign that had nobody to call is looked at again after some rounds. */
    const placing = async (count: number) => {
      for (let i = 0; i < 60 && placed.length < count; i += 1) await tick();
      expect(placed).toHaveLength(count);
    };
    return { placed, ended, tick, placing };
  };

  test('the card says so with its history, the next number is tried at once, and whoever has no other is through', async () => {
    const { id: clientId } = await client([{ raw: '+79163000001', purpose: 'home' }, { raw: '+79163000002' }]);
    const other = await client([{ raw: '+79163000001' }]);
    const id = await run('Телефон 1;Телефон 2\n+79163000001;+79163000002');
    const { placed, ended, placing } = dialler();
    await placing(1);
    expect(placed.map(({ number }) => number)).toEqual(['+79163000001']);
    const before = (await card(clientId)).version;
    const first = await ended(1);
    const { phones, version } = await card(clientId);
    expect(phones.map((phone: { badSince: number | null; purpose: string }) => [phone.badSince !== null, phone.purpose])).toEqual([[true, 'home'], [false, '']]); // prettier-ignore
    expect(version).toBe(before + 1);
    expect((await card(other.id)).phones[0].badSince).toBe(phones[0].badSince);
    const { items } = (await vera.get(`/api/clients/${clientId}/timeline`)).body;
    const edited = items.filter(({ kind }: { kind: string }) => kind === 'edited');
    expect(edited.map(({ data }: { data: { fields: string[] } }) => data.fields)).toEqual([['phones']]);
    expect(await person(id)).toMatchObject({ state: 'ready', reason: 'next-number' });

    await placing(2);
    expect(placed.map(({ number }) => number)).toEqual(['+79163000001', '+79163000002']);
    await ended(28);
    expect(await person(id)).toMatchObject({ state: 'stopped', reason: 'bad-number', attempts: 2 });

    // good again by one hand on one card: it is dialled, and the log of the old call does not undo it
    const now = await card(clientId);
    const good = now.phones.map(({ raw, purpose, bestTime }: { raw: string; purpose: string; bestTime: string }) => ({ raw, purpose, bestTime, badSince: null })); // prettier-ignore
    expect((await vera.patch(`/api/clients/${clientId}`, { version: now.version, phones: good })).status).toBe(200);
    await centre.write(first.facts);
    expect((await card(clientId)).phones.map((phone: { badSince: number | null }) => phone.badSince)).toEqual([null, null]);
    const { id: contactId } = await person(id);
    expect((await vera.post(`/api/campaigns/contacts/${contactId}/release`)).status).toBe(204);
    await placing(3);
    await ended(17);
    await vera.post(`/api/campaigns/${id}/state`, { to: 'paused' });
  });

  test('another campaign does not dial it, and says why; a number on no card is bad for this person', async () => {
    await client([{ raw: '+79163000003', badSince: 1 }]);
    const id = await run('+79163000003');
    const { placed, ended, tick, placing } = dialler();
    await tick();
    expect(placed).toEqual([]);
    expect(await person(id)).toMatchObject({ state: 'stopped', reason: 'bad-number', attempts: 0 });
    const stranger = await run('+79163000009');
    await placing(1);
    await ended(1);
    expect(await person(stranger)).toMatchObject({ state: 'stopped', reason: 'bad-number', attempts: 1 });
    // neither a person who is busy nor a trunk without a line says anything of the number
    await client([{ raw: '+79163000010' }]);
    const lines = await run('+79163000010');
    await placing(2);
    await ended(34);
    expect(await person(lines)).toMatchObject({ state: 'ready', reason: 'trunk' });
    expect((await centre.db('phones').where({ e164: '+79163000010' }).first()).bad_since).toBeNull();
  });

  test('a way that answers so to everything: after eight in a row nobody is marked and nobody is burnt, the dialler rests and says so', async () => {
    const numbers = Array.from({ length: 12 }, (_x, i) => `+791640000${String(i).padStart(2, '0')}`);
    for (const raw of numbers) await client([{ raw }]);
    const id = await run(numbers.join('\n'));
    await centre.db('attempts').delete();
    const { placed, ended, tick, placing } = dialler();
    for (let n = 1; n <= 8; n += 1) {
      await placing(n);
      await ended(1);
    }
    const marked = async () => (await centre.db('phones').whereIn('e164', numbers).whereNotNull('bad_since')).length;
    expect(await marked()).toBe(7);
    const states = async () => (await centre.db('campaign_contacts').where({ campaign_id: id }).select('state', 'reason')) as { state: string; reason: string }[]; // prettier-ignore
    expect((await states()).filter(({ reason }) => reason === 'bad-number')).toHaveLength(7);
    expect((await states()).filter(({ state, reason }) => state === 'ready' && reason === 'trunk')).toHaveLength(1);
    await tick();
    expect(placed).toHaveLength(8);
    expect((await vera.get(`/api/campaigns/${id}`)).body.run.stall).toBe('trunk');
    // one tries it after the rest; when it is answered again all goes on
    await placing(9);
    await ended(17);
    await placing(10);
    await ended(1);
    expect(await marked()).toBe(8);
    await vera.post(`/api/campaigns/${id}/state`, { to: 'paused' });
  });
});
