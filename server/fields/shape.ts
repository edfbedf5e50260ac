import { fold, wellFormed } from '../core/words.ts';
import type { FieldDef, FieldOperator, FieldType, FieldValue } from './contract.ts';
import { minorDigits } from './read.ts';

/** What can be done with a stored value: comparing, finding, showing. Pure. */

const SOME: FieldOperator[] = ['empty', 'filled'];
const TEXT: FieldOperator[] = ['eq', 'ne', 'begins', 'contains', ...SOME];
const ORDER: FieldOperator[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'between', ...SOME];
const CHOICE: FieldOperator[] = ['in', 'not-in', ...SOME];
const EXACT: FieldOperator[] = ['eq', 'ne', 'begins', ...SOME];

export const OPERATORS: Readonly<Record<FieldType, readonly FieldOperator[]>> = {
  text: TEXT,
  number: ORDER,
  money: ORDER,
  date: ORDER,
  list: CHOICE,
  'multi-list': [...CHOICE, 'all-of'],
  tags: [...CHOICE, 'all-of'],
  reference: CHOICE,
  phone: EXACT,
  email: TEXT,
  address: TEXT,
  file: SOME,
  formula: [...ORDER, 'begins', 'contains'],
  inn: EXACT,
  kpp: EXACT,
  ogrn: EXACT,
  accounts: EXACT,
  messengers: EXACT,
};

/** By which column of client_values a type is compared. A formula fills the one that its value fits. */
export const comparedBy = (type: FieldType): 'text' | 'number' =>
  ['number', 'money', 'date', 'reference'].includes(type) ? 'number' : 'text';

/** As client_values holds it: the index takes 120 characters. */
export const comparable = (text: string): string => [...fold(text)].slice(0, 120).join('');

export interface IndexRow {
  text: string | null;
  number: number | null;
}
const byText = (text: string): IndexRow => ({ text: comparable(text), number: null });
const byNumber = (number: number): IndexRow => ({ text: null, number });
const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** The rows by which a client is found with this value. Text kept whole in `custom`, here its beginning. */
export const indexRows = (type: FieldType, value: FieldValue): IndexRow[] => {
  if (type === 'date') return [{ text: String(value), number: dayOf(String(value)) }];
  if (typeof value === 'number') return [byNumber(value)];
  if (typeof value === 'string') return [byText(value)];
  if (Array.isArray(value))
    return value.map((item) => {
      if (typeof item === 'number') return byNumber(item);
      if (typeof item === 'string') return byText(item);
      return byText('account' in item ? item.account : item.handle);
    });
  if ('amount' in value) return [{ text: value.currency, number: value.amount }];
  return [byText('e164' in value ? (value.e164?.slice(1) ?? value.raw.replace(/\D/g, '')) : value.text)];
};

/** Words for the search box. */
export const searchText = (value: FieldValue): string => {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value))
    return value.map((item) => (typeof item === 'object' ? ('account' in item ? item.account : item.handle) : String(item))).join(' ');
  if ('amount' in value) return '';
  return 'e164' in value ? '' : value.text;
};

/** As a cell, a history or a report says it. `nameOf`: of what a reference or a file leads to. */
export const valueText = (
  def: Pick<FieldDef, 'type' | 'settings'>,
  value: FieldValue,
  language: 'ru' | 'en',
  nameOf: (id: number) => string = (id) => `#${id}`,
): string => {
  const label = (code: string) => def.settings.options?.find((o) => o.code === code)?.label[language] ?? code;
  if (typeof value === 'string') return def.type === 'list' ? label(value) : wellFormed(value);
  if (typeof value === 'number') return def.type === 'reference' ? nameOf(value) : String(value);
  if (Array.isArray(value))
    return value
      .map((item) => {
        if (typeof item === 'number') return nameOf(item);
        if (typeof item === 'string') return def.type === 'multi-list' ? label(item) : item;
        return 'account' in item ? `${item.account} ${item.bik}${item.bank ? ` ${item.bank}` : ''}` : `${item.kind}: ${item.handle}`;
      })
      .join('; ');
  if ('amount' in value) {
    const digits = minorDigits(value.currency);
    return `${(value.amount / 10 ** digits).toFixed(digits)} ${value.currency}`;
  }
  return 'e164' in value ? (value.e164 ?? value.raw) + (value.extension ? ` ext. ${value.extension}` : '') : value.text;
};

/** What a formula sees of a value: money in whole units, lists by their first. */
export const formulaValue = (value: FieldValue | null | undefined): string | number | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'object' ? '' : String(item))).join('; ');
  if ('amount' in value) return value.amount / 10 ** minorDigits(value.currency);
  return 'e164' in value ? (value.e164 ?? value.raw) : value.text;
};
