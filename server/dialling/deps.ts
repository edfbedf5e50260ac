import type { Knex } from 'knex';
import type { Decision, Profile, ProfileRules, Purpose } from './contract.ts';
import { decide, openInAll } from './gate.ts';
import type { GateAsk } from './gate.ts';
import { addDnc, consentAmong, dncAmong, findProfile, homeProfile } from './queries.ts';
import { zonesOfNumber } from './zones.ts';

/** What the campaigns are handed: the gate, and what it has to know. */
export interface Dialling {
  profile(db: Knex, code: string): Promise<Profile | null>;
  /** Of the company's own country. */
  homeProfile(db: Knex, country: string): Promise<Profile | null>;
  /** Which of these numbers are on a do-not-call list, and which have a consent that holds. */
  known(db: Knex, numbers: readonly string[], purpose: Purpose, now: number): Promise<{ doNotCall: Set<string>; consent: Set<string> }>;
  decide(ask: Omit<GateAsk, 'zones' | 'number'> & { number: string }): Decision;
  /** The first moment from `now` on within these hours on the wall of `zone`; null: none within a fortnight. */
  openFrom(ask: Pick<GateAsk, 'now' | 'isFree'> & { hours: ProfileRules['hours']; zone: string }): number | null;
  /** Said in a call: at once, for all campaigns. Again it changes nothing. */
  neverAgain(trx: Knex, said: { number: string; callRef: string; userId: number; at: number }): Promise<void>;
}

export const diallingDeps = (): Dialling => ({
  profile: findProfile,
  homeProfile,
  known: async (db, numbers, purpose, now) => ({
    doNotCall: await dncAmong(db, numbers),
    consent: await consentAmong(db, numbers, purpose, now),
  }),
  decide: (ask) => decide({ ...ask, zones: zonesOfNumber(ask.number) }),
  openFrom: ({ hours, zone, now, isFree }) => openInAll(hours, [zone], now, isFree),
  neverAgain: async (trx, { number, callRef, userId, at }) =>
    void (await addDnc(trx, [{ number, source: 'call', list: '', list_date: null, note: '', call_ref: callRef, user_id: userId, at }])),
});
