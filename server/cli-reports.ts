import type { Core } from './deps.ts';
import { sinceOf } from './cli-reconcile.ts';
import { reportSources } from './report-sources.ts';
import { check } from './reports/check.ts';
import { rebuild } from './reports/rollup.ts';

const DAY_MS = 86_400_000;

interface Period {
  from: string;
  until: string | undefined;
}

const periodOf = (core: Core, { from, until }: Period): [number, number] => {
  const [begin, end] = [sinceOf(from, core.now(), '--from'), until === undefined ? core.now() : sinceOf(until, core.now(), '--until')];
  if (end <= begin) throw new Error('--until must be later than --from');
  return [begin, end];
};

const ofCore = (core: Core) => ({ db: core.db, now: core.now, ...reportSources(core.db, core.now) });
const shown = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** Counts the hours of a period anew from the log, a day at a time. */
export const rebuildReports = async (core: Core, period: Period, say: (text: string) => void): Promise<void> => {
  const [from, until] = periodOf(core, period);
  for (let at = from; at < until; at += DAY_MS) {
    await rebuild(ofCore(core), at, Math.min(at + DAY_MS, until));
    say(`${shown(at)} UTC: counted`);
  }
  await core.audit(core.db, { actorId: null, what: 'reports.rebuilt', details: { from, until } });
};

/** Compares the sums of a period with the log and puts right what differs. @returns whether nothing did */
export const checkReports = async (core: Core, period: Period, say: (text: string) => void): Promise<boolean> => {
  const [from, until] = periodOf(core, period);
  const wrong = await check(ofCore(core), from, until);
  for (const hour of wrong) say(`${shown(hour)} UTC: differed from the log, counted anew`);
  say(wrong.length === 0 ? 'the sums say what the log says' : `${wrong.length} hours differed`);
  return wrong.length === 0;
};
