/** One `eventfilter` of manager.conf. */
export interface Filter {
  readonly line: string;
  readonly exclude: boolean;
  /** Written as eventfilter(...): only newer Asterisks read it. */
  readonly structured: boolean;
  /** What it does to an event of this name: nothing, takes it whole, or only some of them (it looks into the fields). */
  matches(event: string): 'none' | 'some' | 'all';
}

export type Passes = 'none' | 'some' | 'all';

/** The first versions that read eventfilter(...). */
const STRUCTURED: Readonly<Record<number, number>> = { 18: 26, 20: 11, 21: 6, 22: 1 };

export const readsStructured = (version: string): boolean => {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return false;
  const first = STRUCTURED[Number(major)];
  return Number(major) > 22 || (first !== undefined && Number(minor) >= first);
};

/** Drops events of this name; the way that all versions understand, or the cheaper one. */
export const excludeLine = (event: string, structured: boolean): string =>
  structured ? `eventfilter(action(exclude),name(${event})) =` : `eventfilter = !Event: ${event}`;

export const parseFilter = (key: string, text: string): Filter | null => {
  if (key === 'eventfilter') return legacy(text);
  const criteria = /^eventfilter\((.*)\)$/.exec(key)?.[1];
  return criteria === undefined ? null : structured(criteria, text);
};

const structured = (criteria: string, text: string): Filter => {
  const part = (name: string) => new RegExp(`\\b${name}\\(([^)]*)\\)`, 'i').exec(criteria)?.[1]?.trim() ?? null;
  const name = part('name')?.toLowerCase() ?? null;
  const looksInside = part('header') !== null || !['none', null].includes(part('method')) || text !== '';
  return {
    line: `eventfilter(${criteria}) =${text && ` ${text}`}`,
    exclude: part('action')?.toLowerCase() === 'exclude',
    structured: true,
    matches: (event) => (name !== null && name !== event.toLowerCase() ? 'none' : looksInside ? 'some' : 'all'),
  };
};

/** A regular expression over the whole text of the event. */
const legacy = (text: string): Filter => {
  const exclude = text.startsWith('!');
  const body = exclude ? text.slice(1) : text;
  const pattern = readable(body);
  return {
    line: `eventfilter = ${text}`,
    exclude,
    structured: false,
    matches: (event) => {
      if (pattern?.test(`Event: ${event}\r\nPrivilege: call,all\r\n`)) return 'all';
      if (!/Event:/i.test(body)) return 'some';
      return new RegExp(`Event:[^\\r\\n]*${event}`, 'i').test(body) ? 'some' : 'none';
    },
  };
};

const readable = (body: string): RegExp | null => {
  try {
    return new RegExp(body, 'm');
  } catch {
    return null; // Asterisk reads POSIX; then it only counts whether it names the event
  }
};

const ORDER: readonly Passes[] = ['none', 'some', 'all'];

/** What of an event comes through: it must be included (when anything is), and not be excluded. */
export const passes = (filters: readonly Filter[], event: string): Passes => {
  const included = filters.filter((f) => !f.exclude).map((f) => ORDER.indexOf(f.matches(event)));
  const excluded = filters.filter((f) => f.exclude).map((f) => 2 - ORDER.indexOf(f.matches(event)));
  const most = included.length > 0 ? Math.max(...included) : 2;
  return ORDER[Math.min(most, ...excluded)]!;
};
