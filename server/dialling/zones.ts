import { originOf } from '../core/number-origin.ts';

type WithZones = Intl.Locale & { getTimeZones?: () => string[]; timeZones?: string[] };

/** Every clock of Russia, one zone for each. */
const RUSSIAN = ['Europe/Kaliningrad', 'Europe/Moscow', 'Europe/Samara', 'Asia/Yekaterinburg', 'Asia/Omsk', 'Asia/Novosibirsk', 'Asia/Irkutsk', 'Asia/Yakutsk', 'Asia/Vladivostok', 'Asia/Magadan', 'Asia/Kamchatka']; // prettier-ignore
const known = new Map<string, readonly string[]>([['RU', RUSSIAN]]);

const zonesOf = (country: string): readonly string[] => {
  let zones = known.get(country);
  if (!zones) {
    const locale = new Intl.Locale(`und-${country}`) as WithZones;
    zones = locale.getTimeZones?.() ?? locale.timeZones ?? [];
    known.set(country, zones);
  }
  return zones;
};

/** The time zones in which whoever has this number may be: one where the number tells, else all of its country; UTC for a number of no country. */
export const zonesOfNumber = (e164: string): readonly string[] => {
  const origin = originOf(e164);
  if (!origin) return ['UTC'];
  if (origin.timeZone) return [origin.timeZone];
  const zones = zonesOf(origin.country);
  return zones.length > 0 ? zones : ['UTC'];
};
