import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { missOf } from '../../server/missed/kind.ts';
import { settleCalls } from '../../server/calls/settle.ts';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story, answered } from '../support/facts.ts';

describe('what is missed', () => {
  const call = { pbx: 'main', linkedid: '1.1', direction: 'in', number: '+79161234567', answeredAt: null, endedAt: 30_000, endReason: 'abandoned', segments: [] } as const; // prettier-ignore
  const seg = (kind: string, from: number, to: number, end_reason: string, more: object = {}) => ({ kind, user_id: null, queue: null, started_at: from, ended_at: to, end_reason, ...more }); // prettier-ignore
  const queue = (from: number, to: number, reason: string) => seg('queue', from, to, reason, { queue: 'support' });
  test.each([
    ['given up in a queue', { segments: [queue(0, 30_000, 'abandoned')] }, { kind: 'abandoned', queue: 'support', userId: null }],
    ['given up at once', { endedAt: 4_999, segments: [queue(0, 4_999, 'abandoned')] }, null],
    ['given up at the limit', { endedAt: 5_000, segments: [queue(0, 5_000, 'abandoned')] }, { kind: 'abandoned' }],
    ['a short second visit, a long wait', { segments: [queue(0, 28_000, 'timeout'), queue(29_000, 30_000, 'abandoned')] }, { kind: 'abandoned' }], // prettier-ignore
    ['out by time-out, at once', { endedAt: 1_000, endReason: 'no-answer', segments: [queue(0, 1_000, 'timeout')] }, { kind: 'flow-out' }],
    ['nobody in the queue', { endedAt: 10, endReason: 'failed', segments: [queue(0, 10, 'empty')] }, { kind: 'flow-out' }],
    ['on an own extension', { endReason: 'no-answer', segments: [seg('offer', 0, 30_000, 'no-answer', { user_id: 7 })] }, { kind: 'no-answer', queue: null, userId: 7 }], // prettier-ignore
    ['rang for a second', { endedAt: 1_000, segments: [seg('offer', 0, 1_000, 'cancelled', { user_id: 7 })] }, null],
    [
      'busy',
      { endedAt: 100, endReason: 'busy', segments: [seg('offer', 0, 100, 'busy', { user_id: 7 })] },
      { kind: 'no-answer', userId: 7 },
    ],
    ['in the menu only', { segments: [seg('ivr', 0, 30_000, 'abandoned')] }, null],
    ['answered', { answeredAt: 10_000, segments: [queue(0, 10_000, 'answered')] }, null],
    ['still up', { endedAt: null, endReason: null, segments: [queue(0, 10_000, 'abandoned')] }, null],
    ['nobody saw how it ended', { endReason: 'lost', segments: [queue(0, 30_000, 'lost')] }, null],
    ['out', { direction: 'out', segments: [seg('offer', 0, 30_000, 'no-answer')] }, null],
    ['among colleagues', { direction: 'internal', segments: [seg('offer', 0, 30_000, 'no-answer', { user_id: 7 })] }, null],
  ] as const)('%s', (_, change, expected) => {
    const miss = missOf({ ...call, ...change }, 5_000);
    if (expected === null) expect(miss).toBe(null);
    else expect(miss).toMatchObject(expected);
  });
});

