import { RedisStore } from 'connect-redis';
import session from 'express-session';
import type { SessionData } from 'express-session';
import type { Knex } from 'knex';
import type { Redis } from '../core/redis.ts';

declare module 'express-session' {
  interface SessionData {
    userId?: number;
  }
}

/** ms without a request after which a session ends: a shift and a break. */
export const IDLE_MS = 12 * 60 * 60 * 1000;
/** The end of a session is moved at most this often: not a write with every request. */
const TOUCH_MS = 5 * 60 * 1000;

/** Where sessions live, and which of them a person has. */
export interface Sessions {
  store: session.Store;
  of(userId: number): Promise<string[]>;
  /** Ends all sessions of a person but `except`. @returns those that were ended */
  end(userId: number, except?: string): Promise<string[]>;
  /** Forgets what has expired. @returns how many */
  sweep(): Promise<number>;
}

type Done<T> = (err: unknown, value?: T) => void;

const settle = <T>(work: Promise<T>, done?: Done<T>): void =>
  void work.then(
    (value) => done?.(null, value),
    (err: unknown) => done?.(err),
  );

class KnexStore extends session.Store {
  readonly db: Knex;
  readonly now: () => number;
  constructor(db: Knex, now: () => number) {
    super();
    this.db = db;
    this.now = now;
  }

  override get(id: string, done: Done<SessionData | null>) {
    const load = async () => {
      const row = (await this.db('sessions').where({ id }).where('expires_at', '>', this.now()).first('data')) as
        { data: string } | undefined;
      return row ? (JSON.parse(row.data) as SessionData) : null;
    };
    settle(load(), done);
  }

  override set(id: string, data: SessionData, done?: Done<void>) {
    const row = { user_id: data.userId ?? null, data: JSON.stringify(data), expires_at: this.now() + IDLE_MS };
    const save = async () =>
      void (await this.db('sessions')
        .insert({ id, ...row })
        .onConflict('id')
        .merge());
    settle(save(), done);
  }

  override destroy(id: string, done?: Done<void>) {
    const remove = async () => void (await this.db('sessions').where({ id }).delete());
    settle(remove(), done);
  }

  override touch(id: string, _data: SessionData, done?: Done<void>) {
    const move = async () => {
      const row = (await this.db('sessions').where({ id }).first('expires_at')) as { expires_at: number } | undefined;
      const expires_at = this.now() + IDLE_MS;
      if (row && expires_at - row.expires_at > TOUCH_MS) await this.db('sessions').where({ id }).update({ expires_at });
    };
    settle(move(), done as Done<void>);
  }
}

/** In the database: sessions outlive a restart. */
export const knexSessions = (db: Knex, now: () => number): Sessions => ({
  store: new KnexStore(db, now),
  of: (userId) => db('sessions').where({ user_id: userId }).where('expires_at', '>', now()).pluck('id'),
  async end(userId, except) {
    const ids = ((await db('sessions').where({ user_id: userId }).pluck('id')) as string[]).filter((id) => id !== except);
    await db('sessions').whereIn('id', ids).delete();
    return ids;
  },
  sweep: () => db('sessions').where('expires_at', '<=', now()).delete(),
});

const PREFIX = 'allo:session:';
const ofUser = (userId: number) => `allo:sessions-of:${userId}`;

/** RedisStore, and a set of session ids for each person; ids of sessions that have expired are dropped when the set is read. */
class IndexedRedisStore extends RedisStore {
  override async set(id: string, data: SessionData, done?: (err?: unknown) => unknown) {
    if (data.userId !== undefined) {
      await (this.client as Redis).sAdd(ofUser(data.userId), id);
      await (this.client as Redis).expire(ofUser(data.userId), IDLE_MS / 1000);
    }
    return super.set(id, data, done) as Promise<unknown>;
  }
  override async touch(id: string, data: SessionData, done?: (err?: unknown) => unknown) {
    if (data.userId !== undefined) await (this.client as Redis).expire(ofUser(data.userId), IDLE_MS / 1000);
    return super.touch(id, data, done) as Promise<unknown>;
  }
}

/** In Redis: shared by processes. */
export const redisSessions = (redis: Redis): Sessions => {
  const of = async (userId: number) => {
    const ids = await redis.sMembers(ofUser(userId));
    const there = await Promise.all(ids.map((id) => redis.exists(PREFIX + id)));
    const gone = ids.filter((_, i) => !there[i]);
    if (gone.length > 0) await redis.sRem(ofUser(userId), gone);
    return ids.filter((_, i) => there[i]);
  };
  return {
    store: new IndexedRedisStore({ client: redis, prefix: PREFIX, ttl: IDLE_MS / 1000 }),
    of,
    async end(userId, except) {
      const ids = (await of(userId)).filter((id) => id !== except);
      if (ids.length > 0) {
        await redis.del(ids.map((id) => PREFIX + id));
        await redis.sRem(ofUser(userId), ids);
      }
      return ids;
    },
    sweep: async () => 0, // Redis expires them by itself
  };
};
