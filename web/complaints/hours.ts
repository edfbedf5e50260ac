const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** 400 days: what the server takes. */
const MOST_MS = 9_600 * HOUR_MS;

/** Working time as an administrator writes it: "4", "1:30"; '' of null. Pure. */
export const hoursText = (ms: number | null): string => {
  if (ms === null) return '';
  const minutes = Math.round(ms / MINUTE_MS);
  const rest = minutes % 60;
  return rest === 0 ? String(minutes / 60) : `${Math.floor(minutes / 60)}:${String(rest).padStart(2, '0')}`;
};

/** @returns ms; null of nothing; undefined: not such a time. Pure. */
export const readHours = (text: string): number | null | undefined => {
  if (text.trim() === '') return null;
  const found = /^(\d{1,4})(?::([0-5]\d))?$/.exec(text.trim());
  if (!found) return undefined;
  const ms = Number(found[1]) * HOUR_MS + Number(found[2] ?? 0) * MINUTE_MS;
  return ms <= MOST_MS ? ms : undefined;
};
