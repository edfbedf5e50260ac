import type { ClientReply, Stage } from '../../../server/clients/contract.ts';
import type { Take } from '../../../server/duplicates/contract.ts';
import type { FieldDef, FieldValue } from '../../../server/fields/contract.ts';
import { locale } from '../../core/i18n.ts';
import { formatNumber } from '../../core/numbers.ts';
import { c } from '../card-strings.ts';
import { t as words } from '../strings.ts';
import { fieldsOf, labelOf, mayWrite, valueWords } from '../typed.ts';

/** Two cards, field by field. Pure. */

export type Side = 'one' | 'other';
export type Choice = Side | 'both';

/** An entry of a list, on one of the cards or on both. key: as the server knows it. */
export interface Item {
  key: string;
  text: string;
}

export interface Row {
  key: string;
  label: string;
  one: string;
  other: string;
  /** Lists and notes of both may be kept. */
  joins: boolean;
  /** There is something to choose. */
  differs: boolean;
  start: Choice;
  /** Of a list: what each card holds, to be kept or left out one by one. */
  items: Record<Side, readonly Item[]> | null;
}

const lines = (items: readonly string[]) => items.join('\n');

const numberOf = ({ raw, e164, extension }: ClientReply['client']['phones'][number]) =>
  e164 ? `${e164}${extension ? `x${extension}` : ''}` : raw;
const entriesOf = (value: FieldValue | undefined): readonly unknown[] => (Array.isArray(value) ? value : []);
const nameOf = (item: unknown) => (typeof item === 'string' ? item : JSON.stringify(item));

/** Fields in which at least one of the cards holds something. `survivor`: whose values stand where nobody chose. */
export const rowsOf = (
  one: ClientReply,
  other: ClientReply,
  survivor: Side,
  defs: readonly FieldDef[],
  stages: readonly Stage[],
): Row[] => {
  const row = (key: string, label: string, a: string, b: string, joins = false, items: Row['items'] = null): Row => {
    const [mine, theirs] = survivor === 'one' ? [a, b] : [b, a];
    const away: Side = survivor === 'one' ? 'other' : 'one';
    const start = joins ? 'both' : mine === '' && theirs !== '' ? away : survivor;
    return { key, label, one: a, other: b, joins, differs: a !== b, start, items };
  };
  const own = (key: string, read: (reply: ClientReply) => string, joins = false, label = words().fields[key] ?? key) =>
    row(key, label, read(one), read(other), joins);
  const list = (key: string, read: (reply: ClientReply) => readonly Item[], label = words().fields[key] ?? key): Row => {
    const [a, b] = [read(one), read(other)];
    return row(key, label, lines(a.map(({ text }) => text)), lines(b.map(({ text }) => text)), true, { one: a, other: b });
  };
  const stageWords = (code: string) => stages.find((s) => s.code === code)?.label[locale.get()] ?? code;
  const typed = fieldsOf(defs, one.client.kind).filter(mayWrite).map((def) => {
    const [a, b] = [one.client.custom[def.key], other.client.custom[def.key]];
    const text = (reply: ClientReply, value: typeof a) => (value === undefined ? '' : valueWords(def, value, reply.refs));
    const key = `custom.${def.key}`;
    if (!Array.isArray(a) || !Array.isArray(b)) return row(key, labelOf(def), text(one, a), text(other, b));
    const items = (reply: ClientReply) => entriesOf(reply.client.custom[def.key]).map((item) => ({ key: nameOf(item), text: valueWords(def, [item] as FieldValue, reply.refs) }));
    return list(key, items, labelOf(def));
  }); // prettier-ignore
  return [
    own('name', ({ client }) => client.name),
    own('company', ({ client }) => client.company),
    own('position', ({ client }) => client.position),
    list('phones', ({ client }) => client.phones.map((p) => ({ key: numberOf(p), text: p.e164 ? `${formatNumber(p.e164)}${p.extension ? ` → ${p.extension}` : ''}` : p.raw }))), // prettier-ignore
    list('emails', ({ client }) => client.emails.map(({ address }) => ({ key: address.trim().toLowerCase(), text: address }))),
    own('owner', ({ client }) => client.owner?.name ?? ''),
    own('stage', ({ client }) => stageWords(client.stage)),
    list('roles', ({ client }) => client.roles.map((role) => ({ key: role, text: words().roles[role] ?? role })), c().roles),
    ...typed,
    own('note', ({ client }) => client.note, true),
  ].filter(({ one: a, other: b }) => a !== '' || b !== '');
};

/** As the server takes it. `leftOut`: by row, the entries of lists that are not kept. */
export const takeOf = (
  rows: readonly Row[],
  chosen: Readonly<Record<string, Choice>>,
  leftOut: Readonly<Record<string, readonly string[]>>,
  survivor: Side,
): Take =>
  Object.fromEntries(
    rows
      .filter(({ differs }) => differs)
      .map(({ key, start, items }) => {
        if (items) return [key, [...items.one, ...items.other].map((item) => item.key).filter((item) => !leftOut[key]?.includes(item))];
        const choice = chosen[key] ?? start;
        return [key, choice === 'both' ? 'both' : choice === survivor ? 'survivor' : 'merged'];
      }),
  );
