import { promisify } from 'node:util';
import type { Request } from 'express';
import type { Deps } from '../deps.ts';
import { anyone, signedIn } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { networkOf } from '../core/limits.ts';
import type { Limit } from '../core/limits.ts';
import { verifyPassword } from '../core/passwords.ts';
import type { User } from '../users/contract.ts';
import { Hello, Me, PasswordChange, Preferences, SignIn } from './contract.ts';
import { COOKIE } from './actors.ts';
import type { Sessions } from './sessions.ts';

/** What auth asks of users. */
export interface Accounts {
  find(id: number): Promise<User | null>;
  findByLogin(login: string): Promise<User | null>;
  passwordHashOf(id: number): Promise<string | null>;
  setPassword(id: number, password: string): Promise<void>;
  setPreferences(id: number, preferences: { language?: User['language']; theme?: User['theme'] }): Promise<void>;
}

export interface AuthDeps extends Pick<Deps, 'db' | 'bus' | 'audit'> {
  accounts: Accounts;
  sessions: Sessions;
  /** Of guesses: by login and address, by login, and by address. */
  limits: { pair: Limit; login: Limit; address: Limit };
  demo: Hello['demo'];
  /** Simulated clients call on demand. */
  callMe: boolean;
  version: string;
}

const addressOf = (req: Request) => networkOf(req.ip ?? 'unknown');

/** The address first: whoever has guessed too much neither locks out one login after the other nor fills the memory with names. */
const countGuess = async (
  { limits }: AuthDeps,
  { pair, name, address }: { pair: string; name: string; address: string },
): Promise<void> => {
  await limits.address.consume(address);
  try {
    await limits.pair.consume(pair);
    await limits.login.consume(name);
  } catch (err) {
    await limits.address.giveBack(address); // one page that asks again and again must not shut out its whole office
    throw err;
  }
};

const signIn = async (deps: AuthDeps, req: Request, { login, password }: { login: string; password: string }): Promise<User> => {
  const ip = req.ip ?? 'unknown';
  const address = addressOf(req);
  const name = login.toLowerCase();
  const pair = `${name}|${address}`;
  await countGuess(deps, { pair, name, address });
  const user = await deps.accounts.findByLogin(name);
  const right = await verifyPassword(user ? await deps.accounts.passwordHashOf(user.id) : null, password);
  if (!user || !right || user.leftAt !== null) {
    // What was typed as a login may be a password: only a known one is kept.
    await deps.audit(deps.db, { actorId: null, what: 'auth.sign-in-failed', ip, ...(user && { table: 'users', rowId: user.id }) });
    throw new AppError('unauthenticated', 'wrong login or password', { reason: 'credentials' });
  }
  await deps.limits.pair.forgive(pair);
  await deps.limits.login.forgive(name);
  await deps.limits.address.giveBack(address); // a whole office may share one
  const before = req.session.userId === undefined ? null : { userId: req.session.userId, sessionIds: [req.sessionID] };
  await promisify(req.session.regenerate.bind(req.session))(); // an id from before the sign-in may be known to somebody else
  req.session.userId = user.id;
  await promisify(req.session.save.bind(req.session))();
  if (before) deps.bus.emit('session.ended', before); // other tabs are still open as whoever it was
  await deps.audit(deps.db, { actorId: user.id, what: 'auth.signed-in', table: 'users', rowId: user.id, ip });
  return user;
};

const open = (deps: AuthDeps): Route[] => [
  route({
    method: 'get',
    path: '/auth/hello',
    summary: 'What the sign-in page needs',
    reply: Hello,
    can: anyone,
    handle: async () => ({ version: deps.version, demo: deps.demo }),
  }),
  route({
    method: 'post',
    path: '/auth/sign-in',
    summary: 'Begins a session; the cookie is in the answer',
    body: SignIn,
    reply: Me,
    can: anyone,
    handle: async ({ body, req }) => ({ user: await signIn(deps, req, body), demo: deps.callMe }),
  }),
];

const me = async (deps: AuthDeps, id: number): Promise<Me> => ({ user: (await deps.accounts.find(id))!, demo: deps.callMe });

const own = (deps: AuthDeps): Route[] => [
  route({
    method: 'get',
    path: '/auth/me',
    summary: 'Who is signed in',
    reply: Me,
    can: signedIn,
    handle: ({ actor }) => me(deps, actor.id),
  }),
  route({
    method: 'patch',
    path: '/auth/preferences',
    summary: 'Language and theme of the one who asks',
    body: Preferences,
    reply: Me,
    can: signedIn,
    async handle({ body, actor }) {
      await deps.accounts.setPreferences(actor.id, body);
      return me(deps, actor.id);
    },
  }),
  route({
    method: 'post',
    path: '/auth/password',
    summary: 'A new password; all other sessions end',
    body: PasswordChange,
    can: signedIn,
    async handle({ body, actor, req }) {
      const key = `${actor.id}|${addressOf(req)}`;
      await deps.limits.pair.consume(key);
      if (!(await verifyPassword(await deps.accounts.passwordHashOf(actor.id), body.current)))
        throw new AppError('invalid', 'wrong password', { issues: [{ path: 'body.current', code: 'custom' }] });
      await deps.limits.pair.forgive(key);
      await deps.accounts.setPassword(actor.id, body.next);
      await deps.audit(deps.db, { actorId: actor.id, what: 'auth.password-changed', table: 'users', rowId: actor.id, ip: req.ip });
      const ended = await deps.sessions.end(actor.id, actor.sessionId);
      if (ended.length > 0) deps.bus.emit('session.ended', { userId: actor.id, sessionIds: ended });
    },
  }),
];

const leaving = (deps: AuthDeps): Route[] => [
  route({
    method: 'post',
    path: '/auth/sign-out',
    summary: 'Ends this session',
    can: signedIn,
    async handle({ actor, req, res }) {
      await promisify(req.session.destroy.bind(req.session))();
      res.clearCookie(COOKIE, { path: '/' });
      await deps.audit(deps.db, { actorId: actor.id, what: 'auth.signed-out', table: 'users', rowId: actor.id, ip: req.ip });
      deps.bus.emit('session.ended', { userId: actor.id, sessionIds: [actor.sessionId] });
    },
  }),
  route({
    method: 'post',
    path: '/auth/sign-out-everywhere',
    summary: 'Ends all sessions of the one who asks, this one too',
    can: signedIn,
    async handle({ actor, req, res }) {
      await deps.sessions.end(actor.id);
      await promisify(req.session.destroy.bind(req.session))();
      res.clearCookie(COOKIE, { path: '/' });
      await deps.audit(deps.db, { actorId: actor.id, what: 'auth.signed-out-everywhere', table: 'users', rowId: actor.id, ip: req.ip });
      deps.bus.emit('session.ended', { userId: actor.id, sessionIds: 'all' });
    },
  }),
];

/** /api/auth */
export const authRoutes = (deps: AuthDeps): Route[] => [...open(deps), ...own(deps), ...leaving(deps)];
