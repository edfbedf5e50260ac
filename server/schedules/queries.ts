import type { Knex } from 'knex';
import { Cycle, DayRule, Hours } from '../calendars/contract.ts';
import { AbsenceKind, ScheduleKind } from './contract.ts';
import type { ScheduleDraft } from './contract.ts';

export type StoredSchedule = ScheduleDraft;

interface Row {
  user_id: number;
  kind: string;
  time_zone: string;
  week: string;
  cycle: string | null;
  holidays: number | boolean;
  days: string;
  version: number;
}

/** Of whoever has none of their own: as the calendar has it. */
export const NONE: StoredSchedule = { version: 0, kind: 'calendar', timeZone: null, week: [[], [], [], [], [], [], []], cycle: null, holidays: true, days: [] }; // prettier-ignore

export const readSchedules = async (db: Knex, userIds: readonly number[]): Promise<Map<number, StoredSchedule>> => {
  const rows = (await db<Row>('schedules').whereIn('user_id', [...userIds])) as Row[];
  return new Map(
    rows.map((row) => [
      row.user_id,
      {
        version: row.version,
        kind: ScheduleKind.parse(row.kind),
        timeZone: row.time_zone || null,
        week: Hours.shape.week.parse(JSON.parse(row.week)),
        cycle: row.cycle === null ? null : Cycle.parse(JSON.parse(row.cycle)),
        holidays: Boolean(row.holidays),
        days: DayRule.array().parse(JSON.parse(row.days)),
      },
    ]),
  );
};

/** In a transaction that holds the person's row. @returns false: somebody has changed it since `version` */
export const writeSchedule = async (trx: Knex, userId: number, { version, ...next }: StoredSchedule): Promise<boolean> => {
  const row = { kind: next.kind, time_zone: next.timeZone ?? '', week: JSON.stringify(next.week), cycle: next.cycle && JSON.stringify(next.cycle), holidays: next.holidays, days: JSON.stringify(next.days), version: version + 1 }; // prettier-ignore
  if (version > 0) return (await trx('schedules').where({ user_id: userId, version }).update(row)) === 1;
  if (await trx('schedules').where({ user_id: userId }).first('user_id')) return false;
  await trx('schedules').insert({ user_id: userId, ...row });
  return true;
};

export interface StoredAbsence {
  readonly id: number;
  readonly userId: number;
  readonly kind: AbsenceKind;
  readonly from: string;
  readonly to: string;
  readonly note: string;
  readonly deputyRow: number | null;
}

const absences = (db: Knex) =>
  db('absences')
    .select('id', 'user_id as userId', 'kind', 'from_day as from', 'to_day as to', 'note', 'deputy_row as deputyRow')
    .whereRaw('to_day >= from_day')
    .orderBy(['from_day', 'id']);

/** Of these people, those that end on this day or later, and begin by `until`. */
export const absencesOf = async (db: Knex, userIds: readonly number[], from: string, until = '9999-12-31'): Promise<StoredAbsence[]> =>
  ((await absences(db).whereIn('user_id', [...userIds]).where('to_day', '>=', from).where('from_day', '<=', until)) as StoredAbsence[]).map((row) => ({ ...row, kind: AbsenceKind.parse(row.kind) })); // prettier-ignore

export const findAbsence = async (db: Knex, id: number): Promise<StoredAbsence | null> =>
  ((await absences(db).where({ id }).first()) as StoredAbsence | undefined) ?? null;

export const insertAbsence = async (
  trx: Knex,
  { userId, kind, from, to, note, deputyRow, by, at }: Omit<StoredAbsence, 'id'> & { by: number; at: number },
): Promise<number> => {
  const row = { user_id: userId, kind, from_day: from, to_day: to, note, deputy_row: deputyRow, created_by: by, created_at: at };
  const [id] = (await trx('absences').insert(row)) as [number];
  return id;
};

/** @returns false: it is over */
export const endAbsence = async (trx: Knex, id: number, lastDay: string, at: number): Promise<boolean> =>
  (await trx('absences').where({ id }).whereNull('ended_at').where('to_day', '>', lastDay).update({ to_day: lastDay, ended_at: at })) === 1;
