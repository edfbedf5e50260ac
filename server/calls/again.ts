import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { isCallBack } from '../callbacks/contract.ts';
import { splitRef } from './queries.ts';
import { noted } from './shape-noted.ts';
import type { CallRecord } from './write.ts';
import type { SegmentRecord } from './write-parts.ts';

interface CallId {
  readonly pbx: string;
  readonly linkedid: string;
}

const rowsOf = async (db: Knex, calls: readonly CallId[]): Promise<CallRecord[]> => {
  const rows: CallRecord[] = [];
  for (const { pbx, linkedid } of calls) {
    const row = await db<CallRecord>('calls').where({ pbx, linkedid }).first();
    if (row) rows.push(row);
  }
  return rows;
};

/** Calls that have not changed, while what they come to has: the list of missed calls looks at them anew. @returns whether it has changed */
export const noteAgain = async (deps: Pick<Deps, 'noteCalls'>, trx: Knex, calls: readonly CallId[]): Promise<boolean> => {
  if (calls.length === 0) return false;
  const rows = await rowsOf(trx, calls);
  const segments = (await trx('call_segments').whereIn('call_id', rows.map((row) => row.id))) as (SegmentRecord & { call_id: number })[]; // prettier-ignore
  const found = rows.map((row) => noted(row, segments.filter((s) => s.call_id === row.id))); // prettier-ignore
  return deps.noteCalls(trx, found, []);
};

/** Calls back become the second part of the call in which they were asked for; its hours are counted anew. */
export const linkParts = async (
  deps: Pick<Deps, 'reportCalls'>,
  trx: Knex,
  parts: readonly (CallId & { of: string; over: boolean })[],
): Promise<ReadonlyMap<string, number>> => {
  const found = new Map<string, number>();
  if (parts.length === 0) return found;
  const firsts = await rowsOf(trx, parts.map(({ pbx, of }) => ({ pbx, linkedid: of }))); // prettier-ignore
  for (const { pbx, linkedid, of, over } of parts) {
    const first = firsts.find((row) => row.pbx === pbx && row.linkedid === of);
    if (!first) continue;
    await trx('calls').where({ pbx, linkedid }).update({ callback_of: first.id });
    found.set(`${pbx}:${linkedid}`, first.id);
    if (over && first.ended_at !== null) await deps.reportCalls(trx, [{ startedAt: first.started_at, endedAt: first.ended_at }]);
  }
  return found;
};

/** In the log, and nobody has seen its end. */
export const isCallUp = async (db: Knex, ref: string): Promise<boolean> =>
  isCallBack(splitRef(ref).linkedid) && (await db('calls').where(splitRef(ref)).whereNull('ended_at').first('id')) !== undefined;
