import type { Knex } from 'knex';
import type { Call } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { parsePhone } from '../core/phone.ts';
import { mergeRow, setAside } from './merge.ts';
import { linkParts, noteAgain } from './again.ts';
import { fit, partsOf, rawNumber, refOf, sums } from './shape.ts';
import { noted } from './shape-noted.ts';
import type { Part } from './shape.ts';
import { fileOnTimeline } from './timeline.ts';
import { chunks, writeOperators, writeSegments } from './write-parts.ts';
import type { Held, Prepared } from './write-parts.ts';

export type WriteDeps = Pick<
  Deps,
  | 'db'
  | 'bus'
  | 'directory'
  | 'ownersOfNumbers'
  | 'addTimelines'
  | 'moveTimeline'
  | 'recordings'
  | 'config'
  | 'queueAfterCall'
  | 'reportCalls'
  | 'noteCalls'
  | 'renameCall'
  | 'settleAttempts'
  | 'settleCallBacks'
  | 'noteReturns'
  | 'now'
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
  amd: NonNullable<Call['amd']> | null;
  wait_ms: number;
  talk_ms: number;
  outcome: string | null;
  outcome_flags: string | null;
  outcome_due: number;
  note: string | null;
  adopted: number;
  source: 'live' | 'journal';
  /** Id of the call in which was asked for this one. */
  callback_of: number | null;
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

type Rows = ReadonlyMap<string, CallRecord>;

const rowsOf = async (db: Knex, calls: readonly Call[], locked = false): Promise<Rows> => {
  const rows: CallRecord[] = [];
  for (const pbx of new Set(calls.map((call) => call.pbx))) {
    const keys = calls.filter((call) => call.pbx === pbx).map((call) => call.key);
    const query = db<CallRecord>('calls').where({ pbx }).whereIn('linkedid', keys).orderBy('linkedid');
    rows.push(...((await (locked ? query.forUpdate() : query)) as CallRecord[]));
  }
  return new Map(rows.map((row) => [refOf(row.pbx, row.linkedid), row]));
};

/** The rows, made if they are not there, locked until the transaction ends. */
const lockRows = async (trx: Knex.Transaction, works: readonly Prepared[], before: Rows): Promise<Held[]> => {
  // Not locked before they exist: two writers that lock the same gap would block one another.
  const fresh = works
    .filter(({ ref }) => !before.has(ref))
    .map(({ call, journal }) => ({
      pbx: call.pbx,
      linkedid: call.key,
      direction: call.direction,
      adopted: call.adopted ? 1 : 0,
      started_at: call.startedAt,
      source: journal ? 'journal' : 'live',
    }));
  if (fresh.length > 0) await trx('calls').insert(fresh).onConflict(['pbx', 'linkedid']).ignore();
  const calls = works.map(({ call }) => call);
  const rows = await rowsOf(trx, calls, true);
  return works.map((work) => {
    const row = rows.get(work.ref);
    if (!row) throw new Error('a call row vanished while it was written');
    return { ...work, row };
  });
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
    amd: call.amd ?? row.amd,
  };
};

/** One that was seen from its beginning, and began after the row's had ended. */
const isAnother = (row: CallRecord | undefined, { call, journal }: Work): boolean =>
  !journal && !call.adopted && (row?.ended_at ?? null) !== null && call.startedAt > row!.ended_at!;

/** An ended row is opened again by a call that was only taken for lost. */
const isOver = (row: CallRecord, call: Call): boolean => row.ended_at !== null && row.end_reason !== 'lost' && call.endedAt === null;

/** Whether its queue demands an outcome of a call that is over. Many calls of one moment are of one queue. */
const demanding = (deps: WriteDeps) => {
  const asked = new Map<string, Promise<boolean>>();
  return ({ pbx, queue, direction, endedAt }: Call): Promise<boolean> | false => {
    if (queue === null || direction === 'internal' || endedAt === null) return false;
    const name = `${pbx}:${queue}`;
    if (!asked.has(name)) asked.set(name, deps.queueAfterCall(pbx, queue).then((rule) => rule?.required ?? false)); // prettier-ignore
    return asked.get(name)!;
  };
};

const isSettled = (row: CallRecord | undefined): boolean => row !== undefined && (row.client_id !== null || Boolean(row.client_fixed));

/** By ref, the client of each call whose number exactly one has; which of several it was, the operator says. */
const findClients = async (deps: WriteDeps, works: readonly Prepared[], before: Rows): Promise<Map<string, number>> => {
  const numbers = new Map<string, string>();
  for (const { ref, call } of works) {
    const row = before.get(ref);
    if (!isSettled(row) && call.direction !== 'internal' && !(row && call.endedAt === null)) numbers.set(ref, rawNumber(call));
  }
  const owners = await deps.ownersOfNumbers([...new Set(numbers.values())]);
  const found = [...numbers].map(([ref, number]) => [ref, owners.get(number) ?? []] as const);
  return new Map(found.flatMap(([ref, ids]) => (ids.length === 1 ? [[ref, ids[0]!]] : [])));
};

