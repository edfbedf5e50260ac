import type { CatalogueField } from '../../server/clients/contract.ts';
import { defineStrings } from './i18n.ts';

/** How a condition on a field of the catalogue is asked for, wherever one is: in filters and in rules. */

export type Input = 'none' | 'text' | 'number' | 'money' | 'date' | 'options' | 'people' | 'departments';
/** How its value is asked for. */
export const inputOf = (field: CatalogueField, op: string): Input => {
  if (op === 'empty' || op === 'filled') return 'none';
  if (field.options) return 'options';
  if (field.to === 'user') return 'people';
  if (field.to === 'department') return 'departments';
  if (field.type === 'date' || field.type === 'moment') return 'date';
  if (field.type === 'number' || field.type === 'reference') return 'number';
  return field.type === 'money' ? 'money' : 'text';
};
export const takesList = (op: string): boolean => op === 'in' || op === 'not-in' || op === 'all-of';

/** Comparisons in words, by operator. */
export const operatorWords = defineStrings({
  en: { eq: 'is', ne: 'is not', begins: 'begins with', contains: 'contains', lt: 'less than', le: 'at most', gt: 'more than', ge: 'at least', between: 'between', in: 'is one of', 'not-in': 'is none of', 'all-of': 'has all of', empty: 'is empty', filled: 'is filled in' } as Record<string, string>, // prettier-ignore
  ru: { eq: 'равно', ne: 'не равно', begins: 'начинается с', contains: 'содержит', lt: 'меньше', le: 'не больше', gt: 'больше', ge: 'не меньше', between: 'между', in: 'одно из', 'not-in': 'ни одно из', 'all-of': 'все из', empty: 'не заполнено', filled: 'заполнено' }, // prettier-ignore
});
