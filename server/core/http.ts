import type { Request, RequestHandler, Response, Router } from 'express';
import type { z } from 'zod';
import { anyone } from './authorize.ts';
import type { Actor, Policy } from './authorize.ts';
import { AppError } from './errors.ts';

/** What a handler is given beside its checked input. `actor` is null only on routes that say `can: anyone`. */
export interface Ask<P, Q, B, A> {
  params: P;
  query: Q;
  body: B;
  actor: A;
  /** For the few that set a cookie or stream a file. */
  req: Request;
  res: Response;
}

type Out<T> = T extends z.ZodType ? z.output<T> : undefined;

interface Spec<P, Q, B, R, A> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /api, as Express writes it: "/clients/:id". */
  path: string;
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  /** Of a 2xx answer; missing: 204 without a body. The answer is checked against it in tests. */
  reply?: R;
  status?: number;
  /** The handler writes the answer itself, of this type: a file. */
  media?: string;
  can: A;
  handle: (ask: Ask<Out<P>, Out<Q>, Out<B>, A extends typeof anyone ? null : Actor>) => Promise<R extends z.ZodType ? z.input<R> : void>;
}

/** One endpoint as data: mounted by `mount`, described by OpenAPI, walked by the route test. */
export type Route = Spec<
  z.ZodType | undefined,
  z.ZodType | undefined,
  z.ZodType | undefined,
  z.ZodType | undefined,
  Policy | typeof anyone
>;

export const route = <
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  R extends z.ZodType | undefined = undefined,
  A extends Policy | typeof anyone = Policy,
>(
  spec: Spec<P, Q, B, R, A>,
): Route => spec as unknown as Route;

/** Never assigned back to `req`: its query is a getter in Express 5. A ZodError of our own code stays a 500. */
const check = (schema: z.ZodType | undefined, part: string, value: unknown): unknown => {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((i) => ({ path: [part, ...i.path].join('.'), code: i.code }));
  throw new AppError('invalid', `${part}: ${parsed.error.message}`, { issues });
};

/** Who asks, by the session cookie. */
export type ActorOf = (req: Request) => Promise<Actor | null>;

export interface MountOptions {
  /** Refuses an actor who asks too often. @throws AppError `too_many` */
  limit?: (actor: Actor) => Promise<void>;
  /** In tests: an answer that is not what `reply` promises is a bug. */
  checkReplies?: boolean;
}

const actorFor = async (spec: Route, req: Request, actorOf: ActorOf, { limit }: MountOptions): Promise<Actor | null> => {
  if (spec.can === anyone) return null;
  const actor = await actorOf(req);
  if (!actor) throw new AppError('unauthenticated', 'no session');
  await limit?.(actor);
  if (!spec.can(actor)) throw new AppError('forbidden', `${actor.role}: ${spec.method} ${spec.path}`);
  return actor;
};

const handler =
  (spec: Route, actorOf: ActorOf, options: MountOptions): RequestHandler =>
  async (req, res) => {
    const actor = await actorFor(spec, req, actorOf, options);
    const params = check(spec.params, 'params', req.params);
    const query = check(spec.query, 'query', req.query);
    const body = check(spec.body, 'body', req.body);
    const reply: unknown = await spec.handle({ params, query, body, actor: actor as Actor, req, res } as never);
    if (res.headersSent) return;
    if (!spec.reply) return void res.status(204).end();
    if (options.checkReplies) spec.reply.parse(reply);
    res.status(spec.status ?? 200).json(reply);
  };

export const mount = (router: Router, routes: readonly Route[], actorOf: ActorOf, options: MountOptions = {}): void => {
  for (const spec of routes) router[spec.method](spec.path, handler(spec, actorOf, options));
};
