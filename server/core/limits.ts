import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from './errors.ts';
import type { Redis } from './redis.ts';

export interface Limit {
  /** One more try by this key. @throws AppError `too_many` with retryAfterSeconds */
  consume(key: string): Promise<void>;
  /** It was no guessing: forgets the key. */
  forgive(key: string): Promise<void>;
  /** Takes the last try back. */
  giveBack(key: string): Promise<void>;
}

/** `points` tries in `seconds`. Shared by all processes where there is Redis; counted here while it is away. */
export const createLimit = (name: string, points: number, seconds: number, redis: Redis | null): Limit => {
  const options = { keyPrefix: `allo:limit:${name}`, points, duration: seconds };
  const here = new RateLimiterMemory(options);
  const limiter = redis ? new RateLimiterRedis({ ...options, storeClient: redis, useRedisPackage: true, insuranceLimiter: here }) : here;
  return {
    async consume(key) {
      try {
        await limiter.consume(key);
      } catch (err) {
        if (!(err instanceof RateLimiterRes)) throw err;
        throw new AppError('too_many', `too many: ${name}`, { retryAfterSeconds: Math.max(1, Math.ceil(err.msBeforeNext / 1000)) });
      }
    },
    async forgive(key) {
      await limiter.delete(key);
    },
    async giveBack(key) {
      await limiter.reward(key, 1);
    },
  };
};
