import { getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';
import { russianArea } from './russia.ts';
import type { RussianArea } from './russia.ts';
import { wallOf } from './zone.ts';

/** Where a number is from, as far as the numbering plans tell; nothing is guessed. */
export interface NumberOrigin {
  /** ISO 3166. */
  readonly country: string;
  /** Null: the plan does not tell mobile from fixed, or it is neither. */
  readonly kind: 'mobile' | 'fixed' | null;
  readonly region: RussianArea['region'] | null;
  /** IANA; null: there are several, and the number does not tell which. */
  readonly timeZone: string | null;
}

/** Newer engines have the method, older ones the property; the types know neither. */
type WithZones = Intl.Locale & { getTimeZones?: () => string[]; timeZones?: string[] };

const zonesOf = (country: string): readonly string[] => {
  const locale = new Intl.Locale(`und-${country}`) as WithZones;
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
};

const single = new Map<string, string | null>();
const JANUARY = Date.UTC(2026, 0, 15, 12);
const JULY = Date.UTC(2026, 6, 15, 12);

/** The time zone of a whole country: several names for one clock (Berlin and Büsingen) are one. */
const zoneOfCountry = (country: string): string | null => {
  let zone = single.get(country);
  if (zone === undefined) {
    const zones = zonesOf(country);
    const clocks = new Set(zones.map((name) => JSON.stringify([wallOf(JANUARY, name), wallOf(JULY, name)])));
    zone = clocks.size === 1 ? zones[0]! : null;
    single.set(country, zone);
  }
  return zone;
};

const KINDS: Readonly<Record<string, NumberOrigin['kind']>> = { MOBILE: 'mobile', FIXED_LINE: 'fixed' };

const read = (e164: string): NumberOrigin | null => {
  const parsed = parsePhoneNumberFromString(e164);
  if (!parsed?.country) return null;
  const { country } = parsed;
  const kind = KINDS[parsed.getType() ?? ''] ?? null;
  if (country !== 'RU') return { country, kind, region: null, timeZone: zoneOfCountry(country) };
  const area = kind === 'fixed' ? russianArea(parsed.nationalNumber) : null;
  return { country, kind, region: area?.region ?? null, timeZone: area?.timeZone ?? null };
};

/** Those asked for last: the facts of one call all ask for the same. */
const recent = new Map<string, NumberOrigin | null>();
const MAX_RECENT = 2_000;

/** Of "+79161234567"; null for what is no number of any plan, an international service among them. Never throws. */
export const originOf = (e164: string): NumberOrigin | null => {
  if (!/^\+\d{6,15}$/.test(e164)) return null;
  let origin = recent.get(e164);
  if (origin === undefined) {
    origin = read(e164);
    if (recent.size >= MAX_RECENT) recent.delete(recent.keys().next().value!);
    recent.set(e164, origin);
  }
  return origin;
};

/** Calls to these cost what their owner likes, or are no person's. */
const COSTLY = new Set(['PREMIUM_RATE', 'SHARED_COST', 'PAGER', 'UAN', 'VOICEMAIL']);

/**
 * A machine may call it because somebody with this caller id asked for it. Caller ids can be forged, and far numbers cost what their owner likes: only those of
 * the numbering plan at home, and no emergency or other short ones.
 */
export const isOrdinary = (number: string, country: string): boolean => {
  const parsed = /^\+\d{7,15}$/.test(number) ? parsePhoneNumberFromString(number) : undefined;
  return (
    parsed !== undefined &&
    parsed.countryCallingCode === getCountryCallingCode(country as CountryCode) &&
    parsed.isValid() &&
    !COSTLY.has(parsed.getType() ?? '')
  );
};
