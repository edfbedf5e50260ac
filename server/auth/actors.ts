import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import type { Config } from '../config.ts';
import type { Actor } from '../core/authorize.ts';
import { isOwnOrigin } from '../core/origin.ts';
import { IDLE_MS } from './sessions.ts';
import type { Sessions } from './sessions.ts';

export const COOKIE = 'allo';

export const sessionMiddleware = (
  { sessionSecret, publicUrl }: Pick<Config, 'sessionSecret' | 'publicUrl'>,
  sessions: Sessions,
): RequestHandler =>
  session({
    name: COOKIE,
    secret: sessionSecret,
    store: sessions.store,
    resave: false,
    saveUninitialized: false,
    rolling: true,
    proxy: publicUrl.startsWith('https:'),
    cookie: { httpOnly: true, sameSite: 'lax', secure: publicUrl.startsWith('https:'), maxAge: IDLE_MS, path: '/' },
  });

/** Of a person who has not left; from users. */
export type Find = (userId: number) => Promise<Omit<Actor, 'sessionId'> | null>;

/** Read anew with each request: who has left, or has another role, is so at once. */
export const createActorOf =
  (find: Find) =>
  async (req: Request): Promise<Actor | null> => {
    if (req.session?.userId === undefined) return null;
    const user = await find(req.session.userId);
    return (
      user && {
        id: user.id,
        role: user.role,
        departmentId: user.departmentId,
        reach: user.reach,
        standsInFor: user.standsInFor,
        sessionId: req.sessionID,
      }
    );
  };

/** For WebSockets (/live, /sip): the same cookie, and the Origin must be ours, since browsers let any site open one. */
export const createActorOfUpgrade =
  (middleware: RequestHandler, actorOf: (req: Request) => Promise<Actor | null>, publicUrl: string) =>
  async (incoming: IncomingMessage): Promise<Actor | null> => {
    if (!isOwnOrigin(incoming, publicUrl)) return null;
    // Its own, empty `session`: the middleware would otherwise not look again, for a socket that is asked about later.
    const req = Object.assign(Object.create(incoming) as Request, { session: undefined });
    const res = new ServerResponse(incoming) as Response; // never sent: the middleware only needs somewhere to hang its hooks
    await new Promise<void>((resolve, reject) => {
      void middleware(req, res, (err?: unknown) => (err ? reject(err as Error) : resolve()));
    });
    return actorOf(req);
  };
