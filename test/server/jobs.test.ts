import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bullJobs, memoryJobs } from '../../server/core/jobs.ts';
import type { Jobs } from '../../server/core/jobs.ts';
import { eachTransport, REDIS } from '../support/redis.ts';

interface Work {
  count: { n: number; at?: string };
  fail: { n: number };
}

const TIMING = { attempts: 3, backoffMs: 20 };

eachTransport('jobs', (transport) => {
  let jobs: Jobs<Work>;
  const errors: object[] = [];
  const log = { warn: () => {}, error: (fields: object) => void errors.push(fields) };
  beforeEach(async () => {
    errors.length = 0;
    const queue = `test-${randomBytes(6).toString('hex')}`;
    jobs = transport === 'redis' ? await bullJobs<Work>(REDIS!, log, TIMING, queue) : memoryJobs<Work>(log, TIMING);
  });
  afterEach(() => jobs.close());

  test('each job runs once, with a copy of what was given', async () => {
    const done: number[] = [];
    jobs.handle('count', async ({ n }) => void done.push(n));
    const data = { n: 1 };
    await jobs.add('count', data);
    data.n = 100;
    for (let n = 2; n <= 10; n++) await jobs.add('count', { n });
    await vi.waitFor(() => expect(done).toHaveLength(10), { timeout: 10_000 });
    expect(done.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('a later job waits for its time', async () => {
    const done: string[] = [];
    jobs.handle('count', async ({ at }) => void done.push(at!));
    await jobs.add('count', { n: 0, at: 'later' }, 300);
    await jobs.add('count', { n: 0, at: 'now' });
    await vi.waitFor(() => expect(done).toEqual(['now', 'later']), { timeout: 10_000 });
  });

  test('one that fails is tried again, and given up in the end', async () => {
    let tries = 0;
    jobs.handle('fail', async ({ n }) => {
      tries++;
      if (tries < n) throw new Error('not yet');
    });
    await jobs.add('fail', { n: 2 });
    await vi.waitFor(() => expect(tries).toBe(2), { timeout: 10_000 });
    tries = 0;
    errors.length = 0;
    await jobs.add('fail', { n: 100 });
    await vi.waitFor(() => expect(errors).toHaveLength(3), { timeout: 10_000 });
    expect(tries).toBe(3);
  });

  test('a name has one handler', () => {
    jobs.handle('count', async () => {});
    expect(() => jobs.handle('count', async () => {})).toThrow(/already/);
  });
});

test('Redis that is away is told at once', async () => {
  if (!REDIS) return;
  const log = { warn: () => {}, error: () => {} };
  const jobs = await bullJobs<Work>(REDIS, log, TIMING, `test-${randomBytes(6).toString('hex')}`);
  await jobs.close();
  await expect(jobs.add('count', { n: 1 })).rejects.toMatchObject({ code: 'unavailable' });
});
