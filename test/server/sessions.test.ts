import type { SessionData } from 'express-session';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IDLE_MS, knexSessions, redisSessions } from '../../server/auth/sessions.ts';
import type { Sessions } from '../../server/auth/sessions.ts';
import { openRedis } from '../../server/core/redis.ts';
import type { Redis } from '../../server/core/redis.ts';
import { engines, freshDatabase } from '../support/db.ts';
import { eachTransport, REDIS } from '../support/redis.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };

const suite = (make: () => Promise<{ sessions: Sessions; close: () => Promise<unknown> | void }>) => {
  let sessions: Sessions;
  let close: () => Promise<unknown> | void;
  beforeAll(async () => {
    ({ sessions, close } = await make());
  });
  afterAll(() => close());

  const person = () => Math.floor(Math.random() * 1e9);
  const call = <T>(work: (done: (err?: unknown, value?: T) => void) => unknown) =>
    new Promise<T | undefined>((resolve, reject) => void work((err, value) => (err ? reject(err as Error) : resolve(value))));
  const data = (userId: number) => ({ userId, cookie: { originalMaxAge: IDLE_MS, path: '/' } }) as unknown as SessionData;
  const set = (id: string, userId: number) => call<void>((done) => sessions.store.set(id, data(userId), done));
  const get = (id: string) => call<SessionData | null>((done) => sessions.store.get(id, done as never));

  test('what was set is found, changed, and gone when destroyed', async () => {
    const user = person();
    await set(`a${user}`, user);
    expect((await get(`a${user}`))?.userId).toBe(user);
    await set(`a${user}`, user + 1);
    expect((await get(`a${user}`))?.userId).toBe(user + 1);
    await call<void>((done) => sessions.store.destroy(`a${user}`, done));
    expect((await get(`a${user}`)) ?? null).toBeNull();
    expect((await get('never')) ?? null).toBeNull();
  });

  test('the sessions of a person are known and end together, or all but one', async () => {
    const [anna, boris] = [person(), person()];
    for (const id of ['1', '2', '3']) await set(`${anna}-${id}`, anna);
    await set(`${boris}-1`, boris);
    expect((await sessions.of(anna)).sort()).toEqual([`${anna}-1`, `${anna}-2`, `${anna}-3`]);
    expect((await sessions.end(anna, `${anna}-2`)).sort()).toEqual([`${anna}-1`, `${anna}-3`]);
    expect(await sessions.of(anna)).toEqual([`${anna}-2`]);
    expect((await get(`${anna}-1`)) ?? null).toBeNull();
    expect(await sessions.end(anna)).toEqual([`${anna}-2`]);
    expect(await sessions.of(anna)).toEqual([]);
    expect(await sessions.end(anna)).toEqual([]);
    expect((await get(`${boris}-1`))?.userId).toBe(boris);
  });

  test('touching keeps what is in it, and brings nothing back', async () => {
    const user = person();
    await set(`t${user}`, user);
    await call<void>((done) => sessions.store.touch!(`t${user}`, data(user), done as never));
    expect((await get(`t${user}`))?.userId).toBe(user);
    await call<void>((done) => sessions.store.touch!(`never${user}`, data(user), done as never));
    expect((await get(`never${user}`)) ?? null).toBeNull();
  });
};

eachTransport('sessions', (transport) => {
  if (transport === 'redis')
    return suite(async () => {
      const redis: Redis = await openRedis(REDIS!, log);
      return { sessions: redisSessions(redis), close: () => redis.destroy() };
    });
  suite(async () => {
    const { db, drop } = await freshDatabase(engines.at(-1)!);
    return { sessions: knexSessions(db, () => Date.now()), close: drop };
  });
});

test('an idle session ends by the clock, one in use does not, and the sweep takes what has ended', async () => {
  const { db, drop } = await freshDatabase('sqlite');
  let now = 1_000_000;
  const { store, of, sweep } = knexSessions(db, () => now);
  const data = { userId: 1, cookie: {} } as unknown as SessionData;
  for (const id of ['idle', 'used']) await new Promise((resolve) => void store.set(id, data, resolve));
  now += IDLE_MS - 1;
  expect(await sweep()).toBe(0);
  await new Promise((resolve) => void store.touch!('used', data, resolve as never));
  now += 2;
  expect(await of(1)).toEqual(['used']);
  expect(await sweep()).toBe(1);
  expect(await db('sessions').pluck('id')).toEqual(['used']);
  await drop();
});
