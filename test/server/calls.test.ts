import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { dialable } from '../../server/calls/phone-orders.ts';
import { placeOf, sums } from '../../server/calls/shape.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story, answered } from '../support/facts.ts';

const now = Date.now();

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
  });
  beforeEach(async () => {
    await centre.db('calls').delete();
    await centre.db('timeline').where('kind', 'call').delete();
  });
  afterAll(() => centre.close());
  const path = (key: string, end = '') => `/api/calls/main:${key}${end}`;
  const file = (key: string, outcome: string, note = '', who = centre.anna) => who.put(path(key, '/outcome'), { outcome, note });

  test('my calls: newest first, page by page, mine only', async () => {
    const start = (i: number) => now - 1_000_000 + Math.floor(i / 3) * 1000; // three of them begin in the same moment
    for (let i = 0; i < 7; i += 1) await centre.write(answered(`1.${i}`, '101', start(i)).facts);
    await centre.write(answered('1.900', '102', now).facts);
    const seen: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const { status, body } = await centre.anna.get(`/api/calls/mine?limit=2${after && `&after=${after}`}`);
      expect(status).toBe(200);
      seen.push(...body.items.map((c: { ref: string }) => c.ref));
      after = body.next;
    }
    expect(seen.length).toBe(7);
    expect(new Set(seen).size).toBe(7);
    const { body } = await centre.anna.get('/api/calls/mine');
    expect(body.items.map((c: { startedAt: number }) => c.startedAt)).toEqual([6, 5, 4, 3, 2, 1, 0].map(start));
    expect(body.items[0]).toMatchObject({
      number: '+79161234567',
      client: { id: centre.ivan, name: 'Ivan Petrov' },
      operators: [{ id: centre.anna.userId }],
      talkMs: 10_000,
      waitMs: 4000,
      outcome: null,
      note: '',
    });
    expect((await centre.boris.get('/api/calls/mine')).body.items.map((c: { ref: string }) => c.ref)).toEqual(['main:1.900']);
  });

  test('one call with its segments: for who took part and for supervisors', async () => {
    await centre.write(answered('2.1', '101', now).facts);
    const { body } = await centre.anna.get(path('2.1'));
    expect(body.can).toMatchObject({ outcome: true, attach: true });
    expect(body.call.segments.map((s: { kind: string; user: { name: string } | null }) => [s.kind, s.user?.name ?? null])).toEqual([
      ['queue', null],
      ['offer', 'Anna'],
      ['talk', 'Anna'],
    ]);
    expect((await centre.boris.get(path('2.1'))).status).toBe(403);
    expect((await centre.admin.get(path('2.1'))).body.can).toMatchObject({ outcome: true, attach: true });
    const officer = await centre.signIn('complaints');
    expect((await officer.get(path('2.1'))).body.can).toMatchObject({ outcome: false, attach: false });
    expect((await officer.put(path('2.1', '/outcome'), { outcome: 'sale' })).status).toBe(403);
  });

  test('an outcome is saved on the call, on the timeline and as an event; the same again changes nothing', async () => {
    await centre.write(answered('3.1', '101', now).facts);
    expect((await file('3.1', 'do-not-call', 'line 1\nline 2 😀')).status).toBe(204);
    expect((await file('3.1', 'do-not-call', 'line 1\nline 2 😀')).status).toBe(204);
    expect(await centre.db('call_outcomes').select('outcome', 'user_id')).toEqual([
      { outcome: 'do-not-call', user_id: centre.anna.userId },
    ]);
    expect((await file('3.1', 'sale')).status).toBe(204);
    const { calls, timeline } = await centre.log();
    expect(calls[0].outcome).toBe('sale');
    expect(JSON.parse(calls[0].outcome_flags)).toEqual(expect.arrayContaining(['sale', 'do-not-call']));
    expect(JSON.parse(timeline[0].data).outcome).toBe('sale');
    expect(await centre.db('call_outcomes').pluck('outcome')).toEqual(['do-not-call', 'sale']);
    expect((await centre.db('audit').where('what', 'call.outcome')).length).toBeGreaterThan(1);
    await centre.write(answered('3.1', '101', now).facts);
    expect((await centre.log()).calls[0].outcome).toBe('sale');
  });

  test('an outcome of a call that is up, whose row nobody has written yet', async () => {
    const call = new Story({ key: '4.1' }, now)
      .queued(10, 'support')
      .begin(20, 'offer', '101')
      .end(90, 'offer', 'answered', '101')
      .begin(90, 'talk', '101');
    call.facts.forEach((fact) => centre.bus.emit('cti.fact', fact));
    await until(() => centre.anna.get('/api/calls/live'), ({ body }) => body.items.some((c: { ref: string; phase: string }) => c.ref === 'main:4.1' && c.phase === 'talking')); // prettier-ignore
    expect((await file('4.1', 'resolved', '', centre.boris)).status).toBe(403);
    expect((await file('4.1', 'resolved')).status).toBe(204);
    const live = await until(() => centre.anna.get('/api/calls/live'), ({ body }) => body.items.some((c: { outcome: string | null }) => c.outcome === 'resolved')); // prettier-ignore
    expect(live.body.items[0].phase).toBe('talking');
    await centre.write(call.end(5000, 'talk', 'customer').hangup(5000, 'completed').facts);
    expect((await centre.log()).calls).toMatchObject([{ linkedid: '4.1', outcome: 'resolved', talk_ms: 4910, end_reason: 'completed' }]);
    centre.bus.emit('cti.fact', call.facts.at(-1)!);
    await until(
      () => centre.anna.get('/api/calls/live'),
      ({ body }) => body.items.length === 0,
    );
  });

  test('wrap-up: a call that ended without an outcome stays on the screen, also when our memory of it is gone', async () => {
    await centre.write(answered('5.1', '101', Date.now() - 20_000).facts);
    const { body } = await centre.anna.get('/api/calls/live');
    expect(body.items).toMatchObject([{ ref: 'main:5.1', phase: 'ended', clients: [{ id: centre.ivan }], outcome: null }]);
    await file('5.1', 'resolved');
    expect((await centre.anna.get('/api/calls/live')).body.items).toEqual([]);
    await centre.write(answered('5.2', '101', Date.now() - 3_600_000).facts);
    expect((await centre.anna.get('/api/calls/live')).body.items).toEqual([]);
  });

  test('attaching moves the call from one client to another, on both timelines', async () => {
    const other = (await centre.admin.post('/api/clients', { name: 'Other' })).body.client.id as number;
    await centre.write(answered('6.1', '101', now).facts);
    expect((await centre.anna.post(path('6.1', '/attach'), { clientId: other })).status).toBe(204);
    expect((await centre.log()).timeline.map((t) => t.client_id)).toEqual([other]);
    await centre.write(answered('6.1', '101', now).facts);
    expect((await centre.log()).calls[0].client_id).toBe(other);
    expect((await centre.anna.get(path('6.1'))).body.call.client).toMatchObject({ id: other, name: 'Other' });
  });

  test('nobody learns the name of a client they may not read by attaching it', async () => {
    const [department] = await centre.db('departments').insert({ name: 'Elsewhere', created_at: 1 }).catch(async () => centre.db('departments').insert({ name: 'Elsewhere' })); // prettier-ignore
    const hidden = (await centre.admin.post('/api/clients', { name: 'Hidden' })).body.client.id as number;
    await centre.db('clients').where('id', hidden).update({ department_id: department });
    await centre.write(answered('7.1', '101', now).facts);
    for (const clientId of [hidden, 999_999])
      expect(await centre.anna.post(path('7.1', '/attach'), { clientId })).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid' } },
      });
    expect((await centre.log()).calls[0].client_id).toBe(centre.ivan);
    expect((await centre.anna.post('/api/calls/dial', { number: '+79161234567', clientId: hidden })).status).toBe(400);
  });

  test('the call grants its operator the card, the audit says so, and the outcome ends it', async () => {
    const department = await centre.db('departments').first('id');
    await centre.db('clients').where('id', centre.ivan).update({ department_id: department.id });
    try {
      const card = `/api/clients/${centre.ivan}`;
      expect((await centre.anna.get(card)).status).toBe(403);
      const call = new Story({ key: '8.1' }, now).queued(10, 'support').begin(20, 'offer', '101');
      call.facts.forEach((fact) => centre.bus.emit('cti.fact', fact));
      await until(
        () => centre.anna.get(card),
        ({ status }) => status === 200,
      );
      expect((await centre.anna.get(card)).status).toBe(200);
      expect((await centre.boris.get(card)).status).toBe(403);
      expect(await centre.db('audit').where('what', 'client.read by call').select('actor_id')).toEqual([{ actor_id: centre.anna.userId }]);
      const told = call.facts.length;
      call.end(900, 'offer', 'answered', '101').begin(900, 'talk', '101').end(2000, 'talk', 'agent').hangup(2000, 'completed');
      call.facts.slice(told).forEach((fact) => centre.bus.emit('cti.fact', fact));
      await centre.write(call.facts);
      expect((await centre.anna.get(card)).status).toBe(200);
      await file('8.1', 'resolved');
      await until(
        () => centre.anna.get(card),
        ({ status }) => status === 403,
      );
    } finally {
      await centre.db('clients').where('id', centre.ivan).update({ department_id: null });
    }
  });

  test('dialling grants no card before the other side is really called: who rings only their own phone reads nobody', async () => {
    const department = await centre.db('departments').first('id');
    await centre.db('clients').where('id', centre.ivan).update({ department_id: department.id });
    const card = `/api/clients/${centre.ivan}`;
    const out = (key: string) =>
      new Story({ key, direction: 'out', from: '101', fromName: 'Anna', to: '89161234567', initiator: '101' }, now).begin(
        10,
        'offer',
        '101',
      );
    const tell = async (story: Story, from = 0) => {
      story.facts.slice(from).forEach((fact) => centre.bus.emit('cti.fact', fact));
      await centre.write(story.facts.slice(from));
    };
    const shown = (ref: string, phase: string) =>
      until(
        () => centre.anna.get('/api/calls/live'),
        ({ body }) =>
          body.items.some((c: { ref: string; phase: string; clients: unknown }) => c.ref === ref && c.phase === phase && c.clients),
      );
    try {
      const refused = out('9.1');
      await tell(refused);
      await shown('main:9.1', 'dialling');
      expect((await centre.anna.get(card)).status).toBe(403);
      const told = refused.facts.length;
      await tell(refused.end(900, 'offer', 'rejected', '101').hangup(900, 'failed'), told);
      await shown('main:9.1', 'ended');
      expect((await centre.anna.get(card)).status).toBe(403);

      const placed = out('9.2').end(500, 'offer', 'answered', '101');
      await tell(placed);
      await until(
        () => centre.anna.get(card),
        ({ status }) => status === 200,
      );
      const ended = placed.facts.length;
      await tell(placed.hangup(2000, 'busy'), ended);
      for (const key of ['9.1', '9.2']) await file(key, 'resolved');
    } finally {
      await centre.db('clients').where('id', centre.ivan).update({ department_id: null });
    }
  });

  test('the outcomes to choose from', async () => {
    const { body } = await centre.anna.get('/api/outcomes');
    expect(body.items.map((o: { code: string }) => o.code)).toEqual(
      expect.arrayContaining(['resolved', 'sale', 'call-back', 'do-not-call']),
    );
    expect(body.items.map((o: { code: string }) => o.code)).not.toContain('fax');
  });

  test('bad input is refused and changes nothing', async () => {
    await centre.write(answered('9.1', '101', now).facts);
    const before = await centre.log();
    const bad: [string, string, unknown, number][] = [
      ['PUT', path('9.1', '/outcome'), { outcome: 'no-such' }, 400],
      ['PUT', path('9.1', '/outcome'), { outcome: 'fax' }, 400],
      ['PUT', path('9.1', '/outcome'), { outcome: '' }, 400],
      ['PUT', path('9.1', '/outcome'), { outcome: 5 }, 400],
      ['PUT', path('9.1', '/outcome'), { outcome: 'sale', note: 'x'.repeat(10_001) }, 400],
      ['PUT', path('9.1', '/outcome'), '{', 400],
      ['PUT', path('9.1', '/outcome'), undefined, 400],
      ['PUT', path('404.1', '/outcome'), { outcome: 'sale' }, 404],
      ['PUT', '/api/calls/nonsense/outcome', { outcome: 'sale' }, 400],
      ['PUT', `/api/calls/main:${'9'.repeat(101)}/outcome`, { outcome: 'sale' }, 400],
      ['POST', path('9.1', '/attach'), { clientId: 'one' }, 400],
      ['POST', path('9.1', '/attach'), { clientId: -1 }, 400],
      ['POST', path('9.1', '/attach'), {}, 400],
      ['POST', path('404.1', '/attach'), { clientId: centre.ivan }, 404],
      ['POST', path('404.1', '/hangup'), undefined, 404],
      ['POST', path('9.1', '/hangup'), undefined, 409],
      ['POST', path('9.1', '/answer'), undefined, 409],
      ['POST', '/api/calls/dial', { number: '' }, 400],
      ['POST', '/api/calls/dial', { number: 'call me' }, 400],
      ['POST', '/api/calls/dial', { number: '101' }, 400],
      ['POST', '/api/calls/dial', { number: '1;DROP\r\nAction: Hangup' }, 400],
      ['POST', '/api/calls/dial', { number: '9'.repeat(61) }, 400],
      ['GET', '/api/calls/mine?after=x', undefined, 400],
      ['GET', '/api/calls/mine?after=1-2-3', undefined, 400],
      ['GET', '/api/calls/mine?limit=0', undefined, 400],
      ['GET', '/api/calls/mine?limit=101', undefined, 400],
      ['GET', path('404.1'), undefined, 404],
      ['GET', '/api/calls/%00', undefined, 400],
    ];
    for (const [method, url, body, status] of bad) {
      const answer = await centre.anna.request(method, url, body);
      expect([method, url, body, answer.status, typeof answer.body.error.code]).toEqual([method, url, body, status, 'string']);
      if (body !== '{') expect((await centre.guest.request(method, url, body)).status).toBe(401);
    }
    expect(await centre.log()).toEqual(before);
    expect(await centre.db('call_outcomes')).toEqual([]);
  });

  test('orders to a PBX that is away, or without a phone, are told as such', async () => {
    expect(await centre.anna.post('/api/calls/dial', { number: '8 916 123-45-67' })).toMatchObject({
      status: 503,
      body: { error: { code: 'pbx_unavailable' } },
    });
    expect(await centre.admin.post('/api/calls/dial', { number: '8 916 123-45-67' })).toMatchObject({ status: 409, body: { error: { data: { reason: 'no_extension' } } } }); // prettier-ignore
    expect((await centre.boris.post(path('9.9', '/hangup'))).status).toBe(404);
  });
});

