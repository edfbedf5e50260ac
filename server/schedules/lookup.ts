import type { Knex } from 'knex';
import type { Core, Deps } from '../deps.ts';
import type { DayRule, Pattern } from '../calendars/contract.ts';
import { plusDays } from '../core/zone.ts';
import { NONE, absencesOf, readSchedules } from './queries.ts';
import type { StoredAbsence, StoredSchedule } from './queries.ts';

type WorkingCalendar = Awaited<ReturnType<Deps['calendars']['of']>>;

/** When a person works: the calendar of their own, less the days on which they are away. */
export interface WorkingSchedule extends WorkingCalendar {
  /** The absence on this day ("2027-01-08"). */
  awayOn(date: string): StoredAbsence | null;
  /** What begins on this day if they are not away. */
  rosterOn(date: string): ReturnType<WorkingCalendar['intervalsOn']>;
}

export interface Schedules {
  /** Of those who work here. Absences that ended before `since` (now) are passed over. */
  of(userIds: readonly number[], since?: number): Promise<Map<number, WorkingSchedule>>;
}

const dayText = ({ year, month, day }: { year: number; month: number; day: number }): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** The days of an absence; both ends are among them. */
export const daysFrom = (from: string, to: string): string[] => {
  const days: string[] = [];
  const [year, month, day] = from.split('-').map(Number) as [number, number, number];
  for (let at = { year, month, day, hour: 0, minute: 0 }; dayText(at) <= to; at = plusDays(at, 1)) days.push(dayText(at));
  return days;
};

/**
 * A person's pattern of the calendar's and their own. What is later in the list goes before: the calendar's days, their own, their absences. A holiday
 * on which the calendar has other hours is for whoever keeps the calendar's week; of a cycle only what is closed is taken. Pure.
 */
export const patternOf = (calendar: Pattern, own: StoredSchedule, absences: readonly Pick<StoredAbsence, 'from' | 'to'>[]): Pattern => {
  const holidays = own.holidays ? calendar.days.filter(({ kind }) => own.kind !== 'cycle' || kind === 'closed') : [];
  const away: DayRule[] = absences.flatMap(({ from, to }) => daysFrom(from, to).map((date) => ({ date, kind: 'closed' as const, intervals: [], name: '' }))); // prettier-ignore
  return {
    timeZone: own.timeZone ?? calendar.timeZone,
    week: own.kind === 'calendar' ? calendar.week : own.week,
    cycle: own.kind === 'cycle' ? own.cycle : null,
    days: [...new Map([...holidays, ...own.days, ...away].map((rule) => [rule.date, rule])).values()],
  };
};

/** From schedules, for deps. */
export const schedulesOf = (
  { db, now }: Pick<Core, 'db' | 'now'>,
  { directory, calendars }: Pick<Deps, 'directory' | 'calendars'>,
): Schedules => ({
  async of(userIds, since = now()) {
    const day = new Date(since - 2 * 86_400_000).toISOString().slice(0, 10); // whatever the zone
    const asked = new Set(userIds);
    const people = (await directory.staff()).filter(({ id }) => asked.has(id));
    const [own, absences, book] = [
      await readSchedules(db as Knex, userIds),
      await absencesOf(db, userIds, day),
      await calendars.snapshot(),
    ];
    return new Map(
      people.map(({ id, departmentId }) => {
        const calendar = book.find(null, departmentId).pattern;
        const schedule = own.get(id) ?? NONE;
        const away = absences.filter(({ userId }) => userId === id);
        const roster = calendars.made(patternOf(calendar, schedule, []));
        const working = calendars.made(patternOf(calendar, schedule, away));
        const awayOn = (date: string) => away.find(({ from, to }) => from <= date && date <= to) ?? null;
        return [id, { ...working, awayOn, rosterOn: roster.intervalsOn }];
      }),
    );
  },
});
