import { AppError } from '../core/errors.ts';
import { CARD_NAMES } from './compute.ts';
import type { FieldDef, FormulaResult } from './contract.ts';
import { evaluate } from './evaluate.ts';
import { FormulaFault, fieldsOf, parseFormula } from './formula.ts';
import type { Value } from './formula.ts';

/** What a field may be: checked when it is made and changed. Pure. */

/** Keys of the card itself: no field may be called so. The list of clients and imports name both by key. */
const TAKEN = new Set(['id', 'kind', 'name', 'roles', 'stage', 'company', 'position', 'note', 'owner', 'department', 'phones', 'emails', 'created_on', 'created_at', 'updated_at', 'contact_at', 'archived_at', 'true', 'false', 'and', 'or', 'not', 'custom']); // prettier-ignore

const LATIN: Readonly<Record<string, string>> = { а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sch', ы: 'y', э: 'e', ю: 'yu', я: 'ya' }; // prettier-ignore

/** A key made from words that nobody has yet: "Credit limit" is credit_limit. */
export const freeKey = (words: string, all: readonly FieldDef[]): string => {
  const latin = [...words.toLowerCase()].map((letter) => LATIN[letter] ?? letter).join(''); // prettier-ignore
  const base = (latin.replace(/[^a-z0-9]+/g, '_').replace(/^[_\d]+|_+$/g, '') || 'field').slice(0, 36); // prettier-ignore
  const taken = (key: string) => TAKEN.has(key) || all.some((def) => def.key === key);
  for (let n = 1; ; n++) {
    const key = n === 1 ? base : `${base}_${n}`;
    if (!taken(key)) return key;
  }
};

const invalid = (path: string, code: string, data: object = {}) =>
  new AppError('invalid', `${path}: ${code}`, { issues: [{ path: `body.${path}`, code, ...data }] });

/** Settings that each type knows. */
const KNOWS: Partial<Record<FieldDef['type'], readonly (keyof FieldDef['settings'])[]>> = {
  text: ['lines'],
  number: ['decimals', 'min', 'max', 'unit'],
  money: ['currency'],
  list: ['options'],
  'multi-list': ['options'],
  reference: ['to'],
  formula: ['expression', 'decimals', 'unit'],
};

/** The fields that a formula names are there, and none is a formula itself. @returns the first fault */
const formulaFault = (expression: string, all: readonly FieldDef[]): { at: number; code: string } | null => {
  try {
    for (const [key, at] of fieldsOf(parseFormula(expression))) {
      const def = all.find((each) => each.key === key);
      if (!def && !CARD_NAMES.some((name) => name === key)) return { at, code: 'no_such_field' };
      if (def?.type === 'formula') return { at, code: 'formula_of_formula' };
    }
    return null;
  } catch (err) {
    if (err instanceof FormulaFault) return { at: err.at, code: err.code };
    throw err;
  }
};

/** @throws AppError invalid */
export const checkField = (def: FieldDef, all: readonly FieldDef[], before?: FieldDef): void => {
  const { settings, type } = def;
  for (const name of Object.keys(settings) as (keyof typeof settings)[])
    if (settings[name] !== undefined && !KNOWS[type]?.includes(name)) throw invalid(`settings.${name}`, 'not_of_this_type');
  if (type === 'list' || type === 'multi-list') {
    const codes = (settings.options ?? []).map(({ code }) => code);
    if (codes.length === 0) throw invalid('settings.options', 'required');
    if (new Set(codes).size < codes.length) throw invalid('settings.options', 'twice');
    // Cards may hold it: it is archived.
    const gone = before?.settings.options?.find(({ code }) => !codes.includes(code));
    if (gone) throw invalid('settings.options', 'option_gone', { option: gone.code });
  }
  if (type === 'reference' && settings.to === undefined) throw invalid('settings.to', 'required');
  if (settings.min !== undefined && settings.max !== undefined && settings.min > settings.max) throw invalid('settings.max', 'too_small');
  if (type === 'formula') {
    if (settings.expression === undefined) throw invalid('settings.expression', 'required');
    const fault = formulaFault(settings.expression, all);
    if (fault) throw invalid('settings.expression', fault.code, { at: fault.at });
    if (def.required.length > 0) throw invalid('required', 'computed');
  }
  if (def.searchable && ['money', 'date', 'file', 'formula', 'reference', 'list', 'multi-list', 'phone'].includes(type))
    throw invalid('searchable', 'not_of_this_type');
};

/** What a formula comes to with values typed by hand; texts that look like numbers are numbers. */
export const tryFormula = (
  expression: string,
  values: Readonly<Record<string, string | number | null>>,
  all: readonly FieldDef[],
  now: number,
): FormulaResult => {
  const fault = formulaFault(expression, all);
  if (fault) return { value: null, fault, reads: [] };
  const node = parseFormula(expression);
  const given = new Map<string, Value>(
    Object.entries(values).map(([key, value]) => [key, typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value]),
  );
  const value = evaluate(node, given, new Date(now).toISOString().slice(0, 10));
  return { value: typeof value === 'boolean' ? Number(value) : value, fault: null, reads: [...fieldsOf(node).keys()] };
};
