import type { Knex } from 'knex';

/** What reports and the floor make of a segment of a call. */
interface LoggedSegment {
  kind: string;
  userId: number | null;
  queue: string | null;
  from: number;
  to: number | null;
  endReason: string | null;
}

/** A call of the log with its segments, as reports are made of. */
export interface LoggedCall {
  pbx: string;
  linkedid: string;
  direction: 'in' | 'out' | 'internal';
  startedAt: number;
  endedAt: number | null;
  outcome: string | null;
  clientId: number | null;
  /** A call back: its visit to the queue is that of whoever asked for it. */
  isCallBack: boolean;
  /** Asked for in it, and talked then. */
  calledBack: boolean;
  /** By their begin. */
  segments: LoggedSegment[];
}

/** More at once outlive the collector's young generation: it costs more than the reading. */
const BATCH = 1_000;
/** MariaDB makes a longer list of ids a temporary table, three times as slow. */
const IDS = 900;
/** No call lasts longer: what began earlier has ended. */
const LONGEST_MS = 12 * 3_600_000;

type CallHead = Omit<LoggedCall, 'segments' | 'isCallBack' | 'calledBack'> & { id: number; callBackOf: number | null };
type SegmentHead = LoggedSegment & { id: number; callId: number };

const heads = (db: Knex, from: number, until: number, after: CallHead | undefined): Promise<CallHead[]> => {
  const query = db('calls')
    .where('started_at', '<', until)
    .where((now) => now.where('ended_at', '>=', from).orWhereNull('ended_at'));
  if (after)
    void query
      .where('started_at', '>=', after.startedAt)
      .where((or) => or.where('started_at', '>', after.startedAt).orWhere('id', '>', after.id));
  else void query.where('started_at', '>=', from - LONGEST_MS);
  return query.orderBy(['started_at', 'id']).limit(BATCH).select({
    id: 'id',
    pbx: 'pbx',
    linkedid: 'linkedid',
    direction: 'direction',
    startedAt: 'started_at',
    endedAt: 'ended_at',
    outcome: 'outcome',
    clientId: 'client_id',
    callBackOf: 'callback_of',
  }) as Promise<CallHead[]>;
};

/** Calls are written about as they begin, so that the ids of a batch are nearly all those between its first and its last. */
const segmentsOf = async (db: Knex, ids: readonly number[], kinds: readonly string[]): Promise<SegmentHead[]> => {
  const read = (narrow: (query: Knex.QueryBuilder) => Knex.QueryBuilder): Promise<SegmentHead[]> =>
    narrow(db('call_segments').whereIn('kind', kinds)).select({
      id: 'id',
      callId: 'call_id',
      kind: 'kind',
      userId: 'user_id',
      queue: 'queue',
      from: 'started_at',
      to: 'ended_at',
      endReason: 'end_reason',
    }) as Promise<SegmentHead[]>;
  const [least, most] = ids.reduce(([a, b], id) => [Math.min(a, id), Math.max(b, id)], [ids[0]!, ids[0]!]);
  if (most - least < 2 * ids.length) return read((query) => query.whereBetween('call_id', [least, most]));
  const found: SegmentHead[] = [];
  for (let i = 0; i < ids.length; i += IDS) {
    const some = await read((query) => query.whereIn('call_id', ids.slice(i, i + IDS)));
    for (const segment of some) found.push(segment);
  }
  return found;
};

/** Of these, those whose caller asked to be called back and was spoken with then. */
const reachedOf = async (db: Knex, ids: readonly number[]): Promise<Set<number>> => {
  const found = new Set<number>();
  for (let i = 0; i < ids.length; i += IDS)
    for (const id of await db('calls')
      .whereIn('callback_of', ids.slice(i, i + IDS))
      .whereNotNull('answered_at')
      .pluck('callback_of'))
      // prettier-ignore
      found.add(id as number);
  return found;
};

const inOrder = (a: SegmentHead, b: SegmentHead): number => a.from - b.from || a.id - b.id;

const batchAfter = async (db: Knex, from: number, until: number, kinds: readonly string[], after: CallHead | undefined) => {
  const calls = await heads(db, from, until, after);
  const lists = new Map<number, SegmentHead[]>(calls.map(({ id }) => [id, []]));
  if (calls.length > 0) for (const segment of await segmentsOf(db, [...lists.keys()], kinds)) lists.get(segment.callId)?.push(segment);
  const reached = await reachedOf(db, [...lists.keys()]);
  return {
    last: calls.at(-1),
    full: calls.length === BATCH,
    calls: calls.map((call) =>
      Object.assign(call, {
        isCallBack: call.callBackOf !== null,
        calledBack: reached.has(call.id),
        segments: lists.get(call.id)!.sort(inOrder),
      }),
    ),
  };
};

/**
 * The calls that were up at any time of [from, until), ms, with their segments of these kinds, in batches: a day of them does not fit into memory.
 * While one batch is worked at, the database reads the next.
 */
export async function* callsBetween(db: Knex, from: number, until: number, kinds: readonly string[]): AsyncGenerator<LoggedCall[]> {
  let next = batchAfter(db, from, until, kinds, undefined);
  for (;;) {
    const { calls, last, full } = await next;
    if (calls.length === 0) return;
    if (full) {
      next = batchAfter(db, from, until, kinds, last);
      next.catch(() => {}); // thrown when it is waited for; nobody waits when the reader has gone
    }
    yield calls;
    if (!full) return;
  }
}

const CHUNK = 400;

/** After which of these calls did their client call again within `withinMs` of the end? In their order. */
export const calledAgain = async (
  db: Knex,
  calls: readonly { clientId: number; endedAt: number }[],
  withinMs: number,
): Promise<boolean[]> => {
  if (calls.length === 0) return [];
  const ends = calls.map(({ endedAt }) => endedAt);
  const [first, last] = [Math.min(...ends), Math.max(...ends) + withinMs];
  const clients = [...new Set(calls.map(({ clientId }) => clientId))];
  const begins = new Map<number, number[]>(clients.map((id) => [id, []]));
  for (let i = 0; i < clients.length; i += CHUNK) {
    const rows = await db('calls')
      .whereIn('client_id', clients.slice(i, i + CHUNK))
      .where('started_at', '>', first)
      .where('started_at', '<=', last)
      .where('direction', 'in')
      .select<{ client_id: number; started_at: number }[]>('client_id', 'started_at');
    for (const row of rows) begins.get(row.client_id)!.push(row.started_at);
  }
  return calls.map(({ clientId, endedAt }) => begins.get(clientId)!.some((at) => at > endedAt && at <= endedAt + withinMs));
};
