import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createWalls } from '../../server/wallboards/channel.ts';
import type { Floor } from '../../server/floor/contract.ts';
import { WallFrame } from '../../server/wallboards/contract.ts';
import type { WallLayout } from '../../server/wallboards/contract.ts';
import { hashToken, isToken, newToken } from '../../server/wallboards/token.ts';
import { moodOfFigure, valueOf } from '../../web/wallboards/figures.ts';
import { firstLayout, moved, newTile, roomFor, sized } from '../../web/wallboards/layout.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { Story, synced } from '../support/facts.ts';

const T = 1_790_000_040_000;

describe('the grid', () => {
  test('whatever is done to a tile, it stays on the grid; a new one takes the room that is there', () => {
    let seed = 3;
    const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
    let tile = { x: 0, y: 0, w: 3, h: 4 };
    for (let i = 0; i < 2000; i++) {
      tile = (random(2) === 0 ? moved : sized)(tile, random(31) - 15, random(31) - 15);
      expect(tile.x >= 0 && tile.y >= 0 && tile.w >= 1 && tile.h >= 1 && tile.x + tile.w <= 12 && tile.y + tile.h <= 12).toBe(true);
    }
    const { tiles } = firstLayout('en');
    expect(roomFor(tiles.slice(0, 3), 3, 4)).toMatchObject({ x: 9, y: 0 });
    expect(newTile('text', tiles, 'a')).toMatchObject({ x: 0, y: 0, kind: 'text' });
  });
  test('figures over several queues are sums over sums; a mood has its threshold from either side', () => {
    const live = { offered: 0, answered: 3, abandoned: 1, abandonedShort: 0, serviceLevel: null, good: 3, of: 4, asa: 8000 };
    const queue = { label: 'q', target: 20, goal: 80, waiting: 2, callBacks: 0, oldest: T - 65_000, live, today: live, operators: {} };
    const empty = { ...live, answered: 0, abandoned: 0, good: 0, of: 0, asa: null };
    const idle = { ...queue, ref: 'main:b', waiting: 0, oldest: null, live: empty, today: empty };
    const operator = { name: '', state: 'available' as const, reason: null, since: T, over: false };
    const picture = { at: T, windowMinutes: 30, queues: [{ ...queue, ref: 'main:a' }, idle], operators: [{ ...operator, queues: ['main:a', 'main:b'] }] }; // prettier-ignore
    const value = (figure: Parameters<typeof valueOf>[0], refs: string[] = []) => valueOf(figure, picture, refs, T);
    expect([value('waiting'), value('oldest'), value('level'), value('asa'), value('free')]).toEqual([2, 65_000, 0.75, 8000, 1]);
    expect([value('level', ['main:b']), value('oldest', ['main:b']), value('free', ['main:b']), value('onShift', ['main:c'])]).toEqual([null, null, 1, 0]); // prettier-ignore
    const tile = { ...(newTile('figure', [], 'f') as Parameters<typeof moodOfFigure>[0]), warn: 80, alarm: 60 };
    expect([0.81, 0.8, 0.6, null].map((v) => moodOfFigure({ ...tile, figure: 'level' }, v))).toEqual(['calm', 'warn', 'alarm', 'calm']);
    expect([79_000, 80_000].map((v) => moodOfFigure({ ...tile, figure: 'oldest', alarm: null }, v))).toEqual(['calm', 'warn']);
  });
});

test('a token is long, unlike another, and kept as a hash only', () => {
  const tokens = Array.from({ length: 500 }, newToken);
  expect(new Set(tokens).size).toBe(500);
  expect(tokens.every(isToken)).toBe(true);
  expect(hashToken(tokens[0]!)).toMatch(/^[0-9a-f]{64}$/);
  for (const odd of ['', 'A'.repeat(24), `${tokens[0]} `, '../'.repeat(8)]) expect(isToken(odd)).toBe(false);
});

