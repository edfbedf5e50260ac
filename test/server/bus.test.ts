import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Bus } from '../../server/core/bus.ts';
import { AppError } from '../../server/core/errors.ts';
import { memoryBus } from '../../server/core/memory-bus.ts';
import { redisBus } from '../../server/core/redis-bus.ts';
import { eachTransport, REDIS } from '../support/redis.ts';

interface Said {
  'thing.said': { n: number; words?: string; gone?: undefined };
  'thing.heard': { n: number };
}

const errors: object[] = [];
const log = { info: () => {}, warn: () => {}, error: (fields: object) => void errors.push(fields) };

eachTransport('bus', (transport) => {
  /** Two processes on Redis; in memory there is only one. */
  let here: Bus<Said>;
  let there: Bus<Said>;
  beforeAll(async () => {
    here = transport === 'redis' ? await redisBus<Said>(REDIS!, log) : memoryBus<Said>(log);
    there = transport === 'redis' ? await redisBus<Said>(REDIS!, log) : here;
  });
  afterAll(async () => {
    await here.close();
    if (there !== here) await there.close();
  });
  afterEach(() => void (errors.length = 0));

  test('what is emitted is heard, in order, as JSON carries it, by those who still listen', async () => {
    const heard: unknown[] = [];
    const stop = there.on('thing.said', (event) => void heard.push(event));
    const other = there.on('thing.heard', () => void heard.push('wrong event'));
    for (let n = 0; n < 20; n++) here.emit('thing.said', { n, words: 'ё "🙂"\n', gone: undefined });
    await vi.waitFor(() => expect(heard).toHaveLength(20));
    expect(heard).toStrictEqual(Array.from({ length: 20 }, (_, n) => ({ n, words: 'ё "🙂"\n' })));
    stop();
    other();
    const later: number[] = [];
    const done = there.on('thing.said', ({ n }) => void later.push(n));
    here.emit('thing.said', { n: 99 });
    await vi.waitFor(() => expect(later).toEqual([99]));
    expect(heard).toHaveLength(20);
    done();
  });

  test('one who emits hears it too, once', async () => {
    const heard: number[] = [];
    const stop = here.on('thing.said', ({ n }) => void heard.push(n));
    here.emit('thing.said', { n: 1 });
    there.emit('thing.said', { n: 2 });
    await vi.waitFor(() => expect(heard.sort()).toEqual([1, 2]));
    stop();
  });

  test('a listener that throws is logged and disturbs nobody', async () => {
    const heard: number[] = [];
    const stops = [
      there.on('thing.said', () => {
        throw new Error('first');
      }),
      there.on('thing.said', async () => Promise.reject(new Error('second'))),
      there.on('thing.said', ({ n }) => void heard.push(n)),
    ];
    here.emit('thing.said', { n: 7 });
    await vi.waitFor(() => expect(heard).toEqual([7]));
    await vi.waitFor(() => expect(errors).toHaveLength(2));
    stops.forEach((stop) => stop());
  });

  /** On Redis a subscription takes a moment to arrive. */
  const answered = <A>(ask: () => Promise<A>) => vi.waitFor(ask, { timeout: 5_000 });

  test('a question is answered, wherever the answerer is', async () => {
    const stop = there.answer<{ n: number }, { twice: number }>('double', async ({ n }) => ({ twice: 2 * n }));
    expect(await answered(() => here.ask('double', { n: 21 }, 1_000))).toEqual({ twice: 42 });
    expect(await there.ask('double', { n: 4 }, 1_000)).toEqual({ twice: 8 });
    stop();
    await vi.waitFor(() => expect(here.ask('double', { n: 1 }, 200)).rejects.toMatchObject({ code: 'unavailable' }));
  });

  test('many questions at once get each their own answer', async () => {
    const stop = there.answer<number, number>('echo', async (n) => {
      await new Promise((resolve) => setTimeout(resolve, (n * 7) % 13));
      return n;
    });
    await answered(() => here.ask('echo', 0, 1_000));
    const all = await Promise.all(Array.from({ length: 100 }, (_, n) => here.ask<number, number>('echo', n, 5_000)));
    expect(all).toEqual(Array.from({ length: 100 }, (_, n) => n));
    stop();
  });

  test('a refusal reaches the asker with its code; a bug does not pose as one', async () => {
    const stops = [
      there.answer('refuse', async () => {
        throw new AppError('pbx_refused', 'no', { reason: 'busy' });
      }),
      there.answer('break', async () => {
        throw new TypeError('oops');
      }),
    ];
    await vi.waitFor(() => expect(here.ask('refuse', {}, 1_000)).rejects.toMatchObject({ code: 'pbx_refused', data: { reason: 'busy' } }));
    await vi.waitFor(() => expect(here.ask('break', {}, 1_000)).rejects.toThrow(/oops/));
    stops.forEach((stop) => stop());
  });

  test('nobody answers: unavailable, at once or after the time', async () => {
    await expect(here.ask('nobody', {}, 60_000)).rejects.toMatchObject({ code: 'unavailable' });
    const stop = there.answer('never', () => new Promise(() => {}));
    await vi.waitFor(() => expect(here.ask('never', {}, 50)).rejects.toThrow(/within 50 ms/), { timeout: 5_000 });
    stop();
  });

  test('a name has one answerer in a process', () => {
    const stop = here.answer('single', async () => 1);
    expect(() => here.answer('single', async () => 2)).toThrow(/already/);
    stop();
    here.answer('single', async () => 3)();
  });

  test('it says that it is well', () => expect(here.healthy()).toBe(true));
});

describe('without Redis', () => {
  test('an address where nothing answers stops the start, with the setting named', async () => {
    await expect(redisBus('redis://127.0.0.1:1', log)).rejects.toThrow(/REDIS_URL/);
  });
});
