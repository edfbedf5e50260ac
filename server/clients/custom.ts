import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import type { Change } from '../core/changes.ts';
import { AppError } from '../core/errors.ts';
import type { FieldDef, FieldValue } from '../fields/contract.ts';
import type { Client } from './contract.ts';

/** The typed fields of a card: what was brought becomes what is stored, by the one normaliser that all ways in share. */

type Custom = Client['custom'];
/** What formulas see of the card itself. */
export type CardBasics = Pick<Client, 'kind' | 'name' | 'company' | 'position' | 'stage' | 'createdAt'>;

export interface ValueRow {
  field: string;
  text: string | null;
  number: number | null;
}

/** Everything that hangs on a card's typed fields, ready to be written. */
export interface Prepared {
  custom: Custom;
  changes: Pick<Change, 'field' | 'before' | 'after'>[];
  index: ValueRow[];
  /** For the search box. */
  words: string[];
}

export interface Issue {
  key: string;
  code: string;
}

type Fields = Deps['fields'];

const factsOf = (card: CardBasics) => ({
  kind: card.kind,
  name: card.name,
  company: card.company,
  position: card.position,
  stage: card.stage,
  created_on: new Date(card.createdAt).toISOString().slice(0, 10),
});

const MOST_BYTES = 60_000;

const live = (defs: readonly FieldDef[]) => defs.filter(({ archivedAt }) => archivedAt === null);

/** With what formulas come to. */
export const withComputed = (fields: Fields, defs: readonly FieldDef[], card: CardBasics, custom: Custom): Custom => ({
  ...custom,
  ...fields.computed(defs, custom, factsOf(card)),
});

/** Rows of client_values, and words, as they follow from what is stored. */
export const derived = (fields: Fields, defs: readonly FieldDef[], card: CardBasics, custom: Custom): Pick<Prepared, 'index' | 'words'> => {
  const all = withComputed(fields, defs, card, custom);
  const held = live(defs).flatMap((def) => (all[def.key] === undefined ? [] : [{ def, value: all[def.key]! }]));
  return {
    index: held.flatMap(({ def, value }) => fields.indexRows(def.type, value).map((row) => ({ field: def.key, ...row }))),
    words: held.filter(({ def }) => def.searchable).map(({ value }) => fields.searchText(value)),
  };
};

const same = (a: FieldValue | null, b: FieldValue | null) => JSON.stringify(a) === JSON.stringify(b);

/** Fields that this card must have at its stage and has not. */
export const missingFields = (defs: readonly FieldDef[], card: Pick<Client, 'kind' | 'stage'>, custom: Custom): string[] =>
  live(defs)
    .filter(
      ({ kinds, required }) =>
        kinds.includes(card.kind) && required.some(({ kind, stage }) => kind === card.kind && (stage === null || stage === card.stage)),
    ) // prettier-ignore
    .filter(({ key }) => custom[key] === undefined)
    .map(({ key }) => key);

/**
 * What `given` makes of the card's fields. Nothing is written.
 * @param actor who brings it; null: the program itself, which may write every field
 * @returns what to write, and what cannot be written and why: the caller refuses it, or leaves those fields out
 */
export const prepareCustom = (
  fields: Fields,
  defs: readonly FieldDef[],
  card: CardBasics,
  { given, before, actor }: { given: Readonly<Record<string, unknown>>; before: Custom; actor: Pick<Actor, 'role'> | null },
): { prepared: Prepared; issues: Issue[] } => {
  const issues: Issue[] = [];
  const custom: Custom = { ...before };
  const changes: Prepared['changes'] = [];
  for (const [key, raw] of Object.entries(given)) {
    const def = defs.find((each) => each.key === key);
    if (!def || def.archivedAt !== null) issues.push({ key, code: 'no_such_field' });
    else if (actor && !fields.mayWrite(actor, def)) issues.push({ key, code: 'forbidden' });
    else {
      const held = before[key] ?? null;
      let value: FieldValue | null;
      try {
        value = fields.read(def, raw);
      } catch (err) {
        const code = fields.faultOf(err);
        if (code === null) throw err;
        issues.push({ key, code });
        continue;
      }
      if (value !== null && !def.kinds.includes(card.kind)) {
        issues.push({ key, code: 'not_of_this_kind' });
        continue;
      }
      if (same(value, held)) continue;
      if (value === null) delete custom[key];
      else custom[key] = value;
      changes.push({ field: key, before: held, after: value });
    }
  }
  // The column of MySQL holds 64 KiB.
  if (Buffer.byteLength(JSON.stringify(custom)) > MOST_BYTES)
    issues.push(...changes.filter(({ after }) => after !== null).map(({ field }) => ({ key: field, code: 'too_long' })));
  return { prepared: { custom, changes, ...derived(fields, defs, card, custom) }, issues };
};

/** @throws AppError invalid naming each field */
export const refuse = (issues: readonly Issue[]): void => {
  if (issues.length === 0) return;
  throw new AppError('invalid', `fields: ${issues.map(({ key, code }) => `${key} ${code}`).join(', ')}`, {
    issues: issues.map(({ key, code }) => ({ path: `body.custom.${key}`, code })),
  });
};

/** Makes client_values hold exactly these rows of the client. */
export const replaceValues = async (trx: Knex, clientId: number, rows: readonly ValueRow[]): Promise<void> => {
  await trx('client_values').where({ client_id: clientId }).delete();
  if (rows.length > 0) await trx('client_values').insert(rows.map((row) => ({ client_id: clientId, ...row })));
};

/** Of a card, what this actor may read. */
export const readableCustom = (fields: Fields, defs: readonly FieldDef[], actor: Pick<Actor, 'role'>, custom: Custom): Custom =>
  Object.fromEntries(
    Object.entries(custom).filter(([key]) => {
      const def = defs.find((each) => each.key === key);
      return def !== undefined && fields.mayRead(actor, def);
    }),
  );
