import type { Core } from '../deps.ts';
import type { Hours, Interval, Pattern } from './contract.ts';
import { addWorking, dayOf, everWorks, intervalsOf, isOpen, nextOpen, workingMs, workingSpans } from './hours.ts';
import { readCalendars } from './queries.ts';
import type { StoredCalendar } from './queries.ts';

/** A calendar as the other features have it; moments and spans in ms (see hours.ts). */
export interface WorkingCalendar {
  readonly id: number;
  /** IANA. */
  readonly timeZone: string;
  isOpen(at: number): boolean;
  /** There is work on this day ("2027-01-08") at all. */
  worksOn(date: string): boolean;
  /** `at` itself while open; null: not within ten years. */
  nextOpen(at: number): number | null;
  workingMs(from: number, to: number): number;
  /** Null: not within ten years. */
  addWorking(from: number, ms: number): number | null;
  /** The pieces of working time in [from, to), in order and apart. */
  spans(from: number, to: number): { from: number; to: number }[];
  /** What begins on this day, minutes on its wall; beyond 1440: on the next. */
  intervalsOn(date: string): Interval[];
  /** False: there is no working day in it at all. */
  everWorks: boolean;
  /** What all this is reckoned from. */
  readonly pattern: Pattern;
}

export interface Calendars {
  /** Of a department; of none, or of one without a calendar, the company's. */
  of(departmentId: number | null): Promise<WorkingCalendar>;
  /** By its id; the company's when it is gone. */
  byId(id: number | null): Promise<WorkingCalendar>;
  /** Of a pattern that is no calendar's: a person's. */
  made(pattern: Pattern): WorkingCalendar;
  /** All of them as they are now, to reckon many deadlines with. `find`: by its id, or else of the department. `mark` changes with any of them. */
  snapshot(): Promise<{ find(id: number | null, departmentId: number | null): WorkingCalendar; has(id: number): boolean; mark: string }>;
}

/** Another process may have changed one, and its word of it may be lost. */
const KEPT_MS = 30_000;

/** Works whatever the administrators did: the migration makes one, and the default cannot be deleted. */
const ALWAYS: Hours = { timeZone: 'UTC', week: Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]), days: [] };

const working = (id: number, hours: Pattern): WorkingCalendar => ({
  id,
  timeZone: hours.timeZone,
  isOpen: (at) => isOpen(hours, at),
  worksOn: (date) => intervalsOf(hours, dayOf(date)).length > 0,
  nextOpen: (at) => nextOpen(hours, at),
  workingMs: (from, to) => workingMs(hours, from, to),
  addWorking: (from, ms) => addWorking(hours, from, ms),
  spans: (from, to) => workingSpans(hours, from, to),
  intervalsOn: (date) => intervalsOf(hours, dayOf(date)),
  everWorks: everWorks(hours),
  pattern: hours,
});

export const calendarsOf = ({ db, bus, now }: Pick<Core, 'db' | 'bus' | 'now'>): { calendars: Calendars; stop: () => void } => {
  let kept: { at: number; all: Promise<StoredCalendar[]> } | null = null;
  const stop = bus.on('calendar.changed', () => {
    kept = null;
  });
  const all = (): Promise<StoredCalendar[]> => {
    if (!kept || now() - kept.at > KEPT_MS) {
      const asked = { at: now(), all: readCalendars(db) };
      kept = asked;
      asked.all.catch(() => {
        if (kept === asked) kept = null;
      });
    }
    return kept.all;
  };
  const choose = (stored: readonly StoredCalendar[], fits: (one: StoredCalendar) => boolean): WorkingCalendar => {
    const found = stored.find(fits) ?? stored.find(({ isDefault }) => isDefault);
    return working(found?.id ?? 0, found ?? ALWAYS);
  };
  return {
    calendars: {
      of: async (departmentId) => choose(await all(), ({ departments }) => departmentId !== null && departments.includes(departmentId)),
      async snapshot() {
        const stored = await all();
        const has = (id: number) => stored.some((one) => one.id === id);
        const ofDepartment = (departmentId: number | null) => (one: StoredCalendar) =>
          departmentId !== null && one.departments.includes(departmentId);
        return {
          find: (id, departmentId) => choose(stored, id !== null && has(id) ? (one) => one.id === id : ofDepartment(departmentId)),
          has,
          mark: stored.map(({ id, version, departments }) => `${id}.${version}:${departments.join()}`).join(' '),
        };
      },
      made: (pattern) => working(0, pattern),
      byId: async (id) => choose(await all(), (one) => one.id === id),
    },
    stop,
  };
};
