import type { FieldDef } from '../../server/fields/contract.ts';
import { c } from './card-strings.ts';
import type { FormData } from './form-data.ts';
import { t } from './strings.ts';
import { labelOf } from './typed.ts';

/** Two people have changed one card: what each of them did to each field. Pure. */

const OWN = ['kind', 'name', 'company', 'position', 'note', 'roles', 'phones', 'emails'] as const;
type Own = (typeof OWN)[number];

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const empty = (value: unknown) => value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
const valueOf = (form: FormData, key: string): unknown =>
  OWN.includes(key as Own) ? form[key as Own] : empty(form.custom[key]) ? undefined : form.custom[key];

const words = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return typeof value === 'number' ? '' : String(value);
  return Object.values(value)
    .map(words)
    .filter((text) => text !== '')
    .join(', ');
};

export interface Difference {
  key: string;
  label: string;
  before: string;
  mine: string;
  theirs: string;
  /** Both have changed it, and not to the same. */
  both: boolean;
}

const keysOf = (...forms: FormData[]): string[] => [...OWN, ...new Set(forms.flatMap(({ custom }) => Object.keys(custom)))];

/** What they have changed since the form was opened, and what both have. */
export const differences = (before: FormData, mine: FormData, theirs: FormData, defs: readonly FieldDef[]): Difference[] =>
  keysOf(before, mine, theirs).flatMap((key) => {
    const [b, m, th] = [valueOf(before, key), valueOf(mine, key), valueOf(theirs, key)];
    if (same(b, th) || same(m, th)) return [];
    const def = defs.find((each) => each.key === key);
    const label = key === 'roles' ? c().roles : def ? labelOf(def) : (t().fields[key] ?? key);
    return [{ key, label, before: words(b), mine: words(m), theirs: words(th), both: !same(b, m) }];
  });

/** Mine over theirs where I have changed something; of what both have, whatever was chosen (mine, unless said). */
export const merge = (before: FormData, mine: FormData, theirs: FormData, taken: Readonly<Record<string, 'mine' | 'theirs'>>): FormData => {
  const own: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const key of keysOf(before, mine, theirs)) {
    const touched = !same(valueOf(before, key), valueOf(mine, key)) && taken[key] !== 'theirs';
    const value = touched ? valueOf(mine, key) : valueOf(theirs, key);
    if (OWN.includes(key as Own)) own[key] = value;
    else if (value !== undefined) custom[key] = value;
    else if (theirs.custom[key] !== undefined) custom[key] = Array.isArray(theirs.custom[key]) ? [] : '';
  }
  return { ...own, custom } as unknown as FormData;
};
