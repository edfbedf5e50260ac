import type { Knex } from 'knex';
import { DayRule, Hours } from './contract.ts';

export interface StoredCalendar extends Hours {
  id: number;
  name: string;
  isDefault: boolean;
  departments: number[];
  version: number;
}

interface Row {
  id: number;
  name: string;
  time_zone: string;
  week: string;
  days: string;
  /** 1 for the default, null for the others: unique. */
  is_default: number | null;
  version: number;
}

const Week = Hours.shape.week;

export const readCalendars = async (db: Knex): Promise<StoredCalendar[]> => {
  const rows = (await db<Row>('calendars').orderBy('id')) as Row[];
  const owners: { department_id: number; calendar_id: number }[] = await db('calendar_departments').orderBy('department_id');
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    timeZone: row.time_zone,
    week: Week.parse(JSON.parse(row.week)),
    days: DayRule.array().parse(JSON.parse(row.days)),
    isDefault: row.is_default === 1,
    departments: owners.filter((owner) => owner.calendar_id === row.id).map((owner) => owner.department_id),
    version: row.version,
  }));
};

export const insertCalendar = async (trx: Knex, name: string, { timeZone, week, days }: Hours, at: number): Promise<number> => {
  const row = { name, time_zone: timeZone, week: JSON.stringify(week), days: JSON.stringify(days), created_at: at };
  const [id] = (await trx('calendars').insert(row)) as [number];
  return id;
};

/** @returns false: somebody has changed it since `version` */
export const updateCalendar = async (trx: Knex, next: StoredCalendar, version: number): Promise<boolean> => {
  if (next.isDefault) await trx('calendars').whereNot('id', next.id).whereNotNull('is_default').update({ is_default: null });
  const changed = await trx('calendars')
    .where({ id: next.id, version })
    .update({
      name: next.name,
      time_zone: next.timeZone,
      week: JSON.stringify(next.week),
      days: JSON.stringify(next.days),
      is_default: next.isDefault ? 1 : null,
      version: version + 1,
    });
  if (changed === 0) return false;
  await trx('calendar_departments').where('calendar_id', next.id).delete();
  if (next.departments.length > 0) {
    await trx('calendar_departments').whereIn('department_id', next.departments).delete();
    await trx('calendar_departments').insert(next.departments.map((department_id) => ({ department_id, calendar_id: next.id })));
  }
  return true;
};

export const deleteCalendar = async (trx: Knex, id: number): Promise<void> => {
  await trx('calendar_departments').where('calendar_id', id).delete();
  await trx('calendars').where({ id }).delete();
};
