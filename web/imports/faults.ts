import type { CatalogueField } from '../../server/clients/contract.ts';
import type { Import } from '../../server/imports/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { locale } from '../core/i18n.ts';
import { t } from './strings.ts';

const words = (code: string): string => t().faults[code] ?? t().faults.other!;

/** A refusal of the server about an import, in words. */
export const refusalText = (err: unknown): string => {
  if (!(err instanceof ApiError)) return errorText(err);
  const code = (err.data.issues as { code: string }[] | undefined)?.[0]?.code;
  if (err.code === 'invalid' && code) return words(code);
  if (err.code === 'conflict') return t().conflicts[String(err.data.reason)] ?? errorText(err);
  return err.code === 'too_large' ? t().faults.too_large! : errorText(err);
};

/** Why a whole import failed. */
export const faultText = ({ fault }: Pick<Import, 'fault'>): string => words(fault ?? 'other');

/** What a column may become: parts of the card and fields that may be written, by their keys. */
export const targetsOf = (fields: readonly CatalogueField[]): Map<string, string> =>
  new Map([
    ...Object.entries(t().own),
    ...fields.filter(({ own, writable, archived }) => !own && writable && !archived).map(({ key, label }) => [key, label[locale.get()]] as const),
  ]); // prettier-ignore

/** Why a line was not taken: "inn: not_an_inn", "twice". Of "phones.0.raw" the first part is the field. */
export const reasonText = (reason: string, targets: ReadonlyMap<string, string>): string => {
  const [, path, code] = /^([^:]+): (.+)$/.exec(reason) ?? [];
  if (!path || !code) return words(reason);
  const key = path.split('.')[0]!;
  return `${targets.get(key) ?? key}: ${words(code)}`;
};