test('days of a screen that reads slowly, or not at all: nothing waits for it, and the rest see what changes', () => {
  let at = T;
  const floor = (): Floor => ({ at, todaySince: 0, windowMinutes: 30, short: 5, queues: [], calls: [], up: 0, operators: [] });
  const walls = createWalls(floor, () => 'b1', () => at); // prettier-ignore
  const screen = (bufferedAmount: number) => {
    const sent: string[] = [];
    return { sent, ws: { OPEN: 1 as const, readyState: 1 as const, bufferedAmount, send: (text: string) => void sent.push(text), close: () => {} } }; // prettier-ignore
  };
  const shown = { boardId: 1, linkId: 1, name: 'Hall', layout: firstLayout('en'), timeZone: 'UTC' };
  const [quick, stuck] = [screen(0), screen(10_000_000)];
  const leave = [quick, stuck].map(({ ws }) => walls.join(ws as never, shown));
  for (let second = 0; second < 3600; second++) {
    at += 1000;
    walls.tick();
  }
  expect(stuck.sent).toHaveLength(0);
  expect(quick.sent).toHaveLength(2 + 360); // what has not changed comes every ten seconds, as a sign of life
  leave.forEach((go) => go());
  expect(walls.size()).toBe(0);
});

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let boss: Awaited<ReturnType<typeof centre.signIn>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    boss = await centre.signIn('supervisor', { name: 'Boss' });
    await centre.db('queues').insert({ pbx: 'main', name: 'support', label: 'Support desk' });
    centre.bus.emit('cti.fact', synced(Date.now()));
  });
  afterAll(() => centre.close());

  const open = async (token: string, origin = centre.url) => {
    const ws = new WebSocket(`${centre.url.replace('http', 'ws')}/live/wall`, ['allo-wall', token], { headers: { origin } });
    const frames: WallFrame[] = [];
    const texts: string[] = [];
    const closed = new Promise<number>((resolve) => ws.on('close', resolve));
    ws.on('message', (data: Buffer) => {
      texts.push(data.toString());
      frames.push(WallFrame.parse(JSON.parse(data.toString())));
    });
    ws.on('error', () => {});
    return { ws, frames, texts, closed };
  };
  const make = async (change: Partial<WallLayout> = {}) => {
    const { wallboard } = (await boss.post('/api/wallboards', { name: 'Hall', layout: { ...firstLayout('en'), ...change } })).body;
    const { token, link } = (await boss.post(`/api/wallboards/${wallboard.id}/links`, { label: 'TV' })).body;
    return { wallboard, token: token as string, link };
  };
  const last = (frames: WallFrame[]) => frames.findLast((frame) => 'picture' in frame)?.picture;

  test('by its link a screen shows the floor and nobody’s number or name; changed it follows, revoked it goes dark', async () => {
    const { wallboard, token, link } = await make();
    const screen = await open(token);
    await until(() => screen.frames.length, (n) => n >= 2); // prettier-ignore
    expect(screen.frames[0]).toMatchObject({ board: { name: 'Hall' }, timeZone: 'Europe/Moscow' });
    await centre.anna.post('/api/agents/shift', { on: true });
    const story = new Story({ key: '21.1' }, Date.now() - 1000).queued(10, 'support');
    story.facts.forEach((fact) => centre.bus.emit('cti.fact', fact));
    const picture = await until(() => last(screen.frames), (p) => p?.queues[0]?.waiting === 1 && p.operators.length === 1); // prettier-ignore
    expect(picture!.operators).toMatchObject([{ name: '', reason: null, state: 'available' }]);
    expect(screen.texts.join()).not.toMatch(/Petrov|9161234567|Anna|21\.1/);
    expect(
      (await boss.put(`/api/wallboards/${wallboard.id}`, { name: 'Hall 2', layout: { ...wallboard.layout, names: true }, version: 1 }))
        .status,
    ).toBe(200);
    await until(() => last(screen.frames)?.operators[0]?.name, (name) => name === 'Anna'); // prettier-ignore
    expect(screen.texts.join()).not.toMatch(/Petrov|9161234567/);
    expect(
      (await boss.put(`/api/wallboards/${wallboard.id}`, { name: 'Late', layout: wallboard.layout, version: 1 })).body.error.data,
    ).toEqual({ reason: 'acted' });

    const { items } = (await boss.get('/api/wallboards')).body;
    expect(items[0].links).toMatchObject([{ id: link.id, label: 'TV', createdBy: { name: 'Boss' }, seenAt: expect.any(Number) }]);
    expect(JSON.stringify([items, await centre.db('wallboard_links'), await centre.db('audit')])).not.toContain(token);
    expect((await boss.delete(`/api/wallboards/${wallboard.id}/links/${link.id}`)).status).toBe(204);
    expect(await screen.closed).toBe(4404);
    expect(await (await open(token)).closed).toBe(4404);
    story
      .hangup(5000, 'abandoned')
      .facts.slice(-1)
      .forEach((fact) => centre.bus.emit('cti.fact', fact));
  });

  test('what was: by the link, without who called; not what is to come', async () => {
    const { token } = await make({ names: true });
    const at = Date.now();
    const { body } = await centre.guest.post('/api/wall/at', { token, at });
    expect(body.picture).toMatchObject({ at, operators: [{ name: 'Anna' }] });
    expect(JSON.stringify(body)).not.toMatch(/Petrov|9161234567/);
    expect((await centre.guest.post('/api/wall/at', { token, at: at + 60_000 })).status).toBe(400);
    expect((await centre.guest.post('/api/wall/at', { token: newToken(), at })).status).toBe(404);
    expect((await centre.guest.post('/api/wall/at', { token: 'x', at })).status).toBe(400);
  });

  test('whoever may not, what is no layout, a page of another site, a screen that speaks', async () => {
    const { wallboard, token } = await make();
    for (const who of [centre.anna, await centre.signIn('manager')]) expect((await who.get('/api/wallboards')).status).toBe(403);
    const tile = { ...wallboard.layout.tiles[0] };
    for (const odd of [
      { ...tile, x: 11 },
      { ...tile, kind: 'video' },
      { ...tile, w: 0 },
      { ...tile, queues: ['x\n'] },
      { ...tile, title: 'a'.repeat(61) },
    ])
      expect((await boss.post('/api/wallboards', { name: 'Odd', layout: { ...wallboard.layout, tiles: [odd] } })).status).toBe(400);
    expect((await boss.post('/api/wallboards', { name: ' ', layout: wallboard.layout })).status).toBe(400);
    expect((await boss.delete(`/api/wallboards/${wallboard.id}/links/999999`)).status).toBe(404);
    expect(await (await open(token, 'https://elsewhere.example')).closed).toBe(1006);
    const speaks = await open(token);
    await until(() => speaks.frames.length, (n) => n > 0); // prettier-ignore
    speaks.ws.send('hello');
    expect(await speaks.closed).toBe(1008);
    const screen = await open(token);
    await until(() => screen.frames.length, (n) => n > 0); // prettier-ignore
    expect((await boss.delete(`/api/wallboards/${wallboard.id}`)).status).toBe(204);
    expect(await screen.closed).toBe(4404);
    expect((await boss.post(`/api/wallboards/${wallboard.id}/links`, {})).status).toBe(404);
  });
});
