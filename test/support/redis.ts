import { describe, expect, test } from 'vitest';

/** redis://127.0.0.1:6379, a server whose data may be lost. */
export const REDIS = process.env.ALLO_TEST_REDIS_URL;

/** Runs the suite in the process and, where ALLO_TEST_REDIS_URL is set, on Redis; loudly skipped otherwise, a failure on CI. */
export const eachTransport = (name: string, suite: (transport: 'memory' | 'redis') => void): void => {
  describe(`${name} in memory`, () => suite('memory'));
  if (REDIS) describe(`${name} on redis`, () => suite('redis'));
  else if (process.env.CI === 'true')
    test(`${name} on redis`, () => {
      expect.fail('ALLO_TEST_REDIS_URL is not set: the suite did not run on Redis');
    });
  else test.skip(`${name} on redis: NOT RUN, ALLO_TEST_REDIS_URL is not set`, () => {});
};
