import type { Knex } from 'knex';
import type { Recording } from './contract.ts';

export interface RecordingRow {
  id: number;
  pbx: string;
  linkedid: string;
  file: string;
  queue: string | null;
  /** Whose rule it goes by; null: its queue's. */
  campaign_id: number | null;
  started_by: number | null;
  started_at: number;
  ended_at: number | null;
  duration_ms: number | null;
  size: number | null;
  state: Recording['state'];
  pauses: string;
  peaks: string | null;
}

/** Epoch ms; the last one may be open. */
export type Pauses = [from: number, to: number | null][];
export const pausesOf = (row: Pick<RecordingRow, 'pauses'>): Pauses => JSON.parse(row.pauses) as Pauses;

export interface CallName {
  pbx: string;
  linkedid: string;
}

export const recordings = (db: Knex) => db<RecordingRow>('recordings');

export const presentRecording = (row: RecordingRow): Recording => ({
  id: row.id,
  state: row.state,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  durationMs: row.duration_ms,
  pauses: pausesOf(row).map(([from, to]) => ({ from, to })),
});

export const recordingsOf = async (db: Knex, { pbx, linkedid }: CallName): Promise<Recording[]> =>
  (await recordings(db).where({ pbx, linkedid }).orderBy('id').limit(50)).map(presentRecording);

/** Which of these calls have any, as "PBX:LINKEDID". */
export const recordedAmong = async (db: Knex, calls: readonly CallName[]): Promise<Set<string>> => {
  const linkedids = calls.map(({ linkedid }) => linkedid);
  const rows = await recordings(db).whereIn('pbx', [...new Set(calls.map(({ pbx }) => pbx))]).whereIn('linkedid', linkedids).distinct('pbx', 'linkedid'); // prettier-ignore
  return new Set(rows.map(({ pbx, linkedid }) => `${pbx}:${linkedid}`));
};

/** The call has another name now. Again: nothing is left to move. */
export const moveRecordings = async (db: Knex, { pbx, linkedid }: CallName, to: string): Promise<void> =>
  void (await recordings(db).where({ pbx, linkedid }).update({ linkedid: to }));

/** The one that goes on. */
export const runningOf = (db: Knex, { pbx, linkedid }: CallName): Promise<RecordingRow | undefined> =>
  recordings(db).where({ pbx, linkedid }).whereIn('state', ['recording', 'paused']).first();

/** Over: what is paused ends with it. */
export const closeRow = (db: Knex, row: RecordingRow, at: number): Promise<number> => {
  const pauses = pausesOf(row).map(([from, to]) => [from, to ?? at]);
  return recordings(db)
    .where('id', row.id)
    .whereIn('state', ['recording', 'paused'])
    .update({ state: 'closing', ended_at: Math.max(at, row.started_at), pauses: JSON.stringify(pauses) });
};
