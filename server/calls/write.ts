import type { Knex } from 'knex';
import type { Call, Segment } from '../../cti/index.ts';
import type { Deps } from '../app.ts';
import { inTransaction } from '../core/db.ts';
import { parsePhone } from '../core/phone.ts';
import { isJournaled } from './compare.ts';
import { mergeRow } from './merge.ts';
import { fit, morePart, partsOf, rawNumber, sums } from './shape.ts';
import type { Part } from './shape.ts';
import { fileOnTimeline } from './timeline.ts';

export type WriteDeps = Pick<
  Deps,
  'db' | 'bus' | 'directory' | 'clientsByNumber' | 'addTimeline' | 'moveTimeline' | 'recordings' | 'config' | 'queueAfterCall'
>;

export interface CallRecord {
  id: number;
  pbx: string;
  linkedid: string;
  direction: Call['direction'];
  from_raw: string;
  to_raw: string;
  from_e164: string | null;
  to_e164: string | null;
  caller_name: string;
  client_id: number | null;
  client_fixed: number;
  queue: string | null;
  started_at: number;
  answered_at: number | null;
  ended_at: number | null;
  end_reason: Call['endReason'];
  cause: number | null;
  wait_ms: number;
  talk_ms: number;
  outcome: string | null;
  outcome_flags: string | null;
  outcome_due: number;
  note: string | null;
  adopted: number;
  source: 'live' | 'journal';
}

export interface SegmentRecord {
  segment_key: string;
  kind: string;
  user_id: number | null;
  extension: string | null;
  queue: string | null;
  started_at: number;
  ended_at: number | null;
  end_reason: string | null;
}

/** One call to be written, as it is by its last fact. */
export interface Work {
  call: Call;
  /** Of the last fact. */
  at: number;
  /** Found in progress: what the row still holds open and the bridge no longer knows ended unseen. */
  adopted: boolean;
  /** Keys of the calls that became part of this one. */
  merged: readonly string[];
  /** Told whole by Asterisk's own journal, after its end: what the row says otherwise was not seen, or guessed. */
  journal?: boolean;
}

type Users = ReadonlyMap<string, number>;

const rowOf = (db: Knex, pbx: string, key: string) => db<CallRecord>('calls').where({ pbx, linkedid: key });

/** The row, made if it is not there, locked until the transaction ends. */
const lockRow = async (trx: Knex.Transaction, call: Call, fresh: Partial<CallRecord>): Promise<CallRecord> => {
  const find = () => rowOf(trx, call.pbx, call.key).forUpdate().first();
  // Not locked before it exists: two writers that lock the same gap would block one another.
  if (!(await rowOf(trx, call.pbx, call.key).first('id')))
    await trx('calls')
      .insert({ ...fresh, pbx: call.pbx, linkedid: call.key, started_at: call.startedAt })
      .onConflict(['pbx', 'linkedid'])
      .ignore();
  const row = await find();
  if (!row) throw new Error('a call row vanished while it was written');
  return row;
};

const segmentRow = (s: Segment, users: Users): SegmentRecord => ({
  segment_key: fit(s.id, 160),
  kind: s.kind,
  user_id: s.agent === null ? null : (users.get(s.agent) ?? null),
  extension: s.agent === null ? null : fit(s.agent, 40),
  queue: s.queue === null ? null : fit(s.queue, 100),
  started_at: s.from,
  ended_at: s.to,
  end_reason: s.endReason,
});

const differs = (have: SegmentRecord, want: SegmentRecord): boolean =>
  have.started_at !== want.started_at || have.ended_at !== want.ended_at || have.end_reason !== want.end_reason || have.kind !== want.kind;

