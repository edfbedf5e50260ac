import type { Knex } from 'knex';
import { OPEN, closing } from './rows.ts';
import type { CallBackRow, Closing } from './rows.ts';

/** Nobody reads more lines. */
const MOST = 200;

/** Who keeps a place, whoever has waited longest first; whoever is on the phone already has none to keep. */
export const listOpen = async (db: Knex, limit = MOST): Promise<CallBackRow[]> =>
  (await db<CallBackRow>('callbacks')
    .whereNotNull('open_number')
    .whereIn(
      'state',
      OPEN.filter((state) => state !== 'answered'),
    )
    .orderBy(['entered_at', 'id'])
    .limit(limit)) as CallBackRow[];

/** The same as the floor shows them. */
export const openPlaces = async (db: Knex) =>
  (await listOpen(db)).map((row) => ({
    id: row.id,
    pbx: row.pbx,
    linkedid: row.linkedid,
    queue: row.queue,
    number: row.number,
    name: row.name,
    enteredAt: row.entered_at,
    dialling: row.state === 'dialling',
    attempts: row.attempts,
    nextAt: row.next_at,
  }));

export const findCallBack = async (db: Knex, id: number): Promise<CallBackRow | null> =>
  ((await db<CallBackRow>('callbacks').where({ id }).first()) as CallBackRow | undefined) ?? null;

/** A person takes it from the machine, before it dials. @returns false: it dials, or it is over; or another has changed it since `version` */
export const takeOut = async (trx: Knex, id: number, end: Omit<Closing, 'state'>, version?: number): Promise<boolean> =>
  (await trx('callbacks')
    .where({ id, state: 'waiting', ...(version !== undefined && { version }) })
    .update({ ...closing({ ...end, state: 'cancelled' }), version: trx.raw('version + 1') })) > 0;
