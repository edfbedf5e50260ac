import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { originOf } from '../core/number-origin.ts';
import type { UserBrief } from '../users/contract.ts';
import type { CallPart, CallRow, CallSegment, LiveCall } from './contract.ts';
import { familiesOf } from './parts.ts';
import { callPolicy } from './policy.ts';
import { rawNumber, refOf, shownNumber } from './shape.ts';
import type { Part } from './shape.ts';
import { wrappedCalls } from './wrap-up-rows.ts';
import type { CallRecord } from './write.ts';
import type { SegmentRecord } from './write-parts.ts';

/** "PBX:LINKEDID" -> its parts; a name of a PBX has no colon. */
export const splitRef = (ref: string): { pbx: string; linkedid: string } => {
  const at = ref.indexOf(':');
  return { pbx: ref.slice(0, at), linkedid: ref.slice(at + 1) };
};

/** The other side's number, as far as it could be read; null: no such call yet. */
export const callerOf = async (db: Knex, ref: string): Promise<string | null> => {
  const row = await rowByRef(db, ref);
  return row ? (row.direction === 'out' ? row.to_e164 : row.from_e164) : null;
};

export const rowByRef = (db: Knex, ref: string): Promise<CallRecord | undefined> => db<CallRecord>('calls').where(splitRef(ref)).first();

export const partIn = async (db: Knex, callId: number, userId: number): Promise<Part | null> =>
  (await db('call_operators').where({ call_id: callId, user_id: userId }).first<{ part: Part } | undefined>('part'))?.part ?? null;

/** More than being rung: what was said concerns them. */
export const talkedIn = async (db: Knex, userId: number, call: { pbx: string; linkedid: string }): Promise<boolean> =>
  (await db('call_operators')
    .join('calls', 'calls.id', 'call_operators.call_id')
    .where({ 'calls.pbx': call.pbx, 'calls.linkedid': call.linkedid, 'call_operators.user_id': userId })
    .whereIn('call_operators.part', ['talked', 'dialled'])
    .first('calls.id')) !== undefined;

/** What the log knows of a call, for whoever may read it; null: none, or not theirs. */
export const callFor = async (db: Knex, actor: Actor, ref: string): ReturnType<Deps['callFor']> => {
  const row = await rowByRef(db, ref);
  if (!row || !callPolicy.read(actor, await partIn(db, row.id, actor.id))) return null;
  return { clientId: row.client_id, queue: row.queue, number: numberOf(row, null), endedAt: row.ended_at };
};

const CURSOR = /^(\d{1,16})-(\d{1,10})$/;

/** "STARTED-ID" of the last call of the page before. */
export const cursorOf = (after: string | undefined): { at: number; id: number } | null => {
  if (after === undefined) return null;
  const cursor = CURSOR.exec(after);
  if (!cursor) throw new AppError('invalid', 'not a cursor of calls', { issues: [{ path: 'query.after', code: 'invalid_format' }] });
  return { at: Number(cursor[1]), id: Number(cursor[2]) };
};

/** Newest first, read from the index of call_operators: page 500 of 20 million calls costs what page 1 does. */
export const listMine = async (
  db: Knex,
  userId: number,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ rows: CallRecord[]; next: string | null }> => {
  const cursor = cursorOf(after);
  const query = db('call_operators').where('user_id', userId);
  if (cursor) {
    const { at, id } = cursor;
    void query.where('started_at', '<=', at).where((either) => either.where('started_at', '<', at).orWhere('call_id', '<', id));
  }
  const places = await query
    .orderBy([
      { column: 'started_at', order: 'desc' },
      { column: 'call_id', order: 'desc' },
    ])
    .limit(limit + 1)
    .select<{ call_id: number; started_at: number }[]>('call_id', 'started_at');
  const page = places.slice(0, limit);
  const byId = new Map((await db<CallRecord>('calls').whereIn('id', page.map((p) => p.call_id))).map((row) => [row.id, row])); // prettier-ignore
  const last = page.at(-1);
  return {
    rows: page.flatMap((p) => byId.get(p.call_id) ?? []),
    next: places.length > limit && last ? `${last.started_at}-${last.call_id}` : null,
  };
};

type PresentDeps = Pick<Deps, 'db' | 'directory' | 'clientsSeen'>;

const operatorsOf = async (db: Knex, ids: number[], briefs: PresentDeps['directory']['briefs']): Promise<Map<number, UserBrief[]>> => {
  const parts = await db('call_operators')
    .whereIn('call_id', ids)
    .whereNot('part', 'offered')
    .select<{ call_id: number; user_id: number }[]>('call_id', 'user_id');
  const users = await briefs([...new Set(parts.map((p) => p.user_id))]);
  const found = new Map<number, UserBrief[]>();
  for (const { call_id, user_id } of parts) {
    const user = users.get(user_id);
    if (user) found.set(call_id, [...(found.get(call_id) ?? []), user]);
  }
  return found;
};

const numberOf = (row: CallRecord, extension: string | null): string => {
  const caller = row.direction === 'internal' && extension !== null && row.from_raw === extension;
  const e164 = row.direction === 'out' ? row.to_e164 : row.direction === 'in' ? row.from_e164 : null;
  return shownNumber(e164, rawNumber({ direction: row.direction, from: row.from_raw, to: row.to_raw }, caller));
};

