import type { Knex } from 'knex';
import { inTransaction } from '../core/db.ts';
import { gather } from './buckets.ts';
import { HOUR_MS, hourOf } from './cells.ts';
import { byUser, count, put, rebuild, RESOLUTION_MS, STRETCH_MS, sweep, TABLES } from './rollup.ts';
import type { Counted, RollupDeps } from './rollup.ts';

/** Are the sums what the log says? And what the night does to them. */

const sorted = (rows: readonly object[]): string =>
  rows
    .map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
    .sort()
    .join();

type HourRow = { hour: number };
const LISTS = ['visits', 'work', 'outcomes', 'resolution', 'states'] as const;

/** What stands in the table of each list, in the words of the table. */
const asRows = (counted: Counted): Record<(typeof LISTS)[number], HourRow[]> => ({
  visits: counted.visits,
  work: counted.work.map(byUser),
  outcomes: counted.outcomes.map(byUser),
  resolution: counted.resolution.map(byUser),
  states: counted.states.map(byUser),
});

const ofHour = (counted: Counted, hour: number): Counted =>
  Object.fromEntries(LISTS.map((list) => [list, (counted[list] as HourRow[]).filter((row) => row.hour === hour)])) as unknown as Counted;

const differing = async (db: Knex, counted: Counted, from: number, until: number): Promise<number[]> => {
  const expected = asRows(counted);
  const wrong = new Set<number>();
  for (const [i, list] of LISTS.entries()) {
    const stored = gather<HourRow, number>(await db(TABLES[i]!).where('hour', '>=', from).where('hour', '<', until), (row) => row.hour);
    const wanted = gather(expected[list], (row) => row.hour);
    for (const hour of new Set([...stored.keys(), ...wanted.keys()]))
      if (sorted(stored.get(hour) ?? []) !== sorted(wanted.get(hour) ?? [])) wrong.add(hour);
  }
  return [...wrong].sort((a, b) => a - b);
};

/** Compares the sums of the hours of [from, until) with the log, and puts right those that differ. @returns them */
export const check = async (deps: RollupDeps, from: number, until: number): Promise<number[]> => {
  const found: number[] = [];
  for (let at = hourOf(from); at < until; at += STRETCH_MS) {
    const end = Math.min(at + STRETCH_MS, hourOf(until - 1) + HOUR_MS);
    const counted = await count(deps, at, end);
    const wrong = await differing(deps.db, counted, at, end);
    for (const hour of wrong) await inTransaction(deps.db, (trx) => put(trx, hour, hour + HOUR_MS, ofHour(counted, hour)));
    found.push(...wrong);
  }
  return found;
};

const NIGHT = 'night';
const CHECKED_MS = 3 * STRETCH_MS;
/** At which hour of the server's own clock. */
const NIGHT_HOUR = 3;

/** The last beginning of a night's work before `now`. */
export const lastNight = (now: number): number => {
  const night = new Date(now);
  if (night.getHours() < NIGHT_HOUR) night.setDate(night.getDate() - 1);
  return night.setHours(NIGHT_HOUR, 0, 0, 0);
};

/** When the night's work was last done; null: never. */
const doneAt = async (db: Knex): Promise<number | null> =>
  (await db('report_counts').where('name', NIGHT).first<{ at: number } | undefined>('at'))?.at ?? null;

export const isNightDue = async (deps: RollupDeps): Promise<boolean> => ((await doneAt(deps.db)) ?? 0) < lastNight(deps.now());

/**
 * First-call resolution of the calls whose window has closed since the last night; then the last days are compared with the log. What was missed
 * (a server that was off) is made up for, as far as a month back. @returns the hours that differed
 */
export const night = async (deps: RollupDeps): Promise<number[]> => {
  const now = deps.now();
  // One moment for all of it: a window that closes meanwhile is no difference.
  const still = { ...deps, now: () => now };
  await sweep(still);
  const last = Math.max((await doneAt(deps.db)) ?? 0, now - 31 * STRETCH_MS);
  await rebuild(still, last - RESOLUTION_MS - STRETCH_MS, now - RESOLUTION_MS + HOUR_MS);
  const wrong = await check(still, now - CHECKED_MS, hourOf(now));
  await deps.db('report_counts').insert({ name: NIGHT, at: now }).onConflict('name').merge();
  return wrong;
};
