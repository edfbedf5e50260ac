import type { Knex } from 'knex';

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
  segments: { kind: string; userId: number | null; queue: string | null; from: number; to: number | null; endReason: string | null }[];
}

/** Below a thousand: MariaDB makes a longer list of ids a temporary table, three times as slow. */
const BATCH = 900;
/** No call lasts longer: what began earlier has ended. */
const LONGEST_MS = 12 * 3_600_000;

interface CallHead {
  id: number;
  pbx: string;
  linkedid: string;
  direction: LoggedCall['direction'];
  started_at: number;
  ended_at: number | null;
  outcome: string | null;
  client_id: number | null;
  callback_of: number | null;
}

interface SegmentHead {
  call_id: number;
  kind: string;
  user_id: number | null;
  queue: string | null;
  started_at: number;
  ended_at: number | null;
  end_reason: string | null;
}

const heads = (db: Knex, from: number, until: number, after: CallHead | undefined): Promise<CallHead[]> => {
  const query = db('calls')
    .where('started_at', '<', until)
    .where((now) => now.where('ended_at', '>=', from).orWhereNull('ended_at'));
  if (after)
    void query
      .where('started_at', '>=', after.started_at)
      .where((or) => or.where('started_at', '>', after.started_at).orWhere('id', '>', after.id));
  else void query.where('started_at', '>=', from - LONGEST_MS);
  return query
    .orderBy(['started_at', 'id'])
    .limit(BATCH)
    .select<CallHead[]>('id', 'pbx', 'linkedid', 'direction', 'started_at', 'ended_at', 'outcome', 'client_id', 'callback_of');
};

/** Of these, those whose caller asked to be called back and was spoken with then. */
const reachedOf = async (db: Knex, rows: readonly CallHead[]): Promise<Set<number>> =>
  new Set(
    await db('calls')
      .whereIn('callback_of', rows.map((row) => row.id))
      .whereNotNull('answered_at')
      .pluck('callback_of'),
  ); // prettier-ignore

/** The calls that were up at any time of [from, until), ms, in batches: a day of them does not fit into memory. */
export async function* callsBetween(db: Knex, from: number, until: number): AsyncGenerator<LoggedCall[]> {
  for (let after: CallHead | undefined; ;) {
    const rows = await heads(db, from, until, after);
    after = rows.at(-1);
    if (!after) return;
    const ids = rows.map((row) => row.id);
    const segments = await db('call_segments')
      .whereIn('call_id', ids)
      .orderBy(['call_id', 'started_at', 'id'])
      .select<SegmentHead[]>('call_id', 'kind', 'user_id', 'queue', 'started_at', 'ended_at', 'end_reason');
    const byCall = new Map<number, LoggedCall['segments']>(ids.map((id) => [id, []]));
    for (const s of segments)
      byCall.get(s.call_id)!.push({
        kind: s.kind,
        userId: s.user_id,
        queue: s.queue,
        from: s.started_at,
        to: s.ended_at,
        endReason: s.end_reason,
      });
    const reached = await reachedOf(db, rows);
    yield rows.map((row) => ({
      pbx: row.pbx,
      linkedid: row.linkedid,
      direction: row.direction,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      outcome: row.outcome,
      clientId: row.client_id,
      isCallBack: row.callback_of !== null,
      calledBack: reached.has(row.id),
      segments: byCall.get(row.id)!,
    }));
    if (rows.length < BATCH) return;
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
