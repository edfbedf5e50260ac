import type { Knex } from 'knex';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { escapeLike } from '../core/db.ts';
import { fold } from '../core/words.ts';
import { momentOf } from '../core/zone.ts';
import { FieldType } from '../fields/contract.ts';
import type { FieldOperator, FieldValue } from '../fields/contract.ts';
import type { CatalogueField } from './contract.ts';
import { emailKey, numberBeginnings, sortKey, typedDigits } from './normalise.ts';
import type { NumberPlan } from './number-plan.ts';

/**
 * One condition of a filter on one field, as SQL over `clients c`. Numbers and texts of typed fields are looked up in client_values by index; an
 * operator or a value that does not fit the field is refused.
 */

export interface Condition {
  field: CatalogueField;
  op: FieldOperator;
  value: unknown;
  /** Few rows fit (see `hangingRows`): they are read first, instead of asking for each client whether one of them is theirs. */
  few?: boolean;
  /**
   * The clients are walked in the order of a list until a page is full: each is asked for its own rows. MariaDB would rather gather all rows that fit
   * first (of a value that a third of a million have: 100 ms a page instead of 2); a scalar is what it leaves where it is. To count, gathering is right.
   */
  walked?: boolean;
}
interface Context {
  fields: Deps['fields'];
  plan: NumberPlan;
  /** IANA: in which a day begins. */
  timeZone: string;
}
type Where = Knex.QueryBuilder;

const wrong = (key: string, code: string) =>
  new AppError('invalid', `filter ${key}: ${code}`, { issues: [{ path: `filter.${key}`, code }] });
const COMPARE: Partial<Record<FieldOperator, string>> = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };
/** Above every text that begins with the prefix. */
const above = (prefix: string): string => `${prefix}\u{10ffff}`;
const DAY_MS = 86_400_000;

const many = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Comparisons of one column with one or two values that are ready. */
const compare = (q: Where, column: string, op: FieldOperator, values: readonly (string | number)[]): void => {
  if (op === 'between') void q.where(column, '>=', values[0]!).where(column, '<=', values[1]!);
  else if (op === 'begins') void q.where(column, '>=', values[0]!).where(column, '<', above(String(values[0])));
  else if (op === 'contains') void q.whereRaw(`?? LIKE ? ESCAPE '!'`, [column, `%${escapeLike(String(values[0]))}%`]);
  else if (op === 'in') void q.whereIn(column, [...values]);
  else void q.where(column, COMPARE[op]!, values[0]!);
};

/** Rows of a table that hang on clients: which of them fit. `none`: the client must have none. */
interface Hanging {
  table: 'client_values' | 'phones' | 'emails';
  fill: (sub: Where) => void;
  none?: boolean;
}

const hangOn = (q: Where, { table, fill, none = false }: Hanging, { few = false, walked = false }: Condition): void => {
  const rows = (sub: Where, column: unknown) => {
    void sub.select(column as string).from(`${table} as v`);
    fill(sub);
  };
  if (few && !none) return void q.whereIn('c.id', ((sub: Where) => rows(sub, 'v.client_id')) as never);
  const theirs = (sub: Where) => {
    rows(sub, sub.client.raw('1'));
    void sub.whereRaw('v.client_id = c.id');
  };
  if (none) return void q.whereNotExists(theirs as never);
  if (!walked) return void q.whereExists(theirs as never);
  void q.where(1, ((sub: Where) => {
    theirs(sub);
    void sub.limit(1);
  }) as never);
};

const pair = (key: string, op: FieldOperator, value: unknown): unknown[] => {
  const values = many(value);
  if (values.length !== (op === 'between' ? 2 : 1)) throw wrong(key, 'wrong_count');
  return values;
};

