import { openJournal } from '../cti/index.ts';
import type { Core } from './deps.ts';
import { isClean, reconcile, report } from './calls/reconcile.ts';
import { openPlace } from './journal/place.ts';

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "2026-11-24", "2026-11-24T10:00:00Z", or so long ago: "90m", "24h", "7d". @returns epoch ms. @throws Error */
export const sinceOf = (text: string, now: number, option = '--since'): number => {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return now - Number(count) * UNIT_MS[unit]!;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new Error(`${option} "${text}": a time such as 2026-11-24 or 2026-11-24T10:00:00Z, or 90m, 24h, 7d ago`);
  return at;
};

/** Compares the call log with what Asterisk itself wrote down, and prints it; changes nothing. @returns whether they agree */
export const checkLog = async (
  core: Core,
  { pbx, since, say }: { pbx: string | undefined; since: string | undefined; say: (text: string) => void },
): Promise<boolean> => {
  const pbxs = core.config.pbxs.filter(({ name }) => pbx === undefined || name === pbx);
  if (pbxs.length === 0) throw new Error(`there is no PBX "${pbx}" in the settings`);
  const wanted = since === undefined ? 0 : sinceOf(since, core.now());
  let agree = true;
  for (const settings of pbxs) {
    const { name, extensions } = settings;
    const open = openPlace(settings);
    if (open === null) {
      if (pbx !== undefined)
        throw new Error(`"${name}" has neither ?spool= nor ?journal= in the setting PBX: there is nothing to compare with`);
      say(`${name}: neither ?spool= nor ?journal= in the setting PBX, not compared`);
      continue;
    }
    const pattern = extensions === null ? {} : { extensions: new RegExp(extensions) };
    const journal = await openJournal({ pbx: name, place: open.place, from: 'start', ...pattern });
    const { calls } = await journal.poll(Infinity).finally(open.close);
    // the log may know calls of which the files that tell them are gone
    const oldest = calls.reduce((min, { call }) => Math.min(min, call.startedAt), Infinity);
    const from = Math.max(wanted, Number.isFinite(oldest) ? oldest : wanted);
    const result = await reconcile(core.db, name, calls, { since: from, until: core.now() });
    for (const line of report(result)) say(line);
    agree &&= isClean(result);
  }
  return agree;
};
