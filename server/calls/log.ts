import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { wallOf, weekdayOf } from '../core/zone.ts';
import { USUAL_TARGET, targetClasses } from '../queues/contract.ts';
import type { QueueBriefs } from '../queues/contract.ts';
import type { LogKind, LogPage, LogQuery } from './contract.ts';
import { cursorOf, present, splitRef } from './queries.ts';
import { refOf } from './shape.ts';
import type { CallRecord } from './write.ts';

/**
 * The calls behind a figure: what of a call the figure counted (a visit to a queue, an offer, a talk), newest first. Each is read from the index
 * of its kind, or of its operator.
 */

interface Rule {
  segment: 'queue' | 'offer' | 'talk';
  endReasons?: readonly string[];
}

/** What each figure counts, as reports/cells.ts does. */
const RULES: Record<LogKind, Rule> = {
  visits: { segment: 'queue' },
  answered: { segment: 'queue', endReasons: ['answered'] },
  abandoned: { segment: 'queue', endReasons: ['abandoned'] },
  flowed: { segment: 'queue', endReasons: ['timeout', 'key', 'empty', 'transferred', 'call-back'] },
  'call-backs': { segment: 'queue', endReasons: ['call-back'] },
  waiting: { segment: 'queue' },
  repeated: { segment: 'queue', endReasons: ['answered'] },
  offers: { segment: 'offer' },
  missed: { segment: 'offer', endReasons: ['no-answer', 'failed'] },
  rejected: { segment: 'offer', endReasons: ['rejected', 'busy'] },
  handled: { segment: 'talk' },
  transferred: { segment: 'talk', endReasons: ['transferred'] },
};

const HOUR_MS = 3_600_000;
/** As reports/rollup.ts. */
const RESOLUTION_MS = 7 * 24 * HOUR_MS;

/** The hours of the period that are of this hour of day and weekday on the wall, those that touch as one. */
export const stretches = (
  { from, until, hour, weekday }: Pick<LogQuery, 'from' | 'until' | 'hour' | 'weekday'>,
  timeZone: string,
): [number, number][] => {
  if (hour === undefined && weekday === undefined) return [[from, until]];
  const found: [number, number][] = [];
  for (let at = Math.floor(from / HOUR_MS) * HOUR_MS; at < until; at += HOUR_MS) {
    const wall = wallOf(at, timeZone);
    if ((hour !== undefined && wall.hour !== hour) || (weekday !== undefined && weekdayOf(wall) !== weekday)) continue;
    const last = found.at(-1);
    if (last && last[1] === at) last[1] = at + HOUR_MS;
    else found.push([at, at + HOUR_MS]);
  }
  return found;
};

/** An offer or a talk follows from a visit that the call made before it. */
const VISIT_BEFORE = `EXISTS (SELECT 1 FROM call_segments v WHERE v.call_id = s.call_id AND v.kind = 'queue' AND v.queue = ?
  AND v.started_at <= s.started_at)`;

const byQueue = (query: Knex.QueryBuilder, queues: readonly string[], ofCall: boolean): void => {
  const places = queues.map(splitRef);
  void query.where((any) => {
    for (const { pbx, linkedid: queue } of places)
      void any.orWhere((one) => {
        void one.where('calls.pbx', pbx);
        if (!ofCall) void one.where('s.queue', queue);
        // An offer or a talk follows from a visit that the call made before it.
        else void one.whereRaw(VISIT_BEFORE, [queue]);
      });
  });
};

/** Once for each who talked, however often they came back. */
const FIRST_TALK = `NOT EXISTS (SELECT 1 FROM call_segments e WHERE e.call_id = s.call_id AND e.kind = 'talk' AND e.user_id = s.user_id
  AND (e.started_at < s.started_at OR (e.started_at = s.started_at AND e.id < s.id)))`;

const CALLED_AGAIN = `calls.direction = 'in' AND calls.ended_at <= ? AND EXISTS (SELECT 1 FROM calls n WHERE n.client_id = calls.client_id
  AND n.direction = 'in' AND n.started_at > calls.ended_at AND n.started_at <= calls.ended_at + ?)`;

/** Within the target of its queue. */
const inTime = (query: Knex.QueryBuilder, briefs: QueueBriefs): void => {
  const classes = targetClasses(briefs);
  const when = classes.map(({ queues, target }) => `WHEN calls.pbx = ? AND s.queue IN (${queues.map(() => '?').join(', ')}) THEN ${target.seconds * 1000}`); // prettier-ignore
  const usual = USUAL_TARGET.seconds * 1000;
  const target = when.length > 0 ? `CASE ${when.join(' ')} ELSE ${usual} END` : String(usual);
  void query.whereRaw(`s.ended_at - s.started_at <= ${target}`, classes.flatMap(({ pbx, queues }) => [pbx, ...queues])); // prettier-ignore
};

