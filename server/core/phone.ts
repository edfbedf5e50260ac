import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';

/** A number as it was written, and what could be made of it. */
export interface ParsedPhone {
  raw: string;
  /** "+79161234567"; null when the numbering plan has no such number (an inner extension, a short code, a slip). */
  e164: string | null;
  /** The part after "доб.", "вн.", "ext", "#". */
  extension: string | null;
  /** All digits of the number, without the extension: of e164 when there is one. */
  digits: string;
}

/** "доб. 12", "(вн. 5)", "ext 12", "x12", ";ext=12", "#12", ",12", at the end of the text. The library knows only some. */
const EXTENSION = /(?:[\s,;(]*(?:доб(?:авочный)?|вн(?:утр(?:енний)?)?|ext(?:ension)?|x|х)\.?\s*[:=№]?\s*|\s*[#,]+\s*)(\d{1,7})\)?\s*$/iu;

/** Digits of any script (Arabic, full-width) as ASCII; what is invisible is dropped. */
const ascii = (text: string): string => text.normalize('NFKC').replace(/\p{Cf}/gu, '');

/** "007…" is how a number leaves Russia (00 = +), and "810…" how it does by 8-wave-10. The library reads both as local. */
const international = (text: string, country: string): string => {
  const digits = text.replace(/\D/g, '');
  if (text.trim().startsWith('+')) return text;
  if (/^00[1-9]\d{6,}$/.test(digits)) return `+${digits.slice(2)}`;
  if (country === 'RU' && /^810[1-9]\d{6,}$/.test(digits)) return `+${digits.slice(3)}`;
  return text;
};

/** Russia writes 8 for +7 and often leaves out the plus: eleven digits beginning with 7 or 8, ten without either. */
const candidates = (text: string, country: string): string[] => {
  const digits = text.replace(/\D/g, '');
  if (country === 'RU' && !text.trim().startsWith('+')) {
    if (/^[78]\d{10}$/.test(digits)) return [`+7${digits.slice(1)}`];
  }
  return text.trim().startsWith('+') ? [text] : [text, ...(digits.length >= 11 ? [`+${digits}`] : [])];
};

const read = (raw: string, country: string): ParsedPhone => {
  const text = ascii(raw)
    .replace(/^\s*(?:tel|sips?):/i, '')
    .replace(/@.*$/, '')
    .slice(0, 100);
  const found = EXTENSION.exec(text);
  const head = found ? text.slice(0, found.index) : text;
  // "#12" or "x12" alone is no number with an extension but the extension itself.
  const number = /\d/.test(head) ? head : text;
  const extension = /\d/.test(head) ? (found?.[1] ?? null) : null;
  const region = isSupportedCountry(country) ? (country as CountryCode) : undefined;
  for (const candidate of candidates(international(number, country), country)) {
    const parsed = parsePhoneNumberFromString(candidate, { defaultCountry: region, extract: false });
    if (parsed?.isValid()) {
      return { raw, e164: parsed.number, extension: extension ?? parsed.ext ?? null, digits: parsed.number.slice(1) };
    }
  }
  return { raw, e164: null, extension, digits: number.replace(/\D/g, '') };
};

/** Numbers that were read last: a dozen facts of one call ask for the same one, and reading it is the dearest part of most of them. */
const recent = new Map<string, ParsedPhone>();
const MAX_RECENT = 2_000;

/**
 * Reads a number in any spelling: as a person typed it, as a trunk sent it, as an import had it. Never throws.
 * `country` (ISO 3166) is where a number without a country code is.
 */
export const parsePhone = (raw: string, country: string): ParsedPhone => {
  if (raw.length > 100) return read(raw, country);
  const key = `${country}:${raw}`;
  const known = recent.get(key);
  if (known) return known;
  const parsed = Object.freeze(read(raw, country));
  if (recent.size >= MAX_RECENT) recent.delete(recent.keys().next().value!);
  recent.set(key, parsed);
  return parsed;
};