/** `extension` of who asks: of a call between two operators they are shown the other one's. A client whom they may not see has no name. */
export const present = async (
  deps: PresentDeps,
  actor: Actor,
  rows: readonly CallRecord[],
  extension: string | null,
): Promise<CallRow[]> => {
  if (rows.length === 0) return [];
  const families = await familiesOf(deps.db, rows);
  const all = [...rows, ...[...families.values()].flat()];
  const operators = await operatorsOf(deps.db, [...new Set(all.map((row) => row.id))], (ids) => deps.directory.briefs(ids)); // prettier-ignore
  const partOf = (row: CallRecord): CallPart => ({
    ref: refOf(row.pbx, row.linkedid),
    direction: row.direction,
    operators: operators.get(row.id) ?? [],
    startedAt: row.started_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
    waitMs: row.wait_ms,
    talkMs: row.talk_ms,
  });
  const clients = await deps.clientsSeen(actor, [...new Set(rows.flatMap((row) => row.client_id ?? []))]);
  return rows.map((row) => ({
    ...partOf(row),
    number: numberOf(row, extension),
    callerName: row.caller_name,
    queue: row.queue,
    client: (row.client_id !== null && clients.get(row.client_id)) || null,
    outcome: row.outcome,
    note: row.note ?? '',
    outcomeDue: Boolean(row.outcome_due),
    parts: (families.get(row.callback_of ?? row.id) ?? []).map(partOf),
  }));
};

export const segmentsOf = async (deps: PresentDeps, callId: number): Promise<CallSegment[]> => {
  const rows = await deps
    .db<SegmentRecord & { id: number }>('call_segments')
    .where('call_id', callId)
    .orderBy(['started_at', 'id'])
    .limit(1000);
  const users = await deps.directory.briefs([...new Set(rows.flatMap((row) => row.user_id ?? []))]);
  return rows.map((row) => ({
    kind: row.kind as CallSegment['kind'],
    user: (row.user_id !== null && users.get(row.user_id)) || null,
    extension: row.extension,
    queue: row.queue,
    from: row.started_at,
    to: row.ended_at,
    endReason: row.end_reason,
  }));
};

/** The parts of a call with what happened in each. */
export const partsWith = (deps: PresentDeps, { parts }: CallRow): Promise<(CallPart & { segments: CallSegment[] })[]> =>
  Promise.all(
    parts.map(async (part) => {
      const row = await rowByRef(deps.db, part.ref);
      return { ...part, segments: row ? await segmentsOf(deps, row.id) : [] };
    }),
  );

/** A talk or a call out of the last minutes, over but without its outcome: the operator's form is still open, also after a restart of ours. */
const unfiled = (db: Knex, userId: number, since: number) =>
  db<CallRecord>('calls')
    .join('call_operators', 'call_operators.call_id', 'calls.id')
    .where('call_operators.user_id', userId)
    .whereIn('call_operators.part', ['talked', 'dialled'])
    .where('call_operators.started_at', '>', since - LONGEST_CALL_MS)
    .where('calls.ended_at', '>', since)
    .whereNull('calls.outcome');

const LONGEST_CALL_MS = 12 * 3_600_000;

/** Calls that keep this operator in wrap-up until their outcome is said, however long ago they ended. */
const owed = async (db: Knex, userId: number): Promise<CallRecord[]> => {
  const keys = await wrappedCalls(db, userId);
  if (keys.length === 0) return [];
  return db<CallRecord>('calls')
    .where((any) => keys.forEach((key) => void any.orWhere({ ...key })))
    .whereNotNull('ended_at')
    .whereNull('outcome');
};

export const listUnfiled = async (deps: PresentDeps, actor: Actor, since: number, extension: string | null): Promise<LiveCall[]> => {
  const recent = await unfiled(deps.db, actor.id, since).orderBy('calls.started_at').limit(20).select<CallRecord[]>('calls.*');
  const older = (await owed(deps.db, actor.id)).filter((row) => !recent.some(({ id }) => id === row.id));
  const rows = [...older, ...recent];
  return (await present(deps, actor, rows, extension)).map((call) => ({
    ref: call.ref,
    phase: 'ended',
    direction: call.direction,
    number: call.number,
    callerName: call.callerName,
    origin: originOf(call.number),
    queue: call.queue,
    startedAt: call.startedAt,
    offeredAt: null,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    endReason: call.endReason,
    clients: call.client ? [call.client] : [],
    outcome: null,
    held: false,
    consult: null,
    recording: null,
    listened: null,
  }));
};

/** @returns the ref of the unfiled call that was with this client */
export const unfiledWith = async (db: Knex, userId: number, clientId: number, since: number): Promise<string | null> => {
  const row = await unfiled(db, userId, since)
    .where('call_operators.part', 'talked') // dialling alone may have rung nobody
    .where('calls.client_id', clientId)
    .where('calls.client_fixed', false)
    .first<CallRecord | undefined>('calls.*');
  const due = row ?? (await owed(db, userId)).find((call) => call.client_id === clientId && !call.client_fixed);
  return due ? refOf(due.pbx, due.linkedid) : null;
};
