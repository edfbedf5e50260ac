import type { Core, Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { checkField, freeKey, tryFormula } from './check.ts';
import {
  FieldArchiving,
  FieldDraft,
  FieldEdit,
  FieldKey,
  FieldLayout,
  FieldList,
  FieldReply,
  FormulaResult,
  FormulaTrial,
} from './contract.ts';
import type { FieldDef } from './contract.ts';
import { computed } from './compute.ts';
import { fieldsOf, knowsToday, parseFormula } from './formula.ts';
import { fieldPolicy } from './policy.ts';
import { beginDay, fieldsToIndex, indexedUpTo, insertField, placeField, readFields, updateField } from './queries.ts';
import { OPERATORS, comparedBy, indexRows, searchText, valueText } from './shape.ts';
import { FieldFault, readValue } from './values.ts';

const MOST_FIELDS = 500;

/** What the features whose cards hold these fields are handed. */
export const fieldsDeps = ({ config, now }: Pick<Core, 'config' | 'now'>): Pick<Deps, 'fields'> => ({
  fields: {
    list: readFields,
    mayRead: fieldPolicy.read,
    mayWrite: fieldPolicy.write,
    read: (def, raw) => readValue(def, raw, { country: config.defaultCountry }),
    faultOf: (err) => (err instanceof FieldFault ? err.code : null),
    computed: (defs, custom, facts) => computed(defs, custom, facts, new Date(now()).toISOString().slice(0, 10)),
    indexRows,
    searchText,
    text: valueText,
    operators: (type) => OPERATORS[type],
    comparedBy,
    toIndex: fieldsToIndex,
    indexedUpTo,
    async beginDay(db) {
      const daily = (await readFields(db)).filter(
        ({ type, archivedAt, settings }) => type === 'formula' && archivedAt === null && knowsToday(parseFormula(settings.expression!)),
      );
      await beginDay(db, daily.map(({ key }) => key), Math.floor(now() / 86_400_000)); // prettier-ignore
    },
  },
});

/** /api/fields */
export const fieldsFeature = (deps: Pick<Deps, 'db' | 'audit' | 'now' | 'bus' | 'fieldUses'>): Feature => {
  const { db, now } = deps;
  const find = (all: readonly FieldDef[], key: string): FieldDef => {
    const found = all.find((each) => each.key === key);
    if (!found) throw new AppError('not_found', 'no such field');
    return found;
  };
  const list = async (actor: Actor) => {
    const items = (await readFields(db)).filter((def) => fieldPolicy.read(actor, def));
    return { items, can: { edit: fieldPolicy.edit(actor) } };
  };
  const changed = () => deps.bus.emit('fields.changed', {});

  return {
    routes: [
      route({
        method: 'get',
        path: '/fields',
        summary: 'What a card may hold beside name, phones and e-mails: the typed fields',
        reply: FieldList,
        can: signedIn,
        handle: ({ actor }) => list(actor),
      }),
      route({
        method: 'post',
        path: '/fields',
        summary: 'A new field; it is at once on the card, in filters, imports, exports and the API',
        body: FieldDraft,
        reply: FieldReply,
        status: 201,
        can: fieldPolicy.edit,
        async handle({ body: { key, ...draft }, actor }) {
          const field = await inTransaction(db, async (trx) => {
            const all = await readFields(trx);
            if (all.length >= MOST_FIELDS) throw new AppError('conflict', 'too many fields', { reason: 'too_many' });
            if (key !== undefined && freeKey(key, all) !== key) throw new AppError('conflict', 'the key is taken', { reason: 'key_taken' });
            const last = (kind: 'company' | 'person') => Math.max(0, ...all.map(({ position }) => position[kind])) + 10;
            const position = { company: last('company'), person: last('person') };
            const def: FieldDef = { ...draft, key: key ?? freeKey(draft.label.en || draft.label.ru, all), position, shipped: false, archivedAt: null }; // prettier-ignore
            checkField(def, all);
            await insertField(trx, def, now());
            await deps.audit(trx, { actorId: actor.id, what: 'field.created', table: 'field_defs', rowId: def.key, details: draft });
            return def;
          });
          changed();
          return { field };
        },
      }),
      route({
        method: 'patch',
        path: '/fields/:key',
        summary: 'Changes a field; its key and type never change',
        params: FieldKey,
        body: FieldEdit,
        reply: FieldReply,
        can: fieldPolicy.edit,
        async handle({ params, body, actor }) {
          const field = await inTransaction(db, async (trx) => {
            const all = await readFields(trx);
            const before = find(all, params.key);
            const after: FieldDef = { ...before, ...(body as Partial<FieldDef>) };
            checkField(after, all, before);
            const reread = after.searchable !== before.searchable || after.settings.expression !== before.settings.expression;
            await updateField(trx, after, reread);
            const held = Object.fromEntries(Object.keys(body).map((name) => [name, before[name as keyof FieldDef]]));
            await deps.audit(trx, { actorId: actor.id, what: 'field.edited', table: 'field_defs', rowId: before.key, details: { before: held, after: body } }); // prettier-ignore
            return after;
          });
          changed();
          return { field };
        },
      }),
      route({
        method: 'post',
        path: '/fields/:key/archive',
        summary: 'Takes a field off the forms, or puts it back; cards keep what it held',
        params: FieldKey,
        body: FieldArchiving,
        reply: FieldReply,
        can: fieldPolicy.edit,
        async handle({ params: { key }, body: { archived, force }, actor }) {
          const uses = archived ? await deps.fieldUses(key) : [];
          if (uses.length > 0 && !force) throw new AppError('conflict', 'the field is used', { reason: 'used', uses });
          const field = await inTransaction(db, async (trx) => {
            const before = find(await readFields(trx), key);
            const after = { ...before, archivedAt: archived ? (before.archivedAt ?? now()) : null };
            await updateField(trx, after, after.type === 'formula' && !archived);
            await deps.audit(trx, { actorId: actor.id, what: archived ? 'field.archived' : 'field.restored', table: 'field_defs', rowId: key, details: { uses } }); // prettier-ignore
            return after;
          });
          changed();
          return { field };
        },
      }),
      route({
        method: 'put',
        path: '/fields/layout',
        summary: "The order and the sections of one kind's form",
        body: FieldLayout,
        reply: FieldList,
        can: fieldPolicy.edit,
        async handle({ body: { kind, items }, actor }) {
          await inTransaction(db, async (trx) => {
            const all = await readFields(trx);
            const named = new Map(items.map((item) => [item.key, item.section]));
            for (const key of named.keys()) find(all, key);
            const rest = all.filter(({ key }) => !named.has(key)).sort((a, b) => a.position[kind] - b.position[kind]);
            const order = [...named.keys(), ...rest.map(({ key }) => key)];
            for (const [i, key] of order.entries()) await placeField(trx, key, { kind, position: (i + 1) * 10, section: named.get(key) ?? find(all, key).section }); // prettier-ignore
            await deps.audit(trx, { actorId: actor.id, what: 'fields.laid-out', table: 'field_defs', details: { kind, order } });
          });
          changed();
          return list(actor);
        },
      }),
      route({
        method: 'post',
        path: '/fields/try',
        summary: 'What a formula comes to with these values',
        body: FormulaTrial,
        reply: FormulaResult,
        can: fieldPolicy.edit,
        handle: async ({ body }) => tryFormula(body.expression, body.values, await readFields(db), now()),
      }),
    ],
  };
};

/** From fields: the formulas that read this one. */
export const formulasWith = async (db: Core['db'], key: string): Promise<{ what: 'formula'; name: string }[]> =>
  (await readFields(db))
    .filter(
      ({ type, archivedAt, settings }) =>
        type === 'formula' && archivedAt === null && fieldsOf(parseFormula(settings.expression!)).has(key),
    )
    .map(({ label }) => ({ what: 'formula', name: label.ru }));
