import type { ConfigFile, ConfigSection, PbxFacts } from '../../cti/index.ts';

/** A file that could be read; null when it is not there or may not be read. */
export const file = (facts: PbxFacts, name: string): ConfigFile | null => {
  const found = facts.configs[name];
  return found === undefined || typeof found === 'string' ? null : found;
};

/** denied: nothing is known of it, so nothing is said of it. */
export const unknown = (facts: PbxFacts, name: string): boolean => facts.configs[name] === 'denied';

export const section = (from: ConfigFile | null, name: string): ConfigSection | null => {
  const lines = (from ?? []).filter((one) => one.name === name).flatMap((one) => one.lines);
  return (from ?? []).some((one) => one.name === name) ? { name, lines } : null;
};

/** As Asterisk reads it: the last one wins; null when there is none. */
export const value = (from: ConfigSection | null, key: string): string | null =>
  from?.lines.findLast(([name]) => name === key)?.[1] ?? null;

/** `key = value` as it stands there, for the lines to take out. */
export const linesOf = (from: ConfigSection | null, ...keys: string[]): string[] =>
  (from?.lines ?? []).filter(([name]) => keys.includes(name)).map(([name, text]) => `${name} = ${text}`);

export const isYes = (text: string | null): boolean => ['yes', 'true', 'y', 't', '1', 'on'].includes((text ?? '').toLowerCase());

export const words = (text: string | null): string[] => (text ?? '').toLowerCase().split(/[\s,]+/).filter(Boolean); // prettier-ignore
