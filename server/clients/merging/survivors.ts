import type { RequestHandler } from 'express';
import type { Knex } from 'knex';
import { AppError } from '../../core/errors.ts';

/** A merged card's id leads to the card that it became a part of: in old links, in open pages, in programs that have kept it. */

const MOST_STEPS = 50;

/** Of these, those that were merged into another, with the card that is left at the end. */
export const survivorsOf = async (db: Knex, ids: readonly number[]): Promise<Map<number, number>> => {
  const last = new Map([...new Set(ids)].map((id) => [id, id]));
  for (let step = 0; step < MOST_STEPS; step++) {
    const rows = (await db('clients').whereIn('id', [...new Set(last.values())]).whereNotNull('merged_into').select('id', 'merged_into')) as { id: number; merged_into: number }[]; // prettier-ignore
    if (rows.length === 0) break;
    const next = new Map(rows.map((row) => [row.id, row.merged_into]));
    for (const [id, at] of last) last.set(id, next.get(at) ?? at);
  }
  return new Map([...last].filter(([id, survivor]) => id !== survivor));
};

const isId = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
const NUMBER = /^[1-9]\d{0,14}$/;
const OF_CLIENT = /^(\/(?:clients|interests)\/)([1-9]\d{0,14})(?=\/|$)/;

/** By name of a field or a parameter: it holds a client's id; on a card, those of the second kind as well. */
const ANYWHERE = ['clientId'];
const ON_A_CARD = ['clientId', 'toId', 'otherId'];

/** Before the routes of /api: whatever names a client names the one that is left. */
export const followMerges =
  (db: Knex): RequestHandler =>
  async (req, _res, next) => {
    const [path, query = ''] = req.url.split('?', 2) as [string, string?];
    const inPath = OF_CLIENT.exec(path)?.[2];
    const names = inPath === undefined ? ANYWHERE : ON_A_CARD;
    const asked = new URLSearchParams(query);
    // Files hang on things by kind and number.
    const more = path === '/files' && asked.get('kind') === 'client' ? ['ref'] : path === '/interests' ? ['client'] : [];
    const params = [...names, ...more].filter((name) => NUMBER.test(asked.get(name) ?? '')); // prettier-ignore
    const body = (typeof req.body === 'object' && req.body !== null ? req.body : {}) as Record<string, unknown>;
    const fields = names.filter((name) => Object.hasOwn(body, name) && isId(body[name]));
    if (inPath === undefined && params.length + fields.length === 0) return next();
    const ids = [...(inPath === undefined ? [] : [inPath]), ...params.map((name) => asked.get(name)!)].map(Number);
    const survivors = await survivorsOf(db, [...ids, ...fields.map((name) => body[name] as number)]);
    if (survivors.size === 0) return next();
    const now = (id: number): number => survivors.get(id) ?? id;
    for (const name of fields) body[name] = now(body[name] as number);
    for (const name of params) asked.set(name, String(now(Number(asked.get(name)))));
    // the version is that of a card that is no more: what was seen and changed there is not what stands here now
    if (inPath !== undefined && survivors.has(Number(inPath)) && Object.hasOwn(body, 'version'))
      return next(new AppError('conflict', 'the card was merged', { reason: 'merged', clientId: now(Number(inPath)) }));
    const followed = inPath === undefined ? path : path.replace(OF_CLIENT, `$1${now(Number(inPath))}`);
    req.url = params.length > 0 ? `${followed}?${asked}` : followed + (query && `?${query}`);
    next();
  };
