import { z } from 'zod';
import { tidyAddress } from '../core/address.ts';
import { parsePhone } from '../core/phone.ts';
import { readAccount, readBik, readInn, readKpp, readOgrn } from '../core/requisites.ts';
import { fold } from '../core/words.ts';
import { Messenger } from './contract.ts';
import type { FieldDef, FieldType, FieldValue } from './contract.ts';
import { minorDigits, readAmount, readCurrency, readDate, readNumber, splitList, tidyLine, tidyLines } from './read.ts';

/**
 * What each type of field takes in, whoever brings it: the form, an import's cell, the API. Pure. Everything is taken as text too, so that a cell needs
 * no knowledge of the type.
 */

/** `code` is one of a closed set that the browser words. */
export class FieldFault extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export interface ReadContext {
  /** ISO 3166: where a number without a country code is. */
  country: string;
}

type Def = Pick<FieldDef, 'type' | 'settings'>;
type Read = (raw: unknown, def: Def, ctx: ReadContext) => FieldValue | null;

const MOST_TEXT = 4_000;
const MOST_IN_LIST = 50;

const asText = (raw: unknown, max: number): string => {
  if (typeof raw === 'number' && Number.isFinite(raw)) return String(raw);
  if (typeof raw !== 'string') throw new FieldFault('not_text');
  if (raw.length > max) throw new FieldFault('too_long');
  return raw;
};
const line = (raw: unknown, max = 200): string | null => tidyLine(asText(raw, max)) || null;
const list = (raw: unknown): unknown[] => {
  const items = Array.isArray(raw) ? (raw as unknown[]) : splitList(asText(raw, MOST_TEXT));
  if (items.length > MOST_IN_LIST) throw new FieldFault('too_many');
  return items;
};

/** A code, or the label in either language. */
const option = (raw: unknown, { settings }: Def): string => {
  const typed = line(raw, 100);
  const found = settings.options?.find(
    ({ code, label }) => code === typed || [label.ru, label.en].some((words) => typed !== null && fold(words) === fold(typed)),
  );
  if (!found) throw new FieldFault('no_such_option');
  return found.code;
};

const number: Read = (raw, { settings }) => {
  const value = typeof raw === 'number' ? raw : readNumber(asText(raw, 60));
  if (value === null || !Number.isFinite(value) || Math.abs(value) > 1e15) throw new FieldFault('not_a_number');
  const rounded = settings.decimals === undefined ? value : Number(value.toFixed(settings.decimals));
  if (rounded < (settings.min ?? -Infinity)) throw new FieldFault('too_small');
  if (rounded > (settings.max ?? Infinity)) throw new FieldFault('too_big');
  return rounded;
};

const Money = z.object({ amount: z.number().int().safe(), currency: z.string().regex(/^[A-Z]{3}$/) });
const money: Read = (raw, { settings }) => {
  const usual = settings.currency ?? 'RUB';
  if (typeof raw === 'object') {
    const given = Money.safeParse(raw);
    if (!given.success) throw new FieldFault('not_money');
    return given.data;
  }
  const text = asText(raw, 60);
  const { currency, rest } = readCurrency(text, usual);
  const amount = readAmount(rest, minorDigits(currency));
  if (amount === null) throw new FieldFault('not_money');
  return { amount, currency };
};

const Account = z.object({ account: z.string().max(60), bik: z.string().max(30), bank: z.string().max(200).default('') });
const accounts: Read = (raw) =>
  list(raw).map((item) => {
    // As text: "40702810900000002851 044525225 Сбербанк"
    const parts = typeof item === 'string' ? /^\s*([\d\s]{20,30}?)[\s/,]+(\d{9})(?:[\s/,]+(.*))?$/.exec(item) : null;
    const given = Account.safeParse(parts ? { account: parts[1], bik: parts[2], bank: parts[3] ?? '' } : item);
    if (!given.success) throw new FieldFault('not_an_account');
    const bik = readBik(given.data.bik);
    if (bik === null) throw new FieldFault('not_a_bik');
    const account = readAccount(given.data.account, bik);
    if (account === null) throw new FieldFault('not_an_account');
    return { account, bik, bank: tidyLine(given.data.bank) };
  });

