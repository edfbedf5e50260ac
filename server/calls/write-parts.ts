import type { Knex } from 'knex';
import type { Segment } from '../../cti/index.ts';
import { isJournaled } from './compare.ts';
import { fit, morePart } from './shape.ts';
import type { Part } from './shape.ts';
import type { CallRecord, Work } from './write.ts';

/** What hangs on the rows of calls: segments and operators, of many calls in a few statements. */

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

type Users = ReadonlyMap<string, number>;

/** What is looked up before the transaction: SQLite has one connection. */
export interface Prepared extends Work {
  readonly ref: string;
  /** By extension. */
  readonly users: Users;
  /** By user. */
  readonly parts: ReadonlyMap<number, Part>;
  /** Its queue wants an outcome of it. */
  readonly demanded: boolean;
}

/** A work and its row, locked. */
export interface Held extends Prepared {
  readonly row: CallRecord;
}

/** Rows of one statement: engines limit its values. */
export const chunks = function* <T>(rows: readonly T[]): Generator<T[]> {
  for (let i = 0; i < rows.length; i += 500) yield rows.slice(i, i + 500);
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
  have.started_at !== want.started_at ||
  have.ended_at !== want.ended_at ||
  have.end_reason !== want.end_reason ||
  have.kind !== want.kind ||
  have.queue !== want.queue;

/** By the call's id. */
const grouped = <T extends { call_id: number }>(rows: readonly T[]): Map<number, T[]> => {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.call_id);
    if (group) group.push(row);
    else groups.set(row.call_id, [row]);
  }
  return groups;
};

type StoredSegment = SegmentRecord & { id: number; call_id: number };

/** What has to be written, and what then stands in the table. */
const segmentChanges = ({ call, adopted, at, journal, users, row }: Held, have: readonly StoredSegment[]) => {
  const known = new Map(have.map((s) => [s.segment_key, s]));
  const wanted = new Map(call.segments.map((s) => [fit(s.id, 160), segmentRow(s, users)]));
  const inserted = [...wanted.values()].filter((s) => !known.has(s.segment_key)).map((s) => ({ ...s, call_id: row.id }));
  // Who had the extension when it was first written stays.
  const changed = have.flatMap((s) => {
    const want = wanted.get(s.segment_key);
    return want && differs(s, want) ? [{ ...s, ...want, user_id: s.user_id ?? want.user_id }] : [];
  });
  const lostAt = call.endedAt ?? (adopted ? at : null);
  const lost = have
    .filter((s) => lostAt !== null && !wanted.has(s.segment_key) && (s.ended_at === null || (journal && s.ended_at > lostAt)))
    .map((s) => ({ ...s, ended_at: Math.max(s.started_at, lostAt!), end_reason: 'lost' }));
  const now = new Map<string, SegmentRecord>([...have, ...inserted, ...changed, ...lost].map((s) => [s.segment_key, s]));
  const untrue = journal ? have.filter((s) => isJournaled(s.kind) && !wanted.has(s.segment_key)) : [];
  for (const { segment_key } of untrue) now.delete(segment_key);
  return { inserted, changed: [...changed, ...lost], untrue: untrue.map((s) => s.id), now: [...now.values()] };
};

/** @returns the segments as they now stand in the table, by the call's id */
export const writeSegments = async (trx: Knex.Transaction, held: readonly Held[]): Promise<Map<number, SegmentRecord[]>> => {
  const ids = held.map(({ row }) => row.id);
  const have = grouped((await trx('call_segments').whereIn('call_id', ids)) as StoredSegment[]);
  const changes = held.map((work) => segmentChanges(work, have.get(work.row.id) ?? []));
  const inserted = changes.flatMap((c) => c.inserted);
  const changed = changes.flatMap((c) => c.changed);
  for (const rows of chunks(inserted)) await trx('call_segments').insert(rows).onConflict(['call_id', 'segment_key']).ignore();
  // they are there, and bring their id: no number of the table is used up
  for (const rows of chunks(changed))
    await trx('call_segments').insert(rows).onConflict('id').merge(['kind', 'user_id', 'queue', 'started_at', 'ended_at', 'end_reason']);
  const untrue = changes.flatMap((c) => c.untrue);
  for (const some of chunks(untrue)) await trx('call_segments').whereIn('id', some).delete();
  return new Map(held.map(({ row }, i) => [row.id, changes[i]!.now]));
};

interface OperatorRecord {
  call_id: number;
  user_id: number;
  part: Part;
  started_at: number;
}

/** `startedAt`: by the call's id. */
export const writeOperators = async (
  trx: Knex.Transaction,
  held: readonly Held[],
  startedAt: ReadonlyMap<number, number>,
): Promise<void> => {
  const ids = held.map(({ row }) => row.id);
  const have = grouped((await trx('call_operators').whereIn('call_id', ids)) as OperatorRecord[]);
  const rows = held.flatMap(({ row, parts }) => {
    const started_at = startedAt.get(row.id)!;
    const known = new Map((have.get(row.id) ?? []).map((o) => [o.user_id, o]));
    return [...new Set([...known.keys(), ...parts.keys()])].flatMap((user_id) => {
      const was = known.get(user_id);
      const is = parts.get(user_id) ?? was!.part;
      const part = was ? morePart(was.part, is) : is;
      return was && was.part === part && was.started_at === started_at ? [] : [{ call_id: row.id, user_id, part, started_at }];
    });
  });
  for (const some of chunks(rows))
    await trx('call_operators').insert(some).onConflict(['call_id', 'user_id']).merge(['part', 'started_at']);
};