/** @returns the segments as they now stand in the table */
const writeSegments = async (trx: Knex.Transaction, id: number, work: Work, users: Users): Promise<SegmentRecord[]> => {
  const { call } = work;
  const have = await trx<SegmentRecord>('call_segments').where('call_id', id);
  const known = new Map(have.map((s) => [s.segment_key, s]));
  const wanted = new Map(call.segments.map((s) => [fit(s.id, 160), segmentRow(s, users)]));

  const inserted = [...wanted.values()].filter((s) => !known.has(s.segment_key));
  for (let i = 0; i < inserted.length; i += 100) {
    const rows = inserted.slice(i, i + 100).map((s) => ({ ...s, call_id: id }));
    await trx('call_segments').insert(rows).onConflict(['call_id', 'segment_key']).ignore();
  }
  // Who had the extension when it was first written stays.
  const changed = have.flatMap((s) => {
    const want = wanted.get(s.segment_key);
    return want && differs(s, want) ? [{ ...s, ...want, user_id: s.user_id ?? want.user_id }] : [];
  });
  const lostAt = call.endedAt ?? (work.adopted ? work.at : null);
  const lost = have
    .filter((s) => lostAt !== null && !wanted.has(s.segment_key) && (s.ended_at === null || (work.journal && s.ended_at > lostAt)))
    .map((s) => ({ ...s, ended_at: Math.max(s.started_at, lostAt!), end_reason: 'lost' }));
  for (const s of [...changed, ...lost]) {
    const { kind, user_id, started_at, ended_at, end_reason } = s;
    await trx('call_segments')
      .where({ call_id: id, segment_key: s.segment_key })
      .update({ kind, user_id, started_at, ended_at, end_reason });
  }
  const now = new Map([...have, ...inserted, ...changed, ...lost].map((s) => [s.segment_key, s]));
  const untrue = work.journal ? have.filter((s) => isJournaled(s.kind) && !wanted.has(s.segment_key)).map((s) => s.segment_key) : [];
  if (untrue.length > 0) await trx('call_segments').where('call_id', id).whereIn('segment_key', untrue).delete();
  for (const key of untrue) now.delete(key);
  return [...now.values()];
};

const writeOperators = async (trx: Knex.Transaction, id: number, startedAt: number, parts: ReadonlyMap<number, Part>): Promise<void> => {
  const have = await trx('call_operators')
    .where('call_id', id)
    .select<{ user_id: number; part: Part; started_at: number }[]>('user_id', 'part', 'started_at');
  const known = new Map(have.map((o) => [o.user_id, o]));
  const missing = [...parts]
    .filter(([user]) => !known.has(user))
    .map(([user_id, part]) => ({ call_id: id, user_id, part, started_at: startedAt }));
  if (missing.length > 0) await trx('call_operators').insert(missing).onConflict(['call_id', 'user_id']).ignore();
  for (const { user_id, part, started_at } of have) {
    const most = morePart(part, parts.get(user_id) ?? part);
    if (most !== part || started_at !== startedAt)
      await trx('call_operators').where({ call_id: id, user_id }).update({ part: most, started_at: startedAt });
  }
};

const least = (...times: (number | null)[]): number | null =>
  times.reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), null);

/** What was seen from the beginning is better than what a snapshot tells of it later; the journal saw everything. */
const merge = (row: CallRecord, { call, journal }: Work, country: string): Partial<CallRecord> => {
  const guessed = call.adopted && !row.adopted;
  const text = (was: string, is: string, max: number) => (guessed && was !== '' ? was : fit(is, max) || was);
  const from_raw = text(row.from_raw, call.from, 100);
  const to_raw = text(row.to_raw, call.to, 100);
  const internal = call.direction === 'internal';
  return {
    direction: guessed ? row.direction : call.direction,
    from_raw,
    to_raw,
    from_e164: internal ? null : parsePhone(from_raw, country).e164,
    to_e164: internal ? null : parsePhone(to_raw, country).e164,
    caller_name: text(row.caller_name, call.fromName, 200),
    queue: row.queue ?? (call.queue === null ? null : fit(call.queue, 100)),
    started_at: journal ? call.startedAt : Math.min(row.started_at, call.startedAt),
    answered_at: journal ? call.answeredAt : least(row.answered_at, call.answeredAt),
    ended_at: call.endedAt,
    end_reason: call.endReason,
    cause: call.cause,
  };
};

/** An ended row is opened again by a call that was only taken for lost. */
const isOver = (row: CallRecord, call: Call): boolean => row.ended_at !== null && row.end_reason !== 'lost' && call.endedAt === null;

/** Its queue demands an outcome. */
const demands = async (deps: WriteDeps, { pbx, queue, direction, endedAt }: Call): Promise<boolean> =>
  queue !== null && direction !== 'internal' && endedAt !== null && ((await deps.queueAfterCall(pbx, queue))?.required ?? false);

/** The client, when exactly one has the number; which of several it was, the operator says. */
const findClient = async (deps: WriteDeps, call: Call, row: CallRecord | undefined): Promise<number | null> => {
  const number = rawNumber(call);
  const settled = row && (row.client_id !== null || row.client_fixed);
  if (settled || call.direction === 'internal' || number === '' || (row && call.endedAt === null)) return null;
  const found = await deps.clientsByNumber(number);
  return found.length === 1 ? found[0]!.id : null;
};

