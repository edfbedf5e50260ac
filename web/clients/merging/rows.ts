import type { ClientReply, Stage } from '../../../server/clients/contract.ts';
import type { Take } from '../../../server/duplicates/contract.ts';
import type { FieldDef } from '../../../server/fields/contract.ts';
import { locale } from '../../core/i18n.ts';
import { formatNumber } from '../../core/numbers.ts';
import { c } from '../card-strings.ts';
import { t as words } from '../strings.ts';
import { fieldsOf, labelOf, mayWrite, valueWords } from '../typed.ts';

/** Two cards, field by field. Pure. */

export type Side = 'one' | 'other';
export type Choice = Side | 'both';

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
}

const lines = (items: readonly string[]) => items.join('\n');

/** Fields in which at least one of the cards holds something. `survivor`: whose values stand where nobody chose. */
export const rowsOf = (
  one: ClientReply,
  other: ClientReply,
  survivor: Side,
  defs: readonly FieldDef[],
  stages: readonly Stage[],
): Row[] => {
  const row = (key: string, label: string, a: string, b: string, joins = false): Row => {
    const [mine, theirs] = survivor === 'one' ? [a, b] : [b, a];
    const away: Side = survivor === 'one' ? 'other' : 'one';
    const start = joins ? 'both' : mine === '' && theirs !== '' ? away : survivor;
    return { key, label, one: a, other: b, joins, differs: a !== b, start };
  };
  const own = (key: string, read: (reply: ClientReply) => string, joins = false, label = words().fields[key] ?? key) =>
    row(key, label, read(one), read(other), joins);
  const stageWords = (code: string) => stages.find((s) => s.code === code)?.label[locale.get()] ?? code;
  const typed = fieldsOf(defs, one.client.kind).filter(mayWrite).map((def) => {
    const [a, b] = [one.client.custom[def.key], other.client.custom[def.key]];
    const text = (reply: ClientReply, value: typeof a) => (value === undefined ? '' : valueWords(def, value, reply.refs));
    return row(`custom.${def.key}`, labelOf(def), text(one, a), text(other, b), Array.isArray(a) && Array.isArray(b));
  }); // prettier-ignore
  return [
    own('name', ({ client }) => client.name),
    own('company', ({ client }) => client.company),
    own('position', ({ client }) => client.position),
    own('phones', ({ client }) => lines(client.phones.map((p) => (p.e164 ? formatNumber(p.e164) : p.raw))), true),
    own('emails', ({ client }) => lines(client.emails.map((e) => e.address)), true),
    own('owner', ({ client }) => client.owner?.name ?? ''),
    own('stage', ({ client }) => stageWords(client.stage)),
    own('roles', ({ client }) => client.roles.map((role) => words().roles[role] ?? role).join(', '), true, c().roles),
    ...typed,
    own('note', ({ client }) => client.note, true),
  ].filter(({ one: a, other: b }) => a !== '' || b !== '');
};

/** As the server takes it. */
export const takeOf = (rows: readonly Row[], chosen: Readonly<Record<string, Choice>>, survivor: Side): Take =>
  Object.fromEntries(
    rows
      .filter(({ differs }) => differs)
      .map(({ key, start }) => {
        const choice = chosen[key] ?? start;
        return [key, choice === 'both' ? 'both' : choice === survivor ? 'survivor' : 'merged'];
      }),
  );
