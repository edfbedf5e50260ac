import type { Knex } from 'knex';
import type { CallRecord } from './write.ts';

export interface CallSearch {
  readonly fits: (call: { number: string; callerName: string; note: string }) => boolean;
  /** Their calls are found whatever they say; whoever asks may read these clients. */
  readonly clientIds: readonly number[];
  readonly limit: number;
}

/** Of one's own, the latest, that are read for a question. */
const READ = 100;
/** Of a note, the beginning: folding all of a hundred long ones would hold everybody up at every key. */
const NOTE = 500;

const numberOf = (row: CallRecord): string => (row.direction === 'out' ? (row.to_e164 ?? row.to_raw) : (row.from_e164 ?? row.from_raw));

/** Calls that may be read, newest first: of these clients, and of one's own latest those that fit. `seesAll`: also what others talked. */
export const searchCalls = async (db: Knex, who: { userId: number; seesAll: boolean }, ask: CallSearch): Promise<CallRecord[]> => {
  const mine = () => db<CallRecord>('call_operators').join('calls', 'calls.id', 'call_operators.call_id').where('call_operators.user_id', who.userId); // prettier-ignore
  const latest = await mine().orderBy('call_operators.started_at', 'desc').limit(READ).select<CallRecord[]>('calls.*');
  const fitting = latest.filter(
    (row) =>
      (row.client_id !== null && ask.clientIds.includes(row.client_id)) ||
      ask.fits({ number: numberOf(row), callerName: row.caller_name, note: (row.note ?? '').slice(0, NOTE) }),
  );
  const found = new Map(fitting.map((row) => [row.id, row]));
  if (found.size < ask.limit && ask.clientIds.length > 0) {
    const all: Knex.QueryBuilder = who.seesAll ? db('calls') : mine();
    const theirs = all
      .whereIn('calls.client_id', [...ask.clientIds])
      .orderBy('calls.started_at', 'desc')
      .limit(ask.limit);
    for (const row of (await theirs.select('calls.*')) as CallRecord[]) found.set(row.id, row);
  }
  return [...found.values()].sort((a, b) => b.started_at - a.started_at || b.id - a.id).slice(0, ask.limit);
};