/** The value as the index holds it; a formula is compared as whichever it looks like. */
const comparable = ({ field, op, value }: Condition, { fields }: Context): { column: 'text' | 'number'; values: (string | number)[] } => {
  const wanted = ['in', 'not-in', 'all-of'].includes(op) ? many(value) : pair(field.key, op, value);
  const type = FieldType.parse(field.type);
  const def = { type, settings: { ...(field.options ? { options: field.options } : {}), ...(field.to === 'department' ? {} : field.to ? { to: field.to } : {}) } }; // prettier-ignore
  if (
    ['begins', 'contains'].includes(op) ||
    ['tags', 'formula', 'accounts', 'messengers', 'inn', 'kpp', 'ogrn', 'address', 'text', 'email'].includes(type)
  ) {
    const texts = wanted.map((each) => z.union([z.string(), z.number()]).parse(each));
    const numeric = type === 'formula' && texts.every((each) => typeof each === 'number' || /^-?\d+(\.\d+)?$/.test(each));
    if (numeric) return { column: 'number', values: texts.map(Number) };
    const plain = ['inn', 'ogrn', 'accounts', 'phone'].includes(type) ? texts.map((each) => String(each).replace(/\D/g, '')) : texts;
    return { column: 'text', values: plain.map((each) => [...fold(String(each))].slice(0, 120).join('')) };
  }
  const read = wanted.map((each): FieldValue => {
    try {
      const found = fields.read(def, each);
      if (found === null) throw wrong(field.key, 'empty');
      return type === 'multi-list' && Array.isArray(found) ? (found[0] as string) : found;
    } catch (err) {
      const code = fields.faultOf(err);
      throw code === null ? err : wrong(field.key, code);
    }
  });
  const column = fields.comparedBy(type);
  return { column, values: read.map((each) => fields.indexRows(type, each)[0]![column]!) };
};

const typed = (condition: Condition, ctx: Context): Hanging[] => {
  const { field, op } = condition;
  const of = (sub: Where) => void sub.where('v.field', field.key);
  const row = (fill: Hanging['fill'], none = false): Hanging => ({ table: 'client_values', fill, none });
  if (op === 'empty' || op === 'filled') return [row(of, op === 'empty')];
  const { column, values } = comparable(condition, ctx);
  const with_ = (given: readonly (string | number)[], by: FieldOperator) => (sub: Where) => {
    of(sub);
    compare(sub, `v.${column}`, by, given);
  };
  if (op === 'all-of') return values.map((value) => row(with_([value], 'eq')));
  // What has none is not equal either.
  if (op === 'ne') return [row(with_(values, 'eq'), true)];
  if (op === 'not-in') return [row(with_(values, 'in'), true)];
  return [row(with_(values, op))];
};

const phones = ({ field, op, value }: Condition, { plan }: Context): Hanging[] => {
  if (op === 'empty' || op === 'filled') return [{ table: 'phones', fill: () => {}, none: op === 'empty' }];
  const digits = typedDigits(
    z
      .string()
      .max(60)
      .parse(pair(field.key, op, value)[0]),
  );
  if (!digits) throw wrong(field.key, 'not_a_phone');
  const beginnings = numberBeginnings(digits.digits, digits.international, plan);
  return [{ table: 'phones', fill: (sub) => void sub.where((either) => beginnings.forEach((b) => void either.orWhere((one) => compare(one, 'v.digits', op === 'eq' ? 'eq' : 'begins', [b]))))}]; // prettier-ignore
};

const emails = ({ field, op, value }: Condition): Hanging[] => {
  if (op === 'empty' || op === 'filled') return [{ table: 'emails', fill: () => {}, none: op === 'empty' }];
  const key = emailKey(
    z
      .string()
      .max(254)
      .parse(pair(field.key, op, value)[0]),
  );
  return [{ table: 'emails', fill: (sub) => compare(sub, 'v.address_key', op, [key]) }];
};

const COLUMNS: Readonly<Record<string, string>> = { owner: 'owner_id', department: 'department_id' };

