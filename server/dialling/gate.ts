import { dateText, plusDays, momentOf, wallOf, weekdayOf } from '../core/zone.ts';
import type { Wall } from '../core/zone.ts';
import { AUTOMATIC } from './contract.ts';
import type { Decision, DialMode, Profile, ProfileRules, Purpose, RuleCode, Verdict } from './contract.ts';

/** May this number be dialled now? Pure: everything that is known of it is handed over, moments are epoch ms. */

export interface GateAsk {
  readonly now: number;
  readonly profile: Profile;
  /** E.164; null: the numbering plan has no such number. */
  readonly number: string | null;
  readonly kind: 'mobile' | 'fixed' | null;
  /** Those in which whoever has the number may be: a call is allowed when it is in all of them. */
  readonly zones: readonly string[];
  readonly purpose: Purpose;
  readonly mode: DialMode;
  /** Narrower hours of the campaign itself, on the callee's wall; null: those of the profile. */
  readonly hours: ProfileRules['hours'] | null;
  /** When this number was dialled, over all campaigns, as far back as the profile's longest frequency. */
  readonly attempts: readonly number[];
  readonly abandonedAt: number | null;
  readonly doNotCall: boolean;
  readonly consent: boolean;
  /** A day without work, by the working calendar ("2027-01-07"). */
  isFree(date: string): boolean;
}

const midnight = (wall: Wall): Wall => ({ ...wall, hour: 0, minute: 0 });

/** From `at` on, the first moment inside the hours of one zone; null: none within a fortnight. */
const openFrom = (hours: ProfileRules['hours'], zone: string, at: number, isFree: GateAsk['isFree']): number | null => {
  const here = wallOf(at, zone);
  for (let i = 0; i < 15; i += 1) {
    const day = midnight(plusDays(here, i));
    const { from, to } = weekdayOf(day) > 5 || isFree(dateText(day)) ? hours.freeDays : hours.workdays;
    const passed = i === 0 ? here.hour * 60 + here.minute : -1;
    if (passed >= to || from === to) continue;
    if (passed >= from) return at;
    return momentOf({ ...day, hour: Math.floor(from / 60), minute: from % 60 }, zone);
  }
  return null;
};

/** The first moment from `at` on that is inside the hours in every zone; null: there is none. */
export const openInAll = (hours: ProfileRules['hours'], zones: readonly string[], at: number, isFree: GateAsk['isFree']): number | null => {
  let moment = at;
  // each round moves on by a part of a day: a fortnight is enough for anything that exists
  for (let round = 0; round < 400; round += 1) {
    let next = moment;
    for (const zone of zones) {
      const open = openFrom(hours, zone, next, isFree);
      if (open === null) return null;
      next = open;
    }
    if (next === moment) return moment;
    if (next - at > 15 * 86_400_000) return null;
    moment = next;
  }
  return null;
};

/** The first moment at which fewer than `most` of the attempts lie in the last `days` days of the callee. */
const roomFrom = (ask: GateAsk, days: number, most: number): number | null => {
  const [zone] = ask.zones;
  const starts = (at: number) => momentOf(midnight(plusDays(wallOf(at, zone ?? 'UTC'), 1 - days)), zone ?? 'UTC');
  const since = starts(ask.now);
  const counted = ask.attempts.filter((at) => at >= since).sort((a, b) => a - b);
  if (counted.length < most) return ask.now;
  if (most === 0) return null;
  // the one that has to leave the window does so at the midnight `days` days after it
  const oldest = counted[counted.length - most]!;
  return momentOf(midnight(plusDays(wallOf(oldest, zone ?? 'UTC'), days)), zone ?? 'UTC');
};

export const decide = (ask: GateAsk): Decision => {
  const { rules } = ask.profile;
  const said: Decision['rules'] = [];
  const say = (code: RuleCode, verdict: Verdict, words: string, until: number | null = null) =>
    said.push({ code, verdict, until, said: words });
  const must = (code: RuleCode, holds: boolean, words: string) => say(code, holds ? 'allowed' : 'refused', words);
  const wait = (code: RuleCode, from: number | null, words: string) => {
    if (from === null) say(code, 'refused', words);
    else say(code, from <= ask.now ? 'allowed' : 'later', words, from <= ask.now ? null : from);
  };
  const automatic = AUTOMATIC.includes(ask.mode);

  must('number', ask.number !== null, 'a number of the plan');
  must('do-not-call', !ask.doNotCall, 'not on a do-not-call list');
  if (rules.humanOnlyFor.includes(ask.purpose)) must('human-only', !automatic, `${ask.purpose}: only a person chooses and dials`);
  if (rules.consentFor.includes(ask.purpose)) must('consent', ask.consent, `${ask.purpose}: with consent only`);
  if (rules.mobileConsentWhenAutomatic && automatic && ask.kind !== 'fixed')
    must('mobile-consent', ask.consent, 'a machine dials a mobile with consent only');
  const hours = rules.hoursFor[ask.purpose] ?? rules.hours;
  wait('hours', openInAll(hours, ask.zones, ask.now, ask.isFree), JSON.stringify(hours));
  if (ask.hours) wait('campaign-hours', openInAll(ask.hours, ask.zones, ask.now, ask.isFree), JSON.stringify(ask.hours));
  for (const { days, most } of rules.perNumberFor[ask.purpose] ?? rules.perNumber)
    wait('frequency', roomFrom(ask, days, most), `at most ${most} in ${days} d, had ${ask.attempts.length}`);
  if (rules.abandonedRestHours > 0 && automatic)
    wait(
      'abandoned-rest',
      ask.abandonedAt === null ? ask.now : ask.abandonedAt + rules.abandonedRestHours * 3_600_000,
      `${rules.abandonedRestHours} h after an abandoned call`,
    );

  const verdict: Verdict = said.some((rule) => rule.verdict === 'refused')
    ? 'refused'
    : said.some((rule) => rule.verdict === 'later')
      ? 'later'
      : 'allowed';
  const waited = Math.max(...said.map((rule) => rule.until ?? 0));
  // what lets a call be made at midnight lets it be made in the morning
  const until = verdict === 'later' ? (openInAll(hours, ask.zones, waited, ask.isFree) ?? waited) : null;
  return {
    at: ask.now,
    verdict,
    until,
    profile: ask.profile.code,
    profileVersion: ask.profile.version,
    zones: [...ask.zones],
    rules: said,
  };
};
