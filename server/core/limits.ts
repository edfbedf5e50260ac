import { isIPv6 } from 'node:net';
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

/** Whoever has one IPv6 address has 2^64 of them: they count as one, as does an IPv4 address in either spelling. */
export const networkOf = (ip: string): string => {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (v4 !== undefined || !isIPv6(ip)) return v4 ?? ip;
  const [head = '', tail] = ip.toLowerCase().replace(/%.*$/, '').split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...(tail === undefined ? [] : Array<string>(Math.max(0, missing)).fill('0')), ...groups(tail)];
  return `${all.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`; // prettier-ignore
};

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
