import type { Knex } from 'knex';
import { AppError } from '../core/errors.ts';
import { TimelineEntry } from './contract.ts';
import { entryOf, pinnedRows, searchRows } from './timeline-search.ts';
import type { TimelineRow } from './timeline-search.ts';

interface Row {
  id: number;
  client_id: number;
  at: number;
  kind: string;
  ref: string;
  user_id: number | null;
  data: string;
}

export interface NewEntry {
  clientId: number;
  at: number;
  kind: string;
  ref: string;
  userId: number | null;
  data: object;
}

/** Only calls count as contact: it decides who of several with one number is likeliest to be calling. */
export const touch = async (db: Knex, clientId: number): Promise<void> => {
  const latest = (await db('timeline').where({ client_id: clientId, kind: 'call' }).max({ at: 'at' })) as [{ at: number | null }];
  await db('clients').where({ id: clientId }).update({ contact_at: latest[0].at });
};

const timelineRow = (entry: NewEntry) => ({
  client_id: entry.clientId,
  at: entry.at,
  kind: TimelineEntry.shape.kind.parse(entry.kind),
  ref: entry.ref,
  user_id: entry.userId,
  data: JSON.stringify(entry.data),
});

/** By client: when we spoke with them, unless that was before what is known. */
const contacted = async (db: Knex, contacts: ReadonlyMap<number, number>): Promise<void> => {
  if (contacts.size === 0) return;
  // in one order everywhere: two transactions must not wait for one another
  const ids = [...contacts.keys()].sort((a, b) => a - b);
  const at = db.raw(`case id ${ids.map(() => 'when ? then ?').join(' ')} end`, ids.flatMap((id) => [id, contacts.get(id)!])); // prettier-ignore
  await db('clients')
    .whereIn('id', ids)
    .where((q) => q.whereNull('contact_at').orWhere('contact_at', '<', at))
    .update({ contact_at: at });
};

/** Rows of clients' histories. The same (client, kind, ref) again brings the row up to date: what a call came to is known at its end. */
export const addTimelines = async (db: Knex, entries: readonly NewEntry[]): Promise<void> => {
  if (entries.length === 0) return;
  await db('timeline').insert(entries.map(timelineRow)).onConflict(['kind', 'ref', 'client_id']).merge(['at', 'user_id', 'data']);
  const calls = new Map<number, number>();
  for (const { kind, clientId, at } of entries) if (kind === 'call') calls.set(clientId, Math.max(at, calls.get(clientId) ?? 0));
  await contacted(db, calls);
};

export const addTimeline = (db: Knex, entry: NewEntry): Promise<void> => addTimelines(db, [entry]);

/** The thing turned out to be of another client, or of none. Moving it again changes nothing. */
export const moveTimeline = async (db: Knex, kind: string, ref: string, clientId: number | null): Promise<void> => {
  const rows = (await db('timeline').where({ kind, ref })) as Row[];
  const losing = rows.filter((row) => row.client_id !== clientId);
  if (losing.length === 0) return;
  await db('timeline')
    .whereIn(
      'id',
      losing.map((row) => row.id),
    )
    .delete();
  if (clientId !== null && losing.length === rows.length) {
    const { id: _, ...moved } = { ...losing[0]!, client_id: clientId };
    await db('timeline').insert(moved);
  }
  if (kind !== 'call') return;
  for (const row of losing) await touch(db, row.client_id);
  if (clientId !== null) await touch(db, clientId);
};

const CURSOR = /^(\d{1,16})-(\d{1,16})$/;

interface Ask {
  before?: string | undefined;
  kind?: string | undefined;
  kinds?: readonly string[] | undefined;
  userId?: number | undefined;
  from?: number | undefined;
  until?: number | undefined;
  q?: string | undefined;
  limit: number;
}
type Entry = Omit<TimelineEntry, 'user'> & { userId: number | null };

const behind = (query: Knex.QueryBuilder, at: number, id: number): void => {
  void query.where('at', '<=', at).where((either) => either.where('at', '<', at).orWhere('id', '<', id));
};

/** Newest first, behind `before` ("AT-ID", the `next` of the page before). Whose name stands behind user_id the caller knows. */
export const listTimeline = async (
  db: Knex,
  clientId: number,
  ask: Ask,
): Promise<{ items: Entry[]; next: string | null; pinned: Entry[] }> => {
  const cursor = ask.before === undefined ? null : CURSOR.exec(ask.before);
  if (ask.before !== undefined && !cursor) throw new AppError('invalid', 'not a cursor of a timeline');
  const rows = async (after: { at: number; id: number } | null, limit: number): Promise<TimelineRow[]> => {
    const query = db('timeline').where({ client_id: clientId });
    const kinds = ask.kinds ?? (ask.kind === undefined ? null : [ask.kind]);
    if (kinds) void query.whereIn('kind', [...kinds]);
    if (ask.userId !== undefined) void query.where({ user_id: ask.userId });
    if (ask.from !== undefined) void query.where('at', '>=', ask.from);
    if (ask.until !== undefined) void query.where('at', '<', ask.until);
    if (after) behind(query, Number(after.at), after.id);
    return (await query
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit)) as TimelineRow[];
  };
  const first = cursor && { at: Number(cursor[1]), id: Number(cursor[2]) };
  const pinnedOnes = cursor ? [] : await pinnedRows(db, clientId);
  const pinned = pinnedOnes.map((row) => entryOf(row, true));
  const pins = new Set(pinnedOnes.map(({ id }) => id));
  if (ask.q !== undefined && ask.q !== '') {
    const { found, stoppedAt } = await searchRows((after, limit) => rows(after ?? first, limit), ask.q, ask.limit);
    return { items: found.map((row) => entryOf(row, pins.has(row.id))), next: stoppedAt && `${stoppedAt.at}-${stoppedAt.id}`, pinned };
  }
  const read = await rows(first, ask.limit + 1);
  const page = read.slice(0, ask.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => entryOf(row, pins.has(row.id))),
    next: read.length > ask.limit && last ? `${last.at}-${last.id}` : null,
    pinned,
  };
};
