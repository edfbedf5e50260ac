import type { Knex } from 'knex';
import { EXPIRES_MS } from './settle.ts';
import type { AttemptRow, CallBackRow } from './rows.ts';

/** Who kept a place in a queue at a past moment, as the rows still tell. */

/** An open one is closed that much after it has expired, also when nobody swept for a day. */
const LATE_MS = 24 * 3_600_000;
/** Nobody reads more lines; of those that are read some were on the phone then. */
const MOST = 200;

export interface StandAt {
  /** On the phone, and in the picture as a call. */
  answered: boolean;
  dialling: boolean;
  attempts: number;
  nextAt: number;
}

/** Its queue was closed, and put it off. */
interface PutOffRow {
  callback_id: number;
  at: number;
  next_at: number;
}

/** Pure. @param attempts of one, in their order, as `putOffs`; `at` by our clock, `offset` the PBX's minus ours, ms */
export const standAt = (
  { created_at }: Pick<CallBackRow, 'created_at'>,
  attempts: readonly AttemptRow[],
  at: number,
  offset: number,
  putOffs: readonly PutOffRow[] = [],
): StandAt => {
  const placed = attempts.filter(({ placed_at }) => placed_at <= at);
  const overBy = ({ ended_at }: AttemptRow) => ended_at !== null && ended_at - offset <= at;
  const last = placed.at(-1);
  const over = placed.filter(overBy);
  const up = last !== undefined && !overBy(last);
  // What was said last: by the end of an attempt, or by the hours of its queue.
  const [tried, put] = [over.at(-1), putOffs.filter((off) => off.at <= at).at(-1)];
  const said = put && (tried?.ended_at == null || put.at >= tried.ended_at - offset) ? put : tried;
  const answered = up && last.answered_at !== null && last.answered_at - offset <= at;
  return {
    answered,
    dialling: up && !answered,
    attempts: over.filter(({ state }) => state === 'settled').length,
    nextAt: said?.next_at ?? created_at,
  };
};

const byCallBack = <R extends { callback_id: number }>(rows: readonly R[]): Map<number, R[]> => {
  const found = new Map<number, R[]>();
  for (const row of rows) found.set(row.callback_id, [...(found.get(row.callback_id) ?? []), row]);
  return found;
};

/** The same as openPlaces() told then. */
export const placesAt = async (db: Knex, at: number, offsetOf: (pbx: string) => number) => {
  const rows = (await db<CallBackRow>('callbacks')
    .whereBetween('created_at', [at - EXPIRES_MS - LATE_MS, at])
    .where((open) => open.whereNull('closed_at').orWhere('closed_at', '>', at))
    .orderBy(['entered_at', 'id'])
    .limit(2 * MOST)) as CallBackRow[];
  const ids = rows.map(({ id }) => id);
  const attempts = (await db<AttemptRow>('callback_attempts').whereIn('callback_id', ids).orderBy(['callback_id', 'n'])) as AttemptRow[];
  const putOffs = (await db<PutOffRow>('callback_put_offs').whereIn('callback_id', ids).orderBy(['callback_id', 'at'])) as PutOffRow[];
  const [attemptsOf, putOffsOf] = [byCallBack(attempts), byCallBack(putOffs)];
  return rows
    .flatMap((row) => {
      const { answered, ...stand } = standAt(row, attemptsOf.get(row.id) ?? [], at, offsetOf(row.pbx), putOffsOf.get(row.id));
      const { id, pbx, linkedid, queue, number, name } = row;
      return answered ? [] : [{ id, pbx, linkedid, queue, number, name, enteredAt: row.entered_at, ...stand }];
    })
    .slice(0, MOST);
};
