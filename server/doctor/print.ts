import type { Finding, Fix, Level, Ward } from './finding.ts';
import { phrases } from './words.ts';
import type { Language, Phrases } from './words.ts';

const fill = (text: string, params: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));

const why = (words: Phrases, finding: Finding): string => fill(words.checks[finding.check][1], finding.params);

export const count = (wards: readonly Ward[], level: Level): number =>
  wards.flatMap((ward) => ward.findings).filter((one) => one.level === level).length;

const placeOf = (words: Phrases, name: string): string => (name === 'program' || name === 'database' ? words.places[name] : name);

/** For a person at a terminal: what is wrong first, then what is right in a line. */
export const printText = (wards: readonly Ward[], language: Language): string => {
  const words = phrases(language);
  const width = Math.max(...Object.values(words.levels).map((level) => level.length));
  const line = (finding: Finding) => `  ${words.levels[finding.level].padEnd(width)}  ${words.checks[finding.check][0]}`;
  const indent = ' '.repeat(width + 4);
  const paragraph = (finding: Finding) => [
    line(finding),
    `${indent}${why(words, finding)}`,
    ...finding.fixes.flatMap((fix) => fixLines(words, fix).map((text) => indent + text)),
  ];
  const order: Level[] = ['error', 'warning', 'ok'];
  const ward = ({ name, findings }: Ward) => [
    placeOf(words, name),
    ...order.flatMap((level) =>
      findings.filter((one) => one.level === level).flatMap((one) => (level === 'ok' ? [line(one)] : paragraph(one))),
    ),
    '',
  ];
  const total = { errors: count(wards, 'error'), warnings: count(wards, 'warning'), ok: count(wards, 'ok') };
  return [...wards.flatMap(ward), fill(words.total, total)].join('\n');
};

const fixLines = (words: Phrases, fix: Fix): string[] => {
  if (fix.file === null) return fix.add.map((command) => `${words.run}: ${command}`);
  return [
    `${fix.file}${fix.section === null ? '' : `, [${fix.section}]`}`,
    ...fix.remove.map((text) => `  - ${text}`),
    ...fix.add.map((text) => `  + ${text}`),
    ...(fix.then === null ? [] : [`${words.then}: ${fix.then}`]),
  ];
};

/** For a program: the same findings with the same sentences. */
export const printJson = (wards: readonly Ward[], language: Language): string => {
  const words = phrases(language);
  const findings = wards.flatMap(({ name, findings: all }) =>
    all.map((one) => ({
      at: name,
      check: one.check,
      level: one.level,
      title: words.checks[one.check][0],
      why: one.level === 'ok' ? null : why(words, one),
      fixes: one.fixes,
    })),
  );
  return JSON.stringify({ errors: count(wards, 'error'), warnings: count(wards, 'warning'), findings }, null, 2);
};
