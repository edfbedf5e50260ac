import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Fact } from '../../cti/index.ts';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { Story } from '../support/facts.ts';

/** Who is shown which waiting caller, over HTTP and as it is pushed. Anna (101) serves support, Boris (102) sales, Vera (103) supervises. */
let centre: Awaited<ReturnType<typeof startCallCentre>>;
let vera: typeof centre.anna;
let serial = 0;
let key = '';
beforeAll(async () => {
  centre = await startCallCentre('sqlite');
  const { db, bus, anna, boris } = centre;
  vera = await centre.signIn('supervisor', { name: 'Vera' });
  await db('extensions').insert({ pbx: 'main', extension: '103', user_id: vera.userId });
  for (const [queue, who] of [
    ['support', anna],
    ['sales', boris],
  ] as const) {
    // prettier-ignore
    await db('queues').insert({ pbx: 'main', name: queue, label: '' });
    await db('queue_members').insert({ pbx: 'main', queue, user_id: who.userId, penalty: 0 });
  }
  bus.emit('user.changed', { id: vera.userId });
});
beforeEach(() => {
  key = `1790500000.${++serial}`;
});
afterAll(() => centre.close());

const tell = (facts: readonly Fact[]) => facts.forEach((fact) => centre.bus.emit('cti.fact', fact));
const told = new WeakMap<Story, number>();
const more = (story: Story) => {
  tell(story.facts.slice(told.get(story) ?? 0));
  told.set(story, story.facts.length);
};
type Who = typeof centre.anna;
const listed = async (who: Who): Promise<{ ref: string; state: string; [name: string]: unknown }[]> =>
  (await who.get('/api/calls/waiting')).body.items;
const mine = async (who: Who) => (await listed(who)).find(({ ref }) => ref === `main:${key}`) ?? null;
const over = async (story: Story) => {
  more(story.hangup(100_000, 'abandoned'));
  await until(
    () => mine(vera),
    (one) => one === null,
  );
};

test('a caller in a queue: whoever serves it sees who it is, the supervisor too, nobody else; it goes when it is answered', async () => {
  const story = new Story({ key }, Date.now()).queued(10, 'support');
  more(story);
  const seen = await until(
    () => mine(centre.anna),
    (one) => one?.client !== null && one !== null,
  );
  expect(seen).toMatchObject({ state: 'queue', number: '+79161234567', queue: 'support', ringing: [], space: null, parkedBy: null });
  expect(seen!.client).toMatchObject({ id: centre.ivan, name: 'Ivan Petrov' });
  expect(await mine(vera)).toEqual(seen);
  expect(await mine(centre.boris)).toBe(null);
  expect((await centre.guest.get('/api/calls/waiting')).status).toBe(401);

  more(story.begin(500, 'offer', '102', 'support'));
  expect(await mine(centre.anna)).toMatchObject({ state: 'ringing', ringing: [{ id: centre.boris.userId, name: 'Boris' }] });
  expect(await mine(centre.boris)).toBe(null);
  more(story.end(900, 'offer', 'answered', '102').end(900, 'queue', 'answered').begin(900, 'talk', '102'));
  expect(await mine(vera)).toBe(null);
  await over(story);
});

test('what rings at one’s own phone is answered, not picked up; a direct call to a colleague is the supervisor’s alone', async () => {
  const queue = new Story({ key }, Date.now()).queued(10, 'support').begin(20, 'offer', '101', 'support');
  more(queue);
  expect(await mine(centre.anna)).toBe(null);
  expect(await mine(vera)).not.toBe(null);
  await over(queue);

  key += '1';
  const direct = new Story({ key, to: '102' }, Date.now()).begin(10, 'offer', '102');
  more(direct);
  expect(await mine(vera)).toMatchObject({ state: 'ringing', queue: null, ringing: [{ name: 'Boris' }] });
  expect(await mine(centre.anna)).toBe(null);
  await over(direct);

  key += '2';
  const inner = new Story({ key, direction: 'internal', from: '101', to: '102', initiator: '101' }, Date.now()).begin(10, 'offer', '102');
  more(inner);
  expect(await mine(vera)).toBe(null);
  await over(inner);
});

test('a parked caller is everybody’s: the space, and who put them there', async () => {
  const story = new Story({ key }, Date.now()).queued(10, 'sales').end(50, 'queue', 'answered').begin(50, 'talk', '102');
  more(story);
  story.end(900, 'talk', 'transferred');
  story.call = { ...story.call, space: '701' };
  story.begin(900, 'hold');
  more(story);
  expect(await mine(centre.anna)).toMatchObject({ state: 'parked', space: '701', parkedBy: { name: 'Boris' } });
  expect(await mine(centre.boris)).not.toBe(null);
  await over(story);
});

test('a card of another department stays hidden: the number alone', async () => {
  const { db } = centre;
  const [department] = await db('departments').insert({ name: 'Elsewhere', created_at: 1 });
  await db('clients').where('id', centre.ivan).update({ department_id: department });
  const story = new Story({ key, fromName: '' }, Date.now()).queued(10, 'support');
  more(story);
  await until(
    () => mine(vera),
    (one) => one?.client !== null && one !== null,
  );
  expect(await mine(centre.anna)).toMatchObject({ client: null, number: '+79161234567' });
  await db('clients').where('id', centre.ivan).update({ department_id: null });
  await over(story);
});

test('somebody without a phone can take nobody', async () => {
  const story = new Story({ key }, Date.now()).queued(10, 'support');
  more(story);
  expect(await listed(centre.admin)).toEqual([]);
  await over(story);
});

test('the list is pushed whole as it changes, to those whose it is, and a rush of news is one push', async () => {
  const [anna, boris] = await Promise.all([centre.anna, centre.boris].map((who) => openPage(centre.url, who.cookie())));
  const lists = () => anna!.messages('waiting').map(({ items }) => items.map(({ ref }) => ref));
  const stories = Array.from({ length: 30 }, (_, i) => new Story({ key: `${key}${i}` }, Date.now() + i).queued(10, 'support'));
  stories.forEach(more);
  await until(lists, (all) => all.at(-1)?.length === 20);
  expect(lists().length).toBeLessThan(10);
  expect(lists().at(-1)![0]).toBe(`main:${key}0`);
  stories.forEach((story) => more(story.hangup(100, 'abandoned')));
  await until(lists, (all) => all.at(-1)?.length === 0);
  expect(boris!.messages('waiting')).toEqual([]);
  // not kept for a page that was away
  const { node, seq } = anna!.hello;
  const back = await openPage(centre.url, centre.anna.cookie(), `?node=${node}&after=${seq}`);
  expect(back.hello.reset).toBe(false);
  expect(back.messages('waiting')).toEqual([]);
  for (const page of [anna!, boris!, back]) page.ws.close();
});
