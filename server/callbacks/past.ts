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

/** Pure. @param attempts of one, in their order; `at` by our clock, `offset` the PBX's minus ours, ms */
export const standAt = (
  { created_at }: Pick<CallBackRow, 'created_at'>,
  attempts: readonly AttemptRow[],
  at: number,
  offset: number,
): StandAt => {
  const placed = attempts.filter(({ placed_at }) => placed_at <= at);
  const overBy = ({ ended_at }: AttemptRow) => ended_at !== null && ended_at - offset <= at;
  const last = placed.at(-1);
  const over = placed.filter(overBy);
  const up = last !== undefined && !overBy(last);
  const answered = up && last.answered_at !== null && last.answered_at - offset <= at;
  return {
    answered,
    dialling: up && !answered,
    attempts: over.filter(({ state }) => state === 'settled').length,
    nextAt: over.at(-1)?.next_at ?? created_at,
  };
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
  const byId = new Map<number, AttemptRow[]>();
  for (const attempt of attempts) byId.set(attempt.callback_id, [...(byId.get(attempt.callback_id) ?? []), attempt]);
  return rows
    .flatMap((row) => {
      const { answered, ...stand } = standAt(row, byId.get(row.id) ?? [], at, offsetOf(row.pbx));
      const { id, pbx, linkedid, queue, number, name } = row;
      return answered ? [] : [{ id, pbx, linkedid, queue, number, name, enteredAt: row.entered_at, ...stand }];
    })
    .slice(0, MOST);
};