/**
 * Writes a call as it now is; writing it again changes nothing. Row, segments, operators and the client's timeline change together.
 * @throws when the database is away
 */
export const writeCall = async (deps: WriteDeps, work: Work): Promise<void> => {
  const { call } = work;
  // SQLite has one connection: whatever others look up is looked up before the transaction.
  const users = new Map<string, number>();
  const parts = new Map<number, Part>();
  const partByExtension = partsOf(call);
  for (const extension of new Set([...partByExtension.keys(), ...call.segments.flatMap((s) => s.agent ?? [])])) {
    const user = await deps.directory.userByExtension(call.pbx, extension);
    if (!user) continue;
    users.set(extension, user.id);
    const part = partByExtension.get(extension);
    if (part) parts.set(user.id, part);
  }
  const before = await rowOf(deps.db, call.pbx, call.key).first();
  const found = await findClient(deps, call, before);
  const demanded = await demands(deps, call);

  const told = await inTransaction(deps.db, async (trx) => {
    const row = await lockRow(trx, call, {
      direction: call.direction,
      adopted: call.adopted ? 1 : 0,
      source: work.journal ? 'journal' : 'live',
    });
    for (const key of work.merged) await mergeRow(deps, trx, row, key);
    if (isOver(row, call)) return null;

    const changes = merge(row, work, deps.config.defaultCountry);
    const client_id = row.client_id ?? (row.client_fixed ? null : found);
    const segments = await writeSegments(trx, row.id, work, users);
    await writeOperators(trx, row.id, changes.started_at!, parts);
    const spans = segments.map((s) => ({ kind: s.kind, from: s.started_at, to: s.ended_at }));
    const times = { startedAt: changes.started_at!, answeredAt: changes.answered_at!, endedAt: call.endedAt, segments: spans };
    const { waitMs, talkMs } = sums(times);
    const { outcome, outcome_flags, note } = row; // a merged call may have brought them
    const outcome_due = demanded && changes.answered_at !== null && outcome === null ? 1 : 0;
    const after = { ...changes, client_id, wait_ms: waitMs, talk_ms: talkMs, outcome, outcome_flags, note, outcome_due };
    await trx('calls').where('id', row.id).update(after);
    if (client_id === null || (call.endedAt === null && row.client_id !== null)) return null;
    await fileOnTimeline(deps, trx, { ...row, ...after });
    return client_id;
  });
  if (told !== null) deps.bus.emit('client.changed', { id: told });
};

/**
 * The bridge has told all calls that are up: any other row of this PBX that is open, and began before, ended while nobody listened.
 * @param spared keys that were heard of since
 * @returns how many were closed
 */
export const closeLost = async (
  deps: WriteDeps,
  pbx: string,
  at: number,
  live: ReadonlySet<string>,
  spared: ReadonlySet<string>,
): Promise<number> => {
  const open = await deps.db<CallRecord>('calls').whereNull('ended_at').where({ pbx }).where('started_at', '<', at);
  const lost = open.filter((row) => !live.has(row.linkedid) && !spared.has(row.linkedid));
  for (const row of lost) {
    const told = await inTransaction(deps.db, async (trx) => {
      const now = await rowOf(trx, pbx, row.linkedid).forUpdate().first();
      if (!now || now.ended_at !== null) return null;
      await trx('call_segments')
        .where('call_id', now.id)
        .whereNull('ended_at')
        .where('started_at', '<=', at)
        .update({ ended_at: at, end_reason: 'lost' });
      await trx('call_segments')
        .where('call_id', now.id)
        .whereNull('ended_at')
        .update({ ended_at: trx.ref('started_at'), end_reason: 'lost' });
      const segments = await trx<SegmentRecord>('call_segments').where('call_id', now.id);
      const spans = segments.map((s) => ({ kind: s.kind, from: s.started_at, to: s.ended_at }));
      const { waitMs, talkMs } = sums({ startedAt: now.started_at, answeredAt: now.answered_at, endedAt: at, segments: spans });
      const after = { ended_at: at, end_reason: 'lost' as const, wait_ms: waitMs, talk_ms: talkMs };
      await trx('calls').where('id', now.id).update(after);
      if (now.client_id !== null) await fileOnTimeline(deps, trx, { ...now, ...after });
      return now.client_id;
    });
    if (told !== null) deps.bus.emit('client.changed', { id: told });
  }
  return lost.length;
};