const prepare = async (deps: WriteDeps, demands: ReturnType<typeof demanding>, work: Work): Promise<Prepared> => {
  const { call } = work;
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
  return { ...work, ref: refOf(call.pbx, call.key), users, parts, demanded: await demands(call) };
};

/** The columns that a write may change. */
const COLUMNS: (keyof CallRecord)[] = [
  'direction',
  'from_raw',
  'to_raw',
  'from_e164',
  'to_e164',
  'caller_name',
  'client_id',
  'queue',
  'started_at',
  'answered_at',
  'ended_at',
  'end_reason',
  'cause',
  'amd',
  'wait_ms',
  'talk_ms',
  'outcome_due',
];

/** A client's call that is over. */
const endedOf = ({ pbx, linkedid, direction, ended_at, client_id, started_at }: CallRecord) =>
  direction === 'in' && ended_at !== null && client_id !== null ? [{ pbx, linkedid, clientId: client_id, startedAt: started_at }] : [];

/**
 * Writes calls as they now are, each once among them, in one transaction of a dozen statements however many they are; writing them again
 * changes nothing. Rows, segments, operators and the clients' timelines change together.
 * @throws when the database is away, or one of them cannot be written: then none is
 */
export const writeCalls = async (deps: WriteDeps, given: readonly Work[]): Promise<void> => {
  const works: Prepared[] = [];
  const demands = demanding(deps);
  for (const work of given) works.push(await prepare(deps, demands, work));
  const calls = given.map(({ call }) => call);
  const stored = await rowsOf(deps.db, calls);
  const reused = works.filter((work) => isAnother(stored.get(work.ref), work));
  const before = new Map([...stored].filter(([ref]) => !reused.some((work) => work.ref === ref)));
  const found = await findClients(deps, works, before);

  let missed = false;
  let calledBack = false;
  let touched: ReadonlySet<number> = new Set();
  const told = await inTransaction(deps.db, async (trx) => {
    for (const { ref } of reused) await setAside(deps, trx, stored.get(ref)!);
    const all = await lockRows(trx, works, before);
    for (const { row, merged } of all) for (const key of merged) await mergeRow(deps, trx, row, key);
    const held = all.filter(({ row, call }) => !isOver(row, call));
    if (held.length === 0) return [];

    const segments = await writeSegments(trx, held);
    const after = held.map((work) => {
      const { row, ref, call } = work;
      const changes = merge(row, work, deps.config.defaultCountry);
      const spans = segments.get(row.id)!.map((s) => ({ kind: s.kind, from: s.started_at, to: s.ended_at }));
      const times = { startedAt: changes.started_at!, answeredAt: changes.answered_at!, endedAt: call.endedAt, segments: spans };
      const { waitMs, talkMs } = sums(times);
      const client_id = row.client_id ?? (row.client_fixed ? null : (found.get(ref) ?? null));
      const outcome_due = work.demanded && changes.answered_at !== null && row.outcome === null ? 1 : 0;
      return { ...row, ...changes, client_id, wait_ms: waitMs, talk_ms: talkMs, outcome_due };
    });
    await writeOperators(trx, held, new Map(after.map((row) => [row.id, row.started_at])));
    const changed = after.filter((row, i) => COLUMNS.some((column) => row[column] !== held[i]!.row[column]));
    for (const rows of chunks(changed)) await trx('calls').insert(rows).onConflict('id').merge(COLUMNS);
    await deps.reportCalls(
      trx,
      after.flatMap((row, i) => {
        const { ended_at } = row;
        return ended_at === null ? [] : { startedAt: Math.min(row.started_at, held[i]!.row.started_at), endedAt: ended_at };
      }),
    );

    const calls = after.map((row) => noted(row, segments.get(row.id)!));
    touched = await deps.settleAttempts(trx, calls);
    const backs = await deps.settleCallBacks(trx, calls);
    calledBack = backs.changed;
    await deps.noteReturns(trx, after.flatMap(endedOf), deps.now());
    const firsts = await linkParts(deps, trx, backs.parts);
    missed = await deps.noteCalls(
      trx,
      calls,
      held.flatMap(({ row, merged }) => merged.map((linkedid) => ({ pbx: row.pbx, linkedid }))),
    );
    missed = (await noteAgain(deps, trx, backs.again)) || missed;
    for (const row of after) row.callback_of = firsts.get(refOf(row.pbx, row.linkedid)) ?? row.callback_of;
    const filed = after.filter((row, i) => row.client_id !== null && (row.ended_at !== null || held[i]!.row.client_id === null));
    await fileOnTimeline(deps, trx, filed);
    return filed.map((row) => row.client_id!);
  });
  if (missed) deps.bus.emit('missed.changed', {});
  if (calledBack) deps.bus.emit('callback.changed', {});
  for (const id of touched) deps.bus.emit('campaign.changed', { id });
  for (const id of new Set(told)) deps.bus.emit('client.changed', { id, history: true });
};