test.each([
  ['8 (916) 123-45-67', '+79161234567'],
  ['+44 20 7946 0958', '+442079460958'],
  ['102', '102'],
  ['*98', '*98'],
  ['112', '112'],
  ['вн. 5', null],
  ['1-800-FLOWERS!', null],
  ['102@other', null],
  ['102,Variable: x', null],
])('%s is dialled as %s', (number, dialled) => expect(dialable(number, 'RU')).toBe(dialled));

test('talk counts each moment once, and waiting ends with the first answer', () => {
  const talk = (from: number, to: number | null) => ({ kind: 'talk', from, to });
  const spans = {
    startedAt: 0,
    answeredAt: 10,
    endedAt: 100,
    segments: [talk(10, 50), talk(40, 60), talk(70, null), { kind: 'queue', from: 0, to: 10 }],
  };
  expect(sums(spans)).toEqual({ waitMs: 10, talkMs: 80 });
  expect(sums({ ...spans, answeredAt: null, endedAt: null, segments: [] })).toEqual({ waitMs: 0, talkMs: 0 });
  expect(sums({ ...spans, answeredAt: -5, segments: [talk(50, 10)] })).toEqual({ waitMs: 0, talkMs: 0 });
});

test('where an operator stands in a call', () => {
  const story = () => new Story({ key: 'p.1' }, 0);
  expect(placeOf(story().call, '101')).toBeNull();
  expect(placeOf(story().begin(1, 'offer', '101').call, '101')).toMatchObject({ phase: 'ringing', offeredAt: 1 });
  expect(placeOf(story().begin(1, 'offer', '101').call, '102')).toBeNull();
  expect(placeOf(story().begin(1, 'offer', '101').end(2, 'offer', 'answered').call, '101')).toMatchObject({ phase: 'talking' });
  expect(placeOf(story().begin(1, 'talk', '101').end(5, 'talk', 'transferred').call, '101')).toMatchObject({ phase: 'ended', endedAt: 5 });
  expect(placeOf(story().begin(1, 'talk', '101').end(5, 'talk', 'transferred').begin(6, 'offer', '101').call, '101')).toMatchObject({
    phase: 'ringing',
  });
  expect(placeOf(story().begin(1, 'talk', '101').end(5, 'talk', 'customer').begin(5, 'hold', '101').call, '101')).toMatchObject({
    phase: 'talking',
  });
  expect(placeOf(story().begin(1, 'offer', '101').end(2, 'offer', 'cancelled').hangup(2, 'abandoned').call, '101')).toMatchObject({
    phase: 'missed',
  });
  const out = new Story({ key: 'p.2', direction: 'out', initiator: '101' }, 0);
  expect(placeOf(out.call, '101')).toMatchObject({ phase: 'dialling' });
  expect(placeOf(out.hangup(9, 'busy', 17).call, '101')).toMatchObject({ phase: 'ended', endedAt: 9 });
});
