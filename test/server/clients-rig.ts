import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Knex } from 'knex';
import type { Deps } from '../../server/deps.ts';
import { clientsDeps, clientsFeature } from '../../server/clients/feature.ts';
import type { Actor } from '../../server/core/authorize.ts';
import { fieldsDeps } from '../../server/fields/feature.ts';
import { errorHandler } from '../../server/core/errors.ts';
import { mount } from '../../server/core/http.ts';
import { DEFAULTS, reachesOf } from '../../server/rights/policy.ts';
import type { Role } from '../../server/users/contract.ts';

/** The clients feature alone behind real HTTP on a real database; who asks is said by a header. */
export const startRig = async (db: Knex) => {
  const [sales] = (await db('departments').insert({ name: 'sales', created_at: 0 })) as [number];
  const [support] = (await db('departments').insert({ name: 'support', created_at: 0 })) as [number];
  const person = async (login: string, role: Role, departmentId: number | null): Promise<Actor> => {
    const row = { login, name: login, role, department_id: departmentId, language: 'ru', time_zone: 'Europe/Moscow', created_at: 0 };
    const [id] = (await db('users').insert(row)) as [number];
    return {
      id,
      role,
      departmentId,
      reach: reachesOf(DEFAULTS[role], { id, departmentId }, new Map(), []),
      standsInFor: [],
      sessionId: login,
    };
  };
  const actors = {
    anna: await person('anna', 'operator', sales),
    boris: await person('boris', 'operator', support),
    free: await person('free', 'operator', null),
    vera: await person('vera', 'supervisor', support),
    root: await person('root', 'administrator', null),
  };

  const emitted: { name: string; event: unknown }[] = [];
  const granted = new Set<string>();
  let clock = 1_700_000_000_000;
  const config = { defaultCountry: 'RU' } as Deps['config'];
  const deps = {
    config,
    db,
    now: () => ++clock,
    bus: { emit: (name: string, event: unknown) => emitted.push({ name, event }) },
    audit: async (trx: Knex, e: Parameters<Deps['audit']>[1]) => {
      const row = { at: clock, actor_id: e.actorId, what: e.what, table_name: e.table, row_id: String(e.rowId) };
      await trx('audit').insert({ ...row, details: JSON.stringify(e.details ?? {}) });
    },
    directory: {
      briefs: async (ids: readonly number[]) => {
        const rows = (await db('users')
          .select('id', 'name', 'role')
          .whereIn('id', [...ids])) as { id: number; name: string; role: Role }[];
        return new Map(rows.map((row) => [row.id, row]));
      },
    },
    sighted: () => {},
    callGrants: async (actor: Actor, clientId: number) => granted.has(`${actor.id}:${clientId}`),
    ...fieldsDeps({ config, now: () => clock }),
    ...clientsDeps({ db, config }),
  } as unknown as Deps;

  const app = express();
  app.use(express.json({ limit: '1mb' }));
  const api = express.Router();
  const routes = clientsFeature(deps).routes!;
  mount(api, routes, async (req) => actors[String(req.headers['x-actor']) as keyof typeof actors] ?? null);
  app.use('/api', api);
  app.use(errorHandler({ error: (fields: { err: unknown }) => console.error(fields.err) } as never));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;

  /** @returns status and body; a 2xx body has been checked against the route's own contract */
  const ask = async (as: keyof typeof actors, method: string, path: string, body?: unknown) => {
    const res = await fetch(base + path, {
      method,
      headers: { 'x-actor': as, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    // Tests read many shapes of answer; each is compared with what is expected of it.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const json: any = res.status === 204 ? null : await res.json();
    const pattern = (spec: string) => new RegExp(`^${spec.replaceAll(/:\w+/g, '[^/]+')}$`);
    const spec = routes.find((r) => r.method === method.toLowerCase() && pattern(r.path).test(path.split('?')[0]!));
    if (res.ok) spec?.reply?.parse(json);
    return { status: res.status, body: json };
  };
  const create = async (as: keyof typeof actors, draft: object): Promise<number> => {
    const made = await ask(as, 'POST', '/clients', draft);
    if (made.status !== 201) throw new Error(JSON.stringify(made));
    return made.body.client.id as number;
  };
  /** Names found, all pages. */
  const search = async (as: keyof typeof actors, q: string, limit = 30): Promise<string[]> => {
    const names: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page = await ask(as, 'GET', `/clients?limit=${limit}&q=${encodeURIComponent(q)}${after && `&after=${after}`}`);
      if (page.status !== 200) throw new Error(JSON.stringify(page));
      names.push(...page.body.items.map((item: { name: string }) => item.name));
      after = page.body.next as string | null;
    }
    return names;
  };
  return { db, deps, ask, create, search, actors, departments: { sales, support }, granted, emitted, close: () => void server.close() };
};