interface Found {
  id: number;
  call_id: number;
  started_at: number;
  ended_at: number | null;
  queue: string | null;
  end_reason: string | null;
  user_id: number | null;
}

const segments = (db: Knex, query: LogQuery, timeZone: string, now: number, briefs: QueueBriefs | null): Knex.QueryBuilder => {
  const { kind, queue, user, outcome } = query;
  const rule = RULES[kind];
  // A resolution of operators counts their talks.
  const segment = kind === 'repeated' && user ? 'talk' : rule.segment;
  const found = db('call_segments as s').join('calls', 'calls.id', 's.call_id').where('s.kind', segment);
  const ranges = stretches(query, timeZone);
  void found.where('s.started_at', '>=', query.from).where('s.started_at', '<', query.until);
  if (ranges.length !== 1 || query.hour !== undefined || query.weekday !== undefined)
    void found.where((any) => {
      if (ranges.length === 0) void any.whereRaw('1 = 0');
      for (const [from, until] of ranges)
        void any.orWhere((one) => one.where('s.started_at', '>=', from).where('s.started_at', '<', until));
    });
  // the visit of a call back is that of whoever asked for it
  if (segment === 'queue') void found.whereNull('calls.callback_of');
  else void found.whereNotNull('s.user_id');
  if (user) void found.whereIn('s.user_id', user);
  if (queue) byQueue(found, queue, segment !== 'queue');
  if (rule.endReasons && !(kind === 'repeated' && segment === 'talk')) void found.whereIn('s.end_reason', [...rule.endReasons]);
  // A visit that the bridge lost counts as waiting in the figures: it neither was answered nor left.
  if (kind === 'waiting')
    void found.where((open) =>
      open.whereNull('s.end_reason').orWhereNotIn('s.end_reason', ['answered', 'abandoned', ...RULES.flowed.endReasons!]),
    );
  if (kind === 'handled' || (kind === 'repeated' && segment === 'talk')) void found.whereRaw(FIRST_TALK);
  if (kind === 'repeated') void found.whereRaw(CALLED_AGAIN, [now - RESOLUTION_MS, RESOLUTION_MS]);
  if (query.waitedOver !== undefined) void found.whereRaw('s.ended_at - s.started_at > ?', [query.waitedOver * 1000]);
  if (briefs) inTime(found, briefs);
  else if (query.waitedUpTo !== undefined) void found.whereRaw('s.ended_at - s.started_at <= ?', [Number(query.waitedUpTo) * 1000]);
  if (outcome !== undefined) void found.where('calls.outcome', outcome);
  return found;
};

export const readLog = async (deps: Deps, actor: Actor, query: LogQuery, timeZone: string): Promise<LogPage> => {
  const cursor = cursorOf(query.after);
  const briefs = query.waitedUpTo === 'own' ? await deps.queueBriefs() : null;
  const asked = segments(deps.db, query, timeZone, deps.now(), briefs);
  if (cursor)
    void asked
      .where('s.started_at', '<=', cursor.at)
      .where((either) => either.where('s.started_at', '<', cursor.at).orWhere('s.id', '<', cursor.id));
  const rows = await asked
    .orderBy([
      { column: 's.started_at', order: 'desc' },
      { column: 's.id', order: 'desc' },
    ])
    .limit(query.limit + 1)
    .select<Found[]>('s.id', 's.call_id', 's.started_at', 's.ended_at', 's.queue', 's.end_reason', 's.user_id');
  const page = rows.slice(0, query.limit);
  const records = await deps.db<CallRecord>('calls').whereIn('id', [...new Set(page.map((row) => row.call_id))]);
  const byId = new Map(records.map((row) => [row.id, row]));
  const shown = new Map((await present(deps, actor, records, null)).map((call) => [call.ref, call]));
  const users = await deps.directory.briefs([...new Set(page.flatMap((row) => row.user_id ?? []))]);
  const last = page.at(-1);
  return {
    items: page.flatMap((row) => {
      const record = byId.get(row.call_id);
      const call = record && shown.get(refOf(record.pbx, record.linkedid));
      if (!call) return [];
      const counted = {
        from: row.started_at,
        ms: row.ended_at === null ? null : row.ended_at - row.started_at,
        queue: row.queue,
        user: (row.user_id !== null && users.get(row.user_id)) || null,
        endReason: row.end_reason,
      };
      return [{ call, counted }];
    }),
    next: rows.length > query.limit && last ? `${last.started_at}-${last.id}` : null,
  };
};