/** The beginning of this day ("2026-03-01"), or a moment in epoch ms. `last`: the end of the day. */
const momentIn = (key: string, value: unknown, timeZone: string, last: boolean): number => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(value));
  if (!m) throw wrong(key, 'not_a_date');
  const begin = momentOf({ year: Number(m[1]), month: Number(m[2]), day: Number(m[3]), hour: 0, minute: 0 }, timeZone);
  return last ? begin + DAY_MS - 1 : begin;
};

const own = (q: Where, { field, op, value }: Condition, { timeZone }: Context): void => {
  const column = `c.${COLUMNS[field.key] ?? field.key}`;
  if (op === 'empty' || op === 'filled') {
    if (field.type === 'text') return void q.where(column, op === 'empty' ? '=' : '<>', '');
    return void (op === 'empty' ? q.whereNull(column) : q.whereNotNull(column));
  }
  if (field.key === 'roles') {
    const roles = many(value).map((role) => `%"${escapeLike(z.string().max(20).parse(role))}"%`);
    const like = (one: Where, pattern: string, not = '') => void one.whereRaw(`c.roles ${not} LIKE ? ESCAPE '!'`, [pattern]);
    if (op === 'in') void q.where((either) => roles.forEach((role) => void either.orWhere((one) => like(one, role))));
    else roles.forEach((role) => like(q, role, op === 'not-in' ? 'NOT' : ''));
    return;
  }
  if (op === 'in' || op === 'not-in') {
    const values = many(value).map((each) => (field.type === 'reference' ? z.coerce.number().int().parse(each) : z.string().max(60).parse(each))); // prettier-ignore
    if (op === 'in') return void q.whereIn(column, values);
    return void q.where((either) => void either.whereNotIn(column, values).orWhereNull(column));
  }
  const values = pair(field.key, op, value);
  if (field.type === 'moment') {
    const last = (i: number) => op === 'le' || op === 'gt' || (op === 'between' && i === 1);
    return compare(q, column, op, values.map((each, i) => momentIn(field.key, each, timeZone, last(i)))); // prettier-ignore
  }
  const text = z.string().max(200).parse(values[0]);
  // The name has a folded column with an index; the others are compared as they are written.
  if (field.key === 'name') return compare(q, 'c.sort_key', op, [sortKey(text)]);
  compare(q, column, op, [text]);
};

const hanging = (condition: Condition, ctx: Context): Hanging[] | null => {
  if (!condition.field.own) return typed(condition, ctx);
  if (condition.field.type === 'phones') return phones(condition, ctx);
  return condition.field.type === 'emails' ? emails(condition) : null;
};

/** @throws AppError invalid when field, operator and value do not fit one another */
const fitting = <T>({ field, op }: Condition, read: () => T): T => {
  if (!field.operators.includes(op)) throw wrong(field.key, 'no_such_operator');
  try {
    return read();
  } catch (err) {
    if (err instanceof z.ZodError) throw wrong(field.key, 'wrong_value');
    throw err;
  }
};

/**
 * The rows by which the condition finds its clients, to be counted beforehand; null: it is asked of the card itself, or of what is not there.
 * @throws as whereField
 */
export const hangingRows = (db: Knex, condition: Condition, ctx: Context): Knex.QueryBuilder | null => {
  const [one, ...more] = fitting(condition, () => hanging(condition, ctx)) ?? [];
  if (!one || more.length > 0 || one.none) return null;
  const rows = db(`${one.table} as v`);
  one.fill(rows);
  return rows;
};

/**
 * Adds the condition to a query over `clients as c`. Use inside where((one) => …) to join several by and/or.
 * @throws AppError invalid when field, operator and value do not fit one another
 */
export const whereField = (q: Where, condition: Condition, ctx: Context): void =>
  fitting(condition, () => {
    const rows = hanging(condition, ctx);
    if (rows === null) return own(q, condition, ctx);
    rows.forEach((each) => hangOn(q, each, condition));
  });
