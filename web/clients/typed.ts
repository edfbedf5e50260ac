import type { ClientReply } from '../../server/clients/contract.ts';
import type { FieldDef, FieldList, FieldValue } from '../../server/fields/contract.ts';
import { api } from '../core/api.ts';
import { calendarDay, numberFormat } from '../core/format.ts';
import { formatNumber } from '../core/numbers.ts';
import { locale } from '../core/i18n.ts';
import { me } from '../core/session.ts';
import { createStore } from '../core/store.ts';
import { c } from './card-strings.ts';

/** The typed fields of the cards, as the server says them; asked for again when a card is opened. */
export const fieldDefs = createStore<readonly FieldDef[]>([]);

export const loadFieldDefs = async (): Promise<void> => {
  fieldDefs.set((await api.get<FieldList>('/api/fields')).items);
};

/** Those on the form of this kind, in its order. */
export const fieldsOf = (defs: readonly FieldDef[], kind: 'company' | 'person'): FieldDef[] =>
  defs.filter((def) => def.archivedAt === null && def.kinds.includes(kind)).sort((a, b) => a.position[kind] - b.position[kind]);

/** In groups, each where its first field stands. */
export const bySection = (defs: readonly FieldDef[]): [section: string, defs: FieldDef[]][] => {
  const groups = new Map<string, FieldDef[]>();
  for (const def of defs) groups.set(def.section, [...(groups.get(def.section) ?? []), def]);
  return [...groups];
};

export const mayWrite = (def: FieldDef): boolean => {
  const role = me()?.user.role;
  return def.type !== 'formula' && (def.writeRoles === null || role === 'administrator' || def.writeRoles.some((each) => each === role));
};

export const labelOf = (def: FieldDef): string => def.label[locale.get()];
const optionWords = (def: FieldDef, code: string) => def.settings.options?.find((o) => o.code === code)?.label[locale.get()] ?? code;

const minor = (currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** As the card shows it. */
export const valueWords = (def: FieldDef, value: FieldValue, refs: ClientReply['refs']): string => {
  if (def.type === 'reference' && typeof value === 'number')
    return (
      (def.settings.to === 'user' ? refs.users[value] : refs.clients[value]) ??
      (def.settings.to === 'user' ? c().refUser(value) : c().refClient(value))
    );
  if (typeof value === 'number') {
    const words = numberFormat({ maximumFractionDigits: def.settings.decimals ?? 6 }).format(value);
    return def.settings.unit ? `${words} ${def.settings.unit}` : words;
  }
  if (typeof value === 'string') {
    if (def.type === 'list') return optionWords(def, value);
    if (def.type === 'date') return calendarDay(value, { dateStyle: 'long' });
    return value;
  }
  if (Array.isArray(value))
    return value
      .map((item) => {
        if (typeof item === 'number') return def.type === 'file' ? c().fileNumber(item) : `#${item}`;
        if (typeof item === 'string') return def.type === 'multi-list' ? optionWords(def, item) : item;
        return 'account' in item
          ? `${item.account}, ${c().bik} ${item.bik}${item.bank ? `, ${item.bank}` : ''}`
          : `${item.kind}: ${item.handle}`;
      })
      .join(def.type === 'accounts' ? '\n' : ', ');
  if ('amount' in value)
    return numberFormat({ style: 'currency', currency: value.currency }).format(value.amount / 10 ** minor(value.currency));
  if ('e164' in value) return value.e164 ? formatNumber(value.e164) : value.raw;
  return value.text;
};

export type FormValue = string | readonly string[] | readonly Readonly<Record<string, string>>[];

/** As one types it. */
export const toForm = (def: FieldDef, value: FieldValue | undefined): FormValue => {
  if (value === undefined) return def.type === 'multi-list' || def.type === 'accounts' || def.type === 'messengers' ? [] : '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    if (def.type === 'tags') return value.join(', ');
    return value.map((item) => (typeof item === 'object' ? ({ ...item } as Record<string, string>) : String(item))) as FormValue;
  }
  if ('amount' in value) {
    const amount = (value.amount / 10 ** minor(value.currency)).toFixed(minor(value.currency));
    return value.currency === (def.settings.currency ?? 'RUB') ? amount : `${amount} ${value.currency}`;
  }
  return value.raw;
};

/** As the server takes it; null: nothing. */
export const fromForm = (def: FieldDef, value: FormValue): unknown => {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  if (value.length === 0) return null;
  if (def.type === 'file') return value.map(Number);
  return def.type === 'tags' ? String(value) : value;
};