const Handle = z.object({ kind: Messenger, handle: z.string().max(100) });
const MESSENGER = /^\s*(telegram|whatsapp|viber|vk|max|skype|other)\s*[: ]\s*(.+)$/i;
const messengers: Read = (raw) =>
  list(raw).map((item) => {
    const parts = typeof item === 'string' ? MESSENGER.exec(item) : null;
    const named = parts ? { kind: parts[1]!.toLowerCase(), handle: parts[2] } : typeof item === 'string' ? { kind: 'other', handle: item } : item; // prettier-ignore
    const given = Handle.safeParse(named);
    const handle = given.success ? tidyLine(given.data.handle).replace(/^(?:https?:\/\/)?(?:t\.me|vk\.com|wa\.me)\//i, '') : '';
    if (!given.success || handle === '') throw new FieldFault('not_a_messenger');
    return { kind: given.data.kind, handle };
  });

const phone: Read = (raw, _, { country }) => {
  const typed = line(typeof raw === 'object' && raw !== null ? (raw as { raw?: unknown }).raw : raw, 60);
  if (typed === null) return null;
  const { e164, extension, digits } = parsePhone(typed, country);
  if (digits === '') throw new FieldFault('not_a_phone');
  return { raw: typed, e164, extension };
};

const address: Read = (raw) => {
  const typed = line(typeof raw === 'object' && raw !== null ? (raw as { raw?: unknown }).raw : raw, 500);
  return typed === null ? null : { raw: typed, text: tidyAddress(typed) };
};

const reading =
  (read: (text: string) => string | null, code: string): Read =>
  (raw) => {
    const typed = line(raw, 100);
    if (typed === null) return null;
    const value = read(typed);
    if (value === null) throw new FieldFault(code);
    return value;
  };

const ids: Read = (raw) => {
  const given = z.array(z.number().int().positive().safe()).max(MOST_IN_LIST).safeParse(raw);
  if (!given.success) throw new FieldFault('not_a_file');
  return [...new Set(given.data)];
};

const READ: Record<Exclude<FieldType, 'formula'>, Read> = {
  text: (raw, { settings }) => (settings.lines ? tidyLines(asText(raw, MOST_TEXT)) || null : line(raw, 1_000)),
  number,
  money,
  date: reading(readDate, 'not_a_date'),
  list: option,
  'multi-list': (raw, def) => [...new Set(list(raw).map((item) => option(item, def)))],
  tags: (raw) => [...new Map(list(raw).flatMap((item) => { const tag = line(item, 60); return tag ? [[fold(tag), tag] as const] : []; })).values()], // prettier-ignore
  reference: (raw) => {
    const id = typeof raw === 'string' ? Number(raw.replace(/^#/, '')) : raw;
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0) throw new FieldFault('not_a_reference');
    return id;
  },
  phone,
  email: reading((text) => (z.email().max(254).safeParse(text).success ? text : null), 'not_an_email'),
  address,
  file: ids,
  inn: reading(readInn, 'not_an_inn'),
  kpp: reading(readKpp, 'not_a_kpp'),
  ogrn: reading(readOgrn, 'not_an_ogrn'),
  accounts,
  messengers,
};

/**
 * What is stored of what was brought; null for nothing (null, empty text, an empty list).
 * @throws FieldFault when it is no value of this type
 */
export const readValue = (def: Def, raw: unknown, ctx: ReadContext): FieldValue | null => {
  if (raw === null || raw === undefined || (typeof raw === 'string' && raw.trim() === '')) return null;
  if (Array.isArray(raw) && raw.length === 0) return null;
  if (def.type === 'formula') throw new FieldFault('computed');
  const value = READ[def.type](raw, def, ctx);
  return Array.isArray(value) && value.length === 0 ? null : value;
};
