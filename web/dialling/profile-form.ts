import type { ProfileRules, Purpose } from '../../server/dialling/contract.ts';

/** The rules of a country as texts that one types, and back. Pure. */

export const PURPOSES = ['ad', 'service', 'debt', 'survey'] as const satisfies readonly Purpose[];
type Span = ProfileRules['hours']['workdays'];
type Often = ProfileRules['perNumber'];

/** One line of the table: for all calls, or for those of a purpose, where nothing is "as for all". */
export interface Line {
  readonly workdays: string;
  readonly freeDays: string;
  readonly often: string;
}
export interface ProfileForm {
  readonly all: Line;
  readonly of: Readonly<Record<Purpose, Line>>;
  readonly consentFor: readonly Purpose[];
  readonly humanOnlyFor: readonly Purpose[];
  readonly mobileConsentWhenAutomatic: boolean;
  readonly listeningShown: boolean;
  /** Hours, per cent, hours, seconds, seconds. */
  readonly abandonedRest: string;
  readonly abandonedMost: string;
  readonly abandonedWindow: string;
  readonly ring: string;
  readonly connect: string;
}

const two = (n: number): string => String(n).padStart(2, '0');
const clock = (minutes: number): string => `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
/** "8:00–21:00"; "–": not at all. */
const spanText = ({ from, to }: Span): string => (from === to ? '–' : `${clock(from)}–${clock(to)}`);
/** "3/1, 8/30": three in a day, eight in thirty. */
const oftenText = (often: Often): string => often.map(({ most, days }) => `${most}/${days}`).join(', ');

const DASH = '[-–—]';
const SPAN = new RegExp(`^(\\d{1,2}):(\\d\\d)\\s*${DASH}\\s*(\\d{1,2}):(\\d\\d)$`);
/** @returns undefined: no such span */
const readSpan = (text: string): Span | undefined => {
  if (new RegExp(`^${DASH}$`).test(text.trim())) return { from: 0, to: 0 };
  const found = SPAN.exec(text.trim());
  if (!found) return undefined;
  const [fromHour, fromMinute, toHour, toMinute] = found.slice(1).map(Number) as [number, number, number, number];
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  return fromMinute < 60 && toMinute < 60 && from < to && to <= 1440 ? { from, to } : undefined;
};
const readOften = (text: string): Often | undefined => {
  const parts = text.split(/[,;]/).flatMap((part) => (part.trim() === '' ? [] : part.trim()));
  const found = parts.map((part) => /^(\d{1,4})\s*\/\s*(\d{1,3})$/.exec(part));
  if (found.length > 10 || found.includes(null)) return undefined;
  const often = found.map((one) => ({ most: Number(one![1]), days: Number(one![2]) }));
  return often.every(({ most, days }) => most <= 1000 && days >= 1 && days <= 366) ? often : undefined;
};
const readNumber = (text: string, least: number, most: number, whole = true): number | undefined => {
  const plain = text.trim().replace(',', '.');
  if (!(whole ? /^\d{1,5}$/ : /^\d{1,5}(\.\d{1,3})?$/).test(plain)) return undefined;
  const value = Number(plain);
  return value >= least && value <= most ? value : undefined;
};

const NOTHING: Line = { workdays: '', freeDays: '', often: '' };

export const formOf = (rules: ProfileRules): ProfileForm => {
  const line = (purpose: Purpose): Line => {
    const [hours, often] = [rules.hoursFor[purpose], rules.perNumberFor[purpose]];
    return {
      ...NOTHING,
      ...(hours && { workdays: spanText(hours.workdays), freeDays: spanText(hours.freeDays) }),
      ...(often && { often: oftenText(often) }),
    };
  };
  return {
    all: { workdays: spanText(rules.hours.workdays), freeDays: spanText(rules.hours.freeDays), often: oftenText(rules.perNumber) },
    of: { ad: line('ad'), service: line('service'), debt: line('debt'), survey: line('survey') },
    consentFor: rules.consentFor,
    humanOnlyFor: rules.humanOnlyFor,
    mobileConsentWhenAutomatic: rules.mobileConsentWhenAutomatic,
    listeningShown: rules.listeningShown,
    abandonedRest: String(rules.abandonedRestHours),
    abandonedMost: String(Math.round(rules.abandonment.most * 10_000) / 100),
    abandonedWindow: String(rules.abandonment.windowHours),
    ring: String(rules.ringSeconds),
    connect: String(rules.connectWithinMs / 1000),
  };
};

/** Of a field: `all.workdays`, `ad.often`, `ring`. */
export type Fault = 'hours' | 'both' | 'often' | 'number';
export type Faults = Readonly<Record<string, Fault>>;

/** @returns the rules, or what is wrong by its field */
export const rulesOf = (form: ProfileForm): { rules: ProfileRules; faults: null } | { rules: null; faults: Faults } => {
  const faults: Record<string, Fault> = {};
  const need = <T>(value: T | undefined, key: string, fault: Fault, otherwise: T): T => {
    if (value === undefined) faults[key] = fault;
    return value ?? otherwise;
  };
  const NEVER = { from: 0, to: 0 };
  const span = (text: string, key: string): Span => need(readSpan(text), key, 'hours', NEVER);
  const often = (text: string, key: string): Often => need(readOften(text), key, 'often', []);
  const number = (text: string, key: string, least: number, most: number, whole = true): number => need(readNumber(text, least, most, whole), key, 'number', least); // prettier-ignore
  const hoursFor: ProfileRules['hoursFor'] = {};
  const perNumberFor: ProfileRules['perNumberFor'] = {};
  for (const purpose of PURPOSES) {
    const line = form.of[purpose];
    const [workdays, freeDays] = [line.workdays.trim(), line.freeDays.trim()];
    if (workdays !== '' && freeDays !== '')
      hoursFor[purpose] = { workdays: span(workdays, `${purpose}.workdays`), freeDays: span(freeDays, `${purpose}.freeDays`) };
    else if (workdays !== freeDays) faults[`${purpose}.${workdays === '' ? 'workdays' : 'freeDays'}`] = 'both';
    if (line.often.trim() !== '') perNumberFor[purpose] = often(line.often, `${purpose}.often`);
  }
  const rules: ProfileRules = {
    hours: { workdays: span(form.all.workdays, 'all.workdays'), freeDays: span(form.all.freeDays, 'all.freeDays') },
    hoursFor,
    perNumber: often(form.all.often, 'all.often'),
    perNumberFor,
    consentFor: PURPOSES.filter((one) => form.consentFor.includes(one)),
    humanOnlyFor: PURPOSES.filter((one) => form.humanOnlyFor.includes(one)),
    mobileConsentWhenAutomatic: form.mobileConsentWhenAutomatic,
    abandonedRestHours: number(form.abandonedRest, 'abandonedRest', 0, 8760),
    abandonment: {
      most: number(form.abandonedMost, 'abandonedMost', 0, 100, false) / 100,
      windowHours: number(form.abandonedWindow, 'abandonedWindow', 1, 8760),
    },
    ringSeconds: number(form.ring, 'ring', 5, 120),
    connectWithinMs: Math.round(number(form.connect, 'connect', 0.5, 10, false) * 1000),
    listeningShown: form.listeningShown,
  };
  return Object.keys(faults).length > 0 ? { rules: null, faults } : { rules, faults: null };
};
