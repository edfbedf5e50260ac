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

const handler =
  (spec: Route, actorOf: (req: Request) => Promise<Actor | null>): RequestHandler =>
  async (req, res) => {
    const actor = spec.can === anyone ? null : await actorOf(req);
    if (spec.can !== anyone) {
      if (!actor) throw new AppError('unauthenticated', 'no session');
      if (!spec.can(actor)) throw new AppError('forbidden', `${actor.role}: ${spec.method} ${spec.path}`);
    }
    const params = check(spec.params, 'params', req.params);
    const query = check(spec.query, 'query', req.query);
    const body = check(spec.body, 'body', req.body);
    const reply: unknown = await spec.handle({ params, query, body, actor: actor as Actor, req, res } as never);
    if (res.headersSent) return;
    if (spec.reply) res.status(spec.status ?? 200).json(reply);
    else res.status(204).end();
  };

export const mount = (router: Router, routes: readonly Route[], actorOf: (req: Request) => Promise<Actor | null>): void => {
  for (const spec of routes) router[spec.method](spec.path, handler(spec, actorOf));
};
