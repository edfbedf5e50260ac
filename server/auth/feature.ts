import type { Core, Deps, Feature } from '../deps.ts';
import { createLimit } from '../core/limits.ts';
import type { Redis } from '../core/redis.ts';
import { VERSION } from '../core/root.ts';
import type { Hello } from './contract.ts';
import { createActorOf, createActorOfUpgrade, sessionMiddleware } from './actors.ts';
import { authJobs } from './jobs.ts';
import { authRoutes } from './router.ts';
import type { Accounts } from './router.ts';
import { knexSessions, redisSessions } from './sessions.ts';

interface Parts {
  accounts: Accounts;
  /** null: sessions and limits stay in the database and in this process. */
  redis: Redis | null;
  demo: Hello['demo'];
  /** From rights. */
  reaches: Deps['reaches'];
}

/** Who asks, for HTTP and WebSockets; and the routes and jobs of signing in and out. */
export const createAuth = (core: Core, { accounts, redis, demo, reaches }: Parts) => {
  const { db, now, bus, config } = core;
  const sessions = redis ? redisSessions(redis) : knexSessions(db, now);
  const session = sessionMiddleware(config, sessions);
  const actorOf = createActorOf(async (id) => {
    const user = await accounts.find(id);
    return user && user.leftAt === null ? { ...user, ...(await reaches(user)) } : null;
  });
  const limits = {
    pair: createLimit('sign-in by login and address', 10, 300, redis),
    login: createLimit('sign-in by login', 50, 900, redis),
    address: createLimit('sign-in by address', 300, 300, redis),
  };
  const feature: Feature = {
    routes: authRoutes({ ...core, accounts, sessions, limits, demo, callMe: config.demo && config.simulator, version: VERSION }),
    start: authJobs(core, sessions),
  };
  return {
    feature,
    session,
    actorOf,
    actorOfUpgrade: createActorOfUpgrade(session, actorOf, config.publicUrl),
    endSessions: async (userId: number) => {
      await sessions.end(userId);
      bus.emit('session.ended', { userId, sessionIds: 'all' });
    },
  };
};
