import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Fact } from '../../cti/index.ts';
import type { Push } from '../../server/realtime/contract.ts';
import { createBacklog } from '../../server/realtime/backlog.ts';
import { openPage } from '../support/browser.ts';
import { callsUp } from '../../server/pbx/contract.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { Story, answered, synced } from '../support/facts.ts';

let centre: Awaited<ReturnType<typeof startCallCentre>>;
let serial = 0;
let key = '';
beforeAll(async () => {
  centre = await startCallCentre('sqlite');
});
beforeEach(() => {
  key = `1790000000.${++serial}`;
});
afterAll(() => centre.close());

const tell = (facts: readonly Fact[]) => facts.forEach((fact) => centre.bus.emit('cti.fact', fact));
const open = (who: { cookie(): string }, resume = '') => openPage(centre.url, who.cookie(), resume);
const phases = (page: Awaited<ReturnType<typeof open>>) => page.calls().map((call) => call.phase);

describe('the operator who is called', () => {
  test('sees the client at the first ring, the talk and the end; the other one sees nothing', async () => {
    const [anna, boris] = [await open(centre.anna), await open(centre.boris)];
    tell(answered(key, '101', Date.now()).facts.slice(0, 1));
    await new Promise((resolve) => setTimeout(resolve, 50)); // the caller waits in the queue
    tell(answered(key, '101', Date.now()).facts.slice(1));
    await until(
      () => phases(anna),
      (p) => p.includes('ended'),
    );
    expect([...new Set(phases(anna))]).toEqual(['ringing', 'talking', 'ended']);
    expect(anna.calls()[0]).toMatchObject({
      ref: `main:${key}`,
      phase: 'ringing',
      number: '+79161234567',
      callerName: 'Ivan Petrov',
      queue: 'support',
    });
    expect(anna.calls()[0]!.clients).toMatchObject([{ id: centre.ivan, name: 'Ivan Petrov' }]);
    expect(anna.calls().at(-1)).toMatchObject({ endReason: 'completed', outcome: null });
    expect(boris.calls()).toEqual([]);
    anna.ws.close();
    boris.ws.close();
  });

  test('of a ring-all one takes it, it is elsewhere for the other; a call that stops ringing is missed', async () => {
    const [anna, boris] = [await open(centre.anna), await open(centre.boris)];
    const call = new Story({ key }, Date.now()).queued(10, 'sales').begin(500, 'offer', '101').begin(500, 'offer', '102');
    call.end(900, 'offer', 'elsewhere', '101').end(900, 'offer', 'answered', '102').begin(900, 'talk', '102');
    tell(call.facts);
    await until(
      () => [phases(anna), phases(boris)],
      ([a, b]) => a!.includes('elsewhere') && b!.includes('talking'),
    );
    tell(new Story({ key: `${key}1` }, Date.now()).begin(10, 'offer', '101').facts);
    await until(
      () => phases(anna),
      (p) => p.at(-1) === 'ringing',
    );
    const missed = new Story({ key: `${key}1` }, Date.now()).begin(10, 'offer', '101').end(90, 'offer', 'no-answer', '101');
    tell(missed.facts);
    await until(
      () => phases(anna),
      (p) => p.at(-1) === 'missed',
    );
    expect(phases(boris)).not.toContain('missed');
    anna.ws.close();
    boris.ws.close();
  });

  test('rings at once although the client is not found yet, and hears of the client then', async () => {
    const anna = await open(centre.anna);
    tell(new Story({ key, from: '+79160000001' }, Date.now()).begin(0, 'offer', '101').facts);
    await until(
      () => anna.calls(),
      (calls) => calls.at(-1)?.clients !== null && calls.length > 0,
    );
    expect(anna.calls().at(-1)).toMatchObject({ phase: 'ringing', clients: [] });
    const created = await centre.anna.post('/api/clients', { name: 'New One', phones: [{ raw: '+7 916 000-00-01' }] });
    await until(
      () => anna.calls(),
      (calls) => calls.at(-1)?.clients?.[0]?.id === created.body.client.id,
    );
    tell([synced(Date.now() + 1000, [])]);
    anna.ws.close();
  });

  test('a call that dials out: dialling, then talking; the other side is the number', async () => {
    const anna = await open(centre.anna);
    const call = new Story({ key, direction: 'out', from: '101', fromName: 'Anna', to: '89161234567', initiator: '101' }, Date.now());
    call
      .begin(10, 'offer', '101')
      .end(500, 'offer', 'answered', '101')
      .begin(2000, 'talk', '101')
      .end(9000, 'talk', 'agent')
      .hangup(9000, 'completed');
    tell(call.facts);
    await until(
      () => phases(anna),
      (p) => p.includes('ended'),
    );
    expect([...new Set(phases(anna))]).toEqual(['dialling', 'talking', 'ended']);
    expect(anna.calls()[0]).toMatchObject({ direction: 'out', number: '+79161234567' });
    anna.ws.close();
  });

  test('a bridge whose PBX has told it nothing yet does not say that there are no calls: it would end those on the screens', async () => {
    await expect(centre.bus.ask(callsUp('main'), {}, 1_000)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a page that reloads has its calls from the snapshot: up, and ended without an outcome', async () => {
    tell(new Story({ key }, Date.now()).queued(10, 'support').begin(20, 'offer', '101').facts);
    const live = await until(
      () => centre.anna.get('/api/calls/live'),
      ({ body }) => body.items.some((c: { ref: string; clients: unknown }) => c.ref === `main:${key}` && c.clients),
    );
    expect(live.body.items.find((c: { ref: string }) => c.ref === `main:${key}`)).toMatchObject({
      phase: 'ringing',
      clients: [{ id: centre.ivan }],
    });
    expect((await centre.boris.get('/api/calls/live')).body.items.map((c: { ref: string }) => c.ref)).not.toContain(`main:${key}`);
    tell([synced(Date.now() + 1000, [])]);
    await until(
      () => centre.anna.get('/api/calls/live'),
      ({ body }) => !body.items.some((c: { ref: string }) => c.ref === `main:${key}`),
    );
  });

  test('two calls that become one: the screen of the vanished one closes', async () => {
    const boris = await open(centre.boris);
    const first = new Story({ key }, Date.now()).begin(10, 'talk', '101');
    const second = new Story({ key: `${key}9`, from: '101', direction: 'internal', initiator: '101', to: '102' }, Date.now()).begin(
      20,
      'offer',
      '102',
    );
    tell([...first.facts, ...second.facts]);
    await until(
      () => boris.calls(),
      (calls) => calls.some((c) => c.ref === `main:${key}9` && c.phase === 'ringing'),
    );
    expect(boris.calls()[0]).toMatchObject({ number: '101', direction: 'internal' });
    tell(first.merge(30, second.call).facts.slice(-1));
    await until(
      () => boris.calls(),
      (calls) => calls.some((c) => c.ref === `main:${key}9` && c.phase === 'elsewhere'),
    );
    await until(
      () => boris.calls(),
      (calls) => calls.some((c) => c.ref === `main:${key}` && c.phase === 'ringing'),
    );
    tell([synced(Date.now() + 1000, [])]);
    boris.ws.close();
  });
});

describe('the channel', () => {
  test('says hello first, numbers what it sends, and gives a page what it missed', async () => {
    const first = await open(centre.anna);
    expect(first.hello).toMatchObject({ hello: true, reset: true });
    centre.app.deps.pushHere([centre.anna.userId], { topic: 'clients', id: 1 });
    const [seen] = await until(
      () => first.pushes(),
      (p) => p.length === 1,
    );
    first.ws.close();
    await first.closed;
    centre.app.deps.pushHere([centre.anna.userId], { topic: 'clients', id: 2 });
    centre.app.deps.pushHere([centre.boris.userId], { topic: 'clients', id: 3 });
    centre.app.deps.pushHere('all', { topic: 'clients', id: 4 });
    const again = await open(centre.anna, `?node=${first.hello.node}&after=${seen!.seq}`);
    await until(
      () => again.pushes(),
      (p) => p.length === 2,
    );
    expect(again.hello.reset).toBe(false);
    expect(again.messages('clients').map((m) => m.id)).toEqual([2, 4]);
    again.ws.close();
  });

  test.each(['?node=another&after=1', '?after=1', '?node=x', '?node=%00&after=99999999999999999999', '?after=-1&node='])(
    'a page that comes with %s has to reload',
    async (resume) => {
      const page = await open(centre.anna, resume);
      expect(page.hello.reset).toBe(true);
      page.ws.close();
    },
  );

  test('a page that missed more than is kept, or names a number of the future, has to reload', async () => {
    const page = await open(centre.anna);
    const { node, seq } = page.hello;
    page.ws.close();
    for (let i = 0; i < 150; i += 1) centre.app.deps.pushHere([centre.anna.userId], { topic: 'clients', id: 5 });
    expect((await open(centre.anna, `?node=${node}&after=${seq}`)).hello.reset).toBe(true);
    expect((await open(centre.anna, `?node=${node}&after=${seq + 100_000}`)).hello.reset).toBe(true);
  });

  test('without a session it closes with 4401, from another site it is not opened', async () => {
    expect(await (await openPage(centre.url, '')).closed).toBe(4401);
    expect(await (await openPage(centre.url, 'allo=s%3Aforged.forged')).closed).toBe(4401);
    await expect(openPage(centre.url, centre.anna.cookie(), '', 'https://evil.example')).rejects.toThrow('403');
    const ws = new WebSocket(`${centre.url.replace('http', 'ws')}/live`, { headers: { cookie: centre.anna.cookie() } });
    await expect(once(ws, 'open')).rejects.toThrow('403');
  });

  test('signing out closes the pages of that session, and of no other', async () => {
    const person = await centre.signIn('operator');
    const other = await open(centre.boris);
    const page = await open(person);
    expect((await person.post('/api/auth/sign-out')).status).toBe(204);
    expect(await page.closed).toBe(4401);
    expect(other.ws.readyState).toBe(WebSocket.OPEN);
    other.ws.close();
  });

  test('who says something, or too much, is closed', async () => {
    const page = await open(centre.anna);
    page.ws.send('hello');
    expect(await page.closed).toBe(1008);
    const loud = await open(centre.anna);
    loud.ws.send('x'.repeat(100_000));
    expect(await loud.closed).toBe(1009);
  });

  test('a page that does not read is closed instead of heaping up memory', async () => {
    const person = await centre.signIn('operator');
    const page = await open(person);
    page.ws.pause();
    const big = { topic: 'clients', id: 1, pad: 'x'.repeat(200_000) } as unknown as Push['message'];
    for (let i = 0; i < 400; i += 1) centre.app.deps.pushHere([person.userId], big);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    page.ws.resume();
    expect([4408, 1006]).toContain(await page.closed);
    expect(page.pushes().length).toBeLessThan(400);
  });

  test('an upgrade nobody waits for does no harm', async () => {
    const { hostname, port } = new URL(centre.url);
    for (const request of [
      'GET /live HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      'GET /nothing HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    ]) {
      const socket = connect(Number(port), hostname);
      socket.end(request);
      socket.resume();
      await once(socket, 'close');
    }
    expect((await centre.anna.get('/api/agents/me')).status).toBe(200);
  });
});

describe('what is kept for a page that is away', () => {
  test('each user has their own ring; what fell out is known to be lost', () => {
    const backlog = createBacklog(2, 0);
    const keep = (of: number | 'all', seq: number) => backlog.keep(of, { seq, at: seq * 100, text: String(seq) });
    keep(1, 1);
    keep(2, 2);
    keep('all', 3);
    keep(1, 4);
    const seqs = (user: number, after: number) => backlog.since(user, after, 0)?.map((s) => s.seq) ?? null;
    expect(seqs(1, 0)).toEqual([1, 3, 4]);
    expect(seqs(2, 2)).toEqual([3]);
    expect(seqs(3, 0)).toEqual([3]);
    keep(1, 5);
    expect(seqs(1, 0)).toBeNull();
    expect(seqs(1, 1)).toEqual([3, 4, 5]);
    backlog.forget((user) => user === 1);
    expect(seqs(1, 4)).toBeNull();
    expect(seqs(1, 5)).toEqual([]);
  });

  test('what is old is not told again, whoever asks for it: the page loads what it may see now', () => {
    const backlog = createBacklog(10, 0);
    const keep = (of: number | 'all', seq: number, at: number) => backlog.keep(of, { seq, at, text: String(seq) });
    keep(1, 1, 100);
    keep('all', 2, 200);
    keep(1, 3, 300);
    const seqs = (after: number, notBefore: number) => backlog.since(1, after, notBefore)?.map((s) => s.seq) ?? null;
    expect(seqs(0, 100)).toEqual([1, 2, 3]);
    expect(seqs(0, 101)).toBeNull();
    expect(seqs(1, 200)).toEqual([2, 3]);
    expect(seqs(1, 201)).toBeNull();
    expect(seqs(2, 300)).toEqual([3]);
    expect(seqs(3, 10_000)).toEqual([]);
  });
});

describe('a hostile peer', () => {
  /** An upgrade by hand: what a browser would never send. */
  const rawUpgrade = (path: string) => {
    const { hostname, port } = new URL(centre.url);
    const socket = connect(Number(port), hostname);
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      `Origin: ${centre.url}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
    ];
    socket.write([...lines, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''].join('\r\n'));
    return socket;
  };
  /** What would have ended the process while `work` ran. */
  const uncaught = async (work: () => Promise<void>): Promise<string[]> => {
    const seen: string[] = [];
    const others = process.listeners('uncaughtException');
    const see = (err: Error) => void seen.push(err.message);
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', see);
    try {
      await work();
      await centre.guest.get('/healthz');
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      process.off('uncaughtException', see);
      for (const other of others) process.on('uncaughtException', other);
    }
    return seen;
  };

  test('without a session that sends what is no frame does not end the process', async () => {
    const seen = await uncaught(async () => {
      const socket = rawUpgrade('/live');
      await once(socket, 'data');
      socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
      await once(socket.resume(), 'close');
    });
    expect(seen).toEqual([]);
  });

  test('that upgrades to nowhere and breaks off does not end the process', async () => {
    const seen = await uncaught(async () => {
      for (let i = 0; i < 20; i++) {
        const socket = rawUpgrade('/nowhere');
        socket.on('error', () => {});
        await once(socket, 'connect');
        await new Promise((resolve) => setTimeout(resolve, i % 3));
        socket.resetAndDestroy();
      }
    });
    expect(seen).toEqual([]);
  });
});