/** Anna (101) serves support, Boris (102) sales. */
eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  let serial = 0;
  const T = Date.now() - 3_600_000;
  const NUMBER = '+79161234567';
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    for (const [queue, who] of [
      ['support', centre.anna],
      ['sales', centre.boris],
    ] as const) {
      // prettier-ignore
      await centre.db('queues').insert({ pbx: 'main', name: queue, label: '' });
      await centre.db('queue_members').insert({ pbx: 'main', queue, user_id: who.userId, penalty: 0 });
    }
  });
  beforeEach(() => {
    serial += 1;
  });
  afterEach(async () => {
    for (const table of ['missed', 'missed_tries', 'calls', 'call_segments', 'call_operators']) await centre.db(table).delete();
  });
  afterAll(() => centre.close());

  const key = (n: number | string) => `17905${serial}.${n}`;
  const at = (minute: number) => T + minute * 60_000;
  const gaveUp = (n: number | string, minute: number, queue = 'support', from = NUMBER, wait = 20_000) =>
    new Story({ key: key(n), from }, at(minute)).queued(0, queue).end(wait, 'queue', 'abandoned').hangup(wait, 'abandoned');
  const dialled = (n: number | string, minute: number, talks: boolean, to = NUMBER) => {
    const call = new Story({ key: key(n), direction: 'out', from: '101', to, initiator: '101' }, at(minute)).begin(0, 'offer', '101').end(500, 'offer', 'answered', '101'); // prettier-ignore
    return talks ? call.begin(900, 'talk', '101').end(5_000, 'talk', 'customer').hangup(5_000, 'completed') : call.hangup(9_000, 'no-answer', 19); // prettier-ignore
  };
  const write = (...stories: Story[]) => centre.write(stories.flatMap((story) => story.facts));
  const list = async (who: typeof vera = vera, query = '') => (await who.get(`/api/missed${query}`)).body;
  const items = async (who: typeof vera = vera, query = '') => (await list(who, query)).items;

  test('five tries of one number are one, which whoever serves the queue and the supervisor see', async () => {
    for (let i = 0; i < 5; i += 1) await write(gaveUp(i, i));
    const [one, ...more] = await items();
    expect(more).toEqual([]);
    expect(one).toMatchObject({ number: NUMBER, kind: 'abandoned', queues: ['support'], tries: 5, attempts: 0, firstAt: at(0) + 20_000, lastAt: at(4) + 20_000, taken: null }); // prettier-ignore
    expect(one.client).toMatchObject({ id: centre.ivan });
    expect(await items(centre.anna)).toHaveLength(1);
    expect(await items(centre.boris)).toEqual([]);
    expect((await centre.guest.get('/api/missed')).status).toBe(401);
    expect((await centre.boris.post(`/api/missed/${one.id}/take`)).status).toBe(404);
  });

  test('written again, by whichever way, it is the same; a short abandon is none', async () => {
    await write(gaveUp(1, 0), gaveUp(2, 1));
    const rows = () => Promise.all([centre.db('missed').select(), centre.db('missed_tries').select()]);
    const before = await rows();
    await write(gaveUp(1, 0), gaveUp(2, 1));
    const found = [gaveUp(1, 0), gaveUp(2, 1)].map(({ call }) => ({ call, linkedids: [call.key] }));
    await settleCalls(centre.app.deps, 'main', found, 0);
    expect(await rows()).toEqual(before);
    await write(gaveUp(3, 2, 'support', '+79160000003', 3_000));
    expect(await items()).toHaveLength(1);
  });

  test('gone when they get through, before the talk is over; a new try makes a new one', async () => {
    await write(gaveUp(1, 0));
    const talk = new Story({ key: key(2) }, at(5)).queued(0, 'support').end(1_000, 'queue', 'answered').begin(1_000, 'talk', '101');
    await write(talk);
    expect(await items()).toEqual([]);
    expect(await centre.db('missed').first()).toMatchObject({
      closed_how: 'got-through',
      closed_by: centre.anna.userId,
      closed_at: at(5) + 1_000,
    });
    await write(gaveUp(3, 10));
    expect(await items()).toMatchObject([{ tries: 1, firstAt: at(10) + 20_000 }]);
  });

  test('calls back that nobody answers are counted; the one that is answered closes it', async () => {
    await write(gaveUp(1, 0));
    await write(dialled(2, 3, false));
    await write(dialled(2, 3, false), dialled(3, 4, false, '+79160000009'));
    expect(await items()).toMatchObject([{ tries: 1, attempts: 1, attemptAt: at(3) + 9_000 }]);
    await write(dialled(4, 5, true));
    expect(await items()).toEqual([]);
    expect(await centre.db('missed').first()).toMatchObject({ closed_how: 'called-back', closed_by: centre.anna.userId });
  });

  test('filled in late, from the journal: solved by a talk that came after it, not by one before', async () => {
    await write(dialled(1, 0, true));
    await write(dialled(2, 20, true, '+79160000002'));
    const late = [gaveUp(3, 10), gaveUp(4, 10, 'support', '+79160000002')].map(({ call }) => ({ call, linkedids: [call.key] }));
    expect(await settleCalls(centre.app.deps, 'main', late, 0)).toEqual({ filled: 2, mended: 0 });
    expect((await items()).map(({ number }: { number: string }) => number)).toEqual([NUMBER]);
  });

  test('a call of which the journal knows better is no missed one any more; one that became part of another goes with it', async () => {
    await write(gaveUp(1, 0));
    const [{ number }] = await items();
    expect(number).toBe(NUMBER);
    const whole = answered(key(1), '101', at(0)).call;
    await settleCalls(centre.app.deps, 'main', [{ call: whole, linkedids: [whole.key] }], at(1));
    expect(await centre.db('missed')).toEqual([]);

    await write(gaveUp(2, 20));
    const other = gaveUp(3, 21, 'support', NUMBER);
    await write(other);
    expect(await items()).toMatchObject([{ tries: 2 }]);
    await centre.write([{ kind: 'call.merged', pbx: 'main', key: key(2), merged: key(3), at: at(22), call: gaveUp(2, 20).call }]);
    expect(await items()).toMatchObject([{ tries: 1 }]);
  });

  test('an own extension: its owner sees it, colleagues do not', async () => {
    await write(new Story({ key: key(1), to: '102' }, at(0)).begin(0, 'offer', '102').end(20_000, 'offer', 'no-answer', '102').hangup(20_000, 'no-answer')); // prettier-ignore
    expect(await items(centre.boris)).toMatchObject([{ kind: 'no-answer', queues: [], called: [{ name: 'Boris' }] }]);
    expect(await items(centre.anna)).toEqual([]);
  });

  test('withheld numbers are each their own, and are closed by hand only, with a reason, audited', async () => {
    await write(gaveUp(1, 0, 'support', ''), gaveUp(2, 1, 'support', ''));
    await write(new Story({ key: key(3), from: '' }, at(2)).queued(0, 'support').end(900, 'queue', 'answered').begin(900, 'talk', '101').end(2_000, 'talk', 'agent').hangup(2_000, 'completed')); // prettier-ignore
    const [one, two] = await items();
    expect([one.number, two.number]).toEqual(['', '']);
    expect((await centre.anna.post(`/api/missed/${one.id}/close`, { reason: 'other' })).status).toBe(400);
    expect((await centre.anna.post(`/api/missed/${one.id}/close`, { reason: 'because' })).status).toBe(400);
    expect((await centre.anna.post(`/api/missed/${one.id}/close`, { reason: 'other', note: 'a fax' })).status).toBe(204);
    expect((await centre.anna.post(`/api/missed/${one.id}/close`, { reason: 'no-need' })).status).toBe(404);
    expect((await items()).map(({ id }: { id: number }) => id)).toEqual([two.id]);
    expect(await centre.db('audit').where({ what: 'missed.closed', row_id: String(one.id) }).select('actor_id', 'details')).toEqual([{ actor_id: centre.anna.userId, details: JSON.stringify({ reason: 'other', note: 'a fax' }) }]); // prettier-ignore
    // said again by the log, it stays closed
    await write(gaveUp(1, 0, 'support', ''));
    expect(await items()).toHaveLength(1);
  });

  test('taken: nobody else until it is given back or the minutes are over', async () => {
    await write(gaveUp(1, 0));
    const [{ id }] = await items();
    const takes = await Promise.all([centre.anna, vera].map((who) => who.post(`/api/missed/${id}/take`)));
    expect(takes.map(({ status }) => status).sort()).toEqual([204, 409]);
    const [winner, other] = takes[0]!.status === 204 ? [centre.anna, vera] : [vera, centre.anna];
    expect((await items())[0].taken).toMatchObject({ by: { id: winner.userId } });
    expect((await other.post(`/api/missed/${id}/release`)).status).toBe(204);
    expect((await other.post(`/api/missed/${id}/take`)).status).toBe(409);
    expect((await winner.post(`/api/missed/${id}/release`)).status).toBe(204);
    expect((await other.post(`/api/missed/${id}/take`)).status).toBe(204);
    await centre.db('missed').update({ taken_until: Date.now() - 1 });
    expect((await items())[0].taken).toBe(null);
    expect((await winner.post(`/api/missed/${id}/take`)).status).toBe(204);
  });

  test('assigned by the supervisor: their call-back, theirs to see whatever queue it was; an operator assigns to nobody else', async () => {
    await write(gaveUp(1, 0));
    const [{ id }] = await items();
    const draft = { userId: centre.boris.userId, dueAt: Date.now() + 60_000, text: 'Call back' };
    expect((await centre.anna.post(`/api/missed/${id}/assign`, draft)).status).toBe(403);
    expect((await vera.post(`/api/missed/${id}/assign`, { ...draft, userId: 999_999 })).status).toBe(400);
    expect((await vera.post(`/api/missed/${id}/assign`, draft)).status).toBe(204);
    expect(await items(centre.boris)).toMatchObject([{ id, owner: { name: 'Boris' } }]);
    const tasks = (await centre.boris.get('/api/tasks')).body.items;
    expect(tasks.at(-1)).toMatchObject({ kind: 'call-back', phone: NUMBER, text: 'Call back', owner: { name: 'Boris' } });
  });

  test('filters, pages, and what is no filter', async () => {
    const more = Array.from({ length: 5 }, (_, i) => gaveUp(i, i, i % 2 ? 'sales' : 'support', `+7916000000${i}`));
    await write(...more, gaveUp('x', 30, 'support', '+79160000000'));
    expect((await items(vera, '?queue=sales')).map(({ number }: { number: string }) => number)).toEqual(['+79160000001', '+79160000003']);
    expect(await items(vera, '?tries=2')).toMatchObject([{ number: '+79160000000' }]);
    expect(await items(vera, '?minutes=45')).toHaveLength(4);
    const first = await list(vera, '?limit=3');
    expect(first.total).toBe(5);
    const second = await list(vera, `?limit=3&after=${first.next}`);
    expect([...first.items, ...second.items].map(({ number }) => number)).toEqual([0, 1, 2, 3, 4].map((i) => `+7916000000${i}`));
    expect(second.next).toBe(null);
    for (const query of ['?minutes=-1', '?tries=x', '?after=1;drop', '?limit=0'])
      expect((await vera.get(`/api/missed${query}`)).status).toBe(400);
  });

  test('pages that are open are told how many are theirs', async () => {
    const [anna, boris] = await Promise.all([centre.anna, centre.boris].map((who) => openPage(centre.url, who.cookie())));
    await write(gaveUp(1, 0));
    await until(() => anna!.messages('missed').at(-1)?.open, (open) => open === 1); // prettier-ignore
    await write(dialled(2, 5, true));
    await until(() => anna!.messages('missed').at(-1)?.open, (open) => open === 0); // prettier-ignore
    expect(boris!.messages('missed').every(({ open }) => open === 0)).toBe(true);
    anna!.ws.close();
    boris!.ws.close();
  });
});
