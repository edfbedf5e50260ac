import { describe, expect, test } from 'vitest';
import type { ProfileRules } from '../../server/dialling/contract.ts';
import { ProfileRules as Shape } from '../../server/dialling/contract.ts';
import { decide, openInAll } from '../../server/dialling/gate.ts';
import type { GateAsk } from '../../server/dialling/gate.ts';
import { zonesOfNumber } from '../../server/dialling/zones.ts';
import { wallOf, weekdayOf } from '../../server/core/zone.ts';

const H = 3_600_000;
const at = (text: string) => Date.parse(text);
const day = (from: number, to: number) => ({ from: from * 60, to: to * 60 });
const rules = (change: Partial<ProfileRules> = {}): ProfileRules =>
  Shape.parse({
    hours: { workdays: day(8, 21), freeDays: day(8, 21) },
    perNumber: [{ days: 1, most: 3 }],
    consentFor: [],
    humanOnlyFor: [],
    mobileConsentWhenAutomatic: false,
    abandonedRestHours: 0,
    abandonment: { most: 0.03, windowHours: 24 },
    ringSeconds: 15,
    connectWithinMs: 2000,
    ...change,
  });
const ask = (change: Partial<GateAsk> = {}, profile: Partial<ProfileRules> = {}): GateAsk => ({
  now: at('2026-11-27T09:00:00Z'),
  profile: { code: 'RU', name: 'Russia', version: 3, rules: rules(profile) },
  number: '+79161234567',
  kind: 'mobile',
  zones: ['Europe/Moscow'],
  purpose: 'service',
  mode: 'progressive',
  hours: null,
  attempts: [],
  abandonedAt: null,
  doNotCall: false,
  consent: false,
  isFree: () => false,
  ...change,
});
const refusals = (change: Partial<GateAsk>, profile: Partial<ProfileRules> = {}) =>
  decide(ask(change, profile))
    .rules.filter(({ verdict }) => verdict !== 'allowed')
    .map(({ code }) => code);

test('an ordinary number at noon may be called, and the record says by which rules', () => {
  const decision = decide(ask());
  expect(decision).toMatchObject({ verdict: 'allowed', until: null, profile: 'RU', profileVersion: 3, zones: ['Europe/Moscow'] });
  expect(decision.rules.map(({ code }) => code)).toEqual(['number', 'do-not-call', 'hours', 'frequency']);
});

test.each([
  ['no number', { number: null }, {}, ['number']],
  ['on a list', { doNotCall: true }, {}, ['do-not-call']],
  ['advertising by a machine', { purpose: 'ad', consent: true }, { humanOnlyFor: ['ad'] }, ['human-only']],
  ['advertising by a person', { purpose: 'ad', consent: true, mode: 'preview' }, { humanOnlyFor: ['ad'], consentFor: ['ad'] }, []],
  ['advertising without consent', { purpose: 'ad', mode: 'preview' }, { consentFor: ['ad'] }, ['consent']],
  ['a machine and a mobile', {}, { mobileConsentWhenAutomatic: true }, ['mobile-consent']],
  ['a machine and a number of an unknown kind', { kind: null }, { mobileConsentWhenAutomatic: true }, ['mobile-consent']],
  ['a machine and a landline', { kind: 'fixed' }, { mobileConsentWhenAutomatic: true }, []],
  ['a person and a mobile', { mode: 'manual' }, { mobileConsentWhenAutomatic: true }, []],
  ['at night', { now: at('2026-11-27T19:00:00Z') }, {}, ['hours']],
  ['too often today', { attempts: [1, 2, 3].map((h) => at('2026-11-27T09:00:00Z') - h * H) }, {}, ['frequency']],
  ['too often yesterday', { attempts: [13, 14, 15].map((h) => at('2026-11-27T09:00:00Z') - h * H) }, {}, []],
  ['abandoned yesterday', { abandonedAt: at('2026-11-26T09:00:00Z') }, { abandonedRestHours: 72 }, ['abandoned-rest']],
  ['abandoned yesterday, by a person', { abandonedAt: at('2026-11-26T09:00:00Z'), mode: 'manual' }, { abandonedRestHours: 72 }, []],
] as const)('%s', (_, change, profile, codes) => {
  expect(refusals(change as Partial<GateAsk>, profile as Partial<ProfileRules>)).toEqual(codes);
});

