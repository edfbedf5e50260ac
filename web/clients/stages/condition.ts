import type { CatalogueField, RuleCondition } from '../../../server/clients/contract.ts';
import { inputOf, takesList } from '../../core/condition.ts';
import type { Locale } from '../../core/i18n.ts';

/** The conditions of a rule as they are edited. Pure. */

export type About = 'older' | 'fresher' | 'events' | 'field';
export type FieldAsk = Extract<RuleCondition, { fact: 'field' }>;

export const KINDS = ['call', 'note', 'task', 'meeting', 'file', 'interest', 'complaint', 'edited', 'relation'] as const;

export const aboutOf = (c: RuleCondition): About => (c.fact === 'contact' ? (c.fresher ? 'fresher' : 'older') : c.fact);

/** What a person or a department is compared with has no chooser here: only whether there is one. */
export const operatorsOf = (field: CatalogueField): readonly FieldAsk['op'][] =>
  field.to === null ? field.operators : field.operators.filter((op) => op === 'empty' || op === 'filled');

export const askable = (known: readonly CatalogueField[]): CatalogueField[] =>
  known.filter((field) => !field.archived && operatorsOf(field).length > 0);

export const freshAsk = (field: CatalogueField, op = operatorsOf(field)[0]!): FieldAsk => {
  const one = inputOf(field, op) === 'number' ? 1 : '';
  const value = inputOf(field, op) === 'none' ? null : takesList(op) ? [] : op === 'between' ? [one, one] : one;
  return { fact: 'field', key: field.key, op, value };
};

export const freshCondition = (about: About, known: readonly CatalogueField[]): RuleCondition | null => {
  if (about === 'events') return { fact: 'events', kind: 'call', days: 30, atLeast: 1 };
  if (about !== 'field') return { fact: 'contact', days: 30, fresher: about === 'fresher' };
  const [first] = askable(known);
  return first ? freshAsk(first) : null;
};

const given = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Whether it has its answer. */
export const isWhole = (c: RuleCondition): boolean => {
  if (c.fact === 'contact') return Number.isInteger(c.days) && c.days >= 0;
  if (c.fact === 'events') return Number.isInteger(c.days) && c.days > 0 && Number.isInteger(c.atLeast) && c.atLeast > 0;
  if (c.op === 'empty' || c.op === 'filled') return true;
  const values = given(c.value);
  return values.length > 0 && values.every((value) => value !== null && value !== '' && !Number.isNaN(value));
};

/** The value in words: choices by their labels. */
export const valueWords = (c: FieldAsk, field: CatalogueField | undefined, language: Locale): string => {
  if (c.value === null || c.value === undefined) return '';
  return given(c.value)
    .map((value) => field?.options?.find(({ code }) => code === value)?.label[language] ?? String(value))
    .join(', ');
};