test('not before: the latest of all that has to be waited for', () => {
  const now = at('2026-11-27T18:30:00Z'); // 21:30 in Moscow
  const decision = decide(ask({ now, attempts: [1, 2, 3].map((h) => now - h * H) }));
  expect(decision).toMatchObject({ verdict: 'later', until: at('2026-11-28T05:00:00Z') });
  // refused for good wins over later
  expect(decide(ask({ now, doNotCall: true })).verdict).toBe('refused');
});

test('debts in Russia: one a day, two a week, eight a month; other hours on free days', () => {
  const debt = { perNumberFor: { debt: [{ days: 1, most: 1 }, { days: 7, most: 2 }, { days: 30, most: 8 }] }, hoursFor: { debt: { workdays: day(8, 22), freeDays: day(9, 20) } } }; // prettier-ignore
  const now = at('2026-11-27T09:00:00Z');
  const ago = (days: number) => now - days * 24 * H;
  expect(decide(ask({ purpose: 'debt', attempts: [ago(3), ago(5)] }, debt))).toMatchObject({ verdict: 'later', until: at('2026-11-28T21:00:00Z') + 9 * H }); // prettier-ignore
  expect(decide(ask({ purpose: 'debt', attempts: [ago(3), ago(8)] }, debt)).verdict).toBe('allowed');
  const evening = at('2026-11-27T18:30:00Z');
  expect(decide(ask({ purpose: 'debt', now: evening }, debt)).verdict).toBe('allowed');
  expect(decide(ask({ purpose: 'debt', now: evening, isFree: () => true }, debt)).verdict).toBe('later');
});

describe('where a number is', () => {
  test('a landline tells, a mobile does not', () => {
    expect(zonesOfNumber('+74232400000')).toEqual(['Asia/Vladivostok']);
    expect(zonesOfNumber('+79161234567')).toHaveLength(11);
    expect(zonesOfNumber('+12125550100').length).toBeGreaterThan(4);
    expect(zonesOfNumber('+442079460000')).toEqual(['Europe/London']);
    expect(zonesOfNumber('nonsense')).toEqual(['UTC']);
  });

  test('all zones of Russia together leave 9 to 12 of Moscow', () => {
    const zones = zonesOfNumber('+79161234567');
    const open = (text: string) => openInAll(rules().hours, zones, at(text), () => false);
    expect(open('2026-11-27T06:00:00Z')).toBe(at('2026-11-27T06:00:00Z'));
    expect(open('2026-11-27T08:59:59Z')).toBe(at('2026-11-27T08:59:59Z'));
    expect(open('2026-11-27T09:00:00Z')).toBe(at('2026-11-28T06:00:00Z'));
    expect(open('2026-11-27T00:00:00Z')).toBe(at('2026-11-27T06:00:00Z'));
  });

  test('hours that no moment fits are refused, not waited for', () => {
    const never = { workdays: day(8, 9), freeDays: day(8, 8) };
    expect(openInAll(never, ['Europe/Kaliningrad', 'Asia/Kamchatka'], at('2026-11-27T00:00:00Z'), () => false)).toBe(null);
  });

  test('against an opinion that looks at every quarter of an hour, through clock changes', () => {
    let seed = 7;
    const random = (n: number) => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % n;
    const zones = ['Europe/Moscow', 'America/New_York', 'Europe/London', 'Australia/Sydney', 'America/Los_Angeles', 'Asia/Kolkata'];
    for (let i = 0; i < 150; i += 1) {
      const mine = [zones[random(6)]!, zones[random(6)]!];
      const span = () => {
        const from = random(20) * 60;
        return { from, to: Math.min(1440, from + random(16) * 60) };
      };
      const hours = { workdays: span(), freeDays: span() };
      const start = at(['2026-03-27T00:00:00Z', '2026-10-30T00:00:00Z', '2026-10-23T00:00:00Z'][random(3)]!) + random(96) * 900_000;
      const isIn = (t: number) =>
        mine.every((zone) => {
          const wall = wallOf(t, zone);
          const { from, to } = weekdayOf(wall) > 5 ? hours.freeDays : hours.workdays;
          const minute = wall.hour * 60 + wall.minute;
          return minute >= from && minute < to;
        });
      let expected: number | null = null;
      for (let t = start; expected === null && t < start + 7 * 24 * H; t += 900_000) if (isIn(t)) expected = t;
      const found = openInAll(hours, mine, start, () => false);
      const where = `${mine.join()} ${JSON.stringify(hours)} ${new Date(start).toISOString()}`;
      if (expected === null) expect(found === null || found >= start + 7 * 24 * H, where).toBe(true);
      else expect(found, where).toBe(expected);
    }
  });
});
