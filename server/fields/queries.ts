import type { Knex } from 'knex';
import { FieldDef } from './contract.ts';

interface Row {
  field: string;
  type: string;
  label_ru: string;
  label_en: string;
  hint: string;
  kinds: string;
  section: string;
  position_company: number;
  position_person: number;
  required: string;
  settings: string;
  searchable: boolean | number;
  read_roles: string;
  write_roles: string;
  shipped: boolean | number;
  created_at: number;
  archived_at: number | null;
  indexing_from: number | null;
  indexed_day: number | null;
}

const fromRow = (row: Row): FieldDef =>
  FieldDef.parse({
    key: row.field,
    type: row.type,
    label: { ru: row.label_ru, en: row.label_en },
    hint: row.hint,
    kinds: JSON.parse(row.kinds),
    section: row.section,
    position: { company: row.position_company, person: row.position_person },
    required: JSON.parse(row.required),
    settings: JSON.parse(row.settings),
    searchable: Boolean(row.searchable),
    readRoles: JSON.parse(row.read_roles),
    writeRoles: JSON.parse(row.write_roles),
    shipped: Boolean(row.shipped),
    archivedAt: row.archived_at === null ? null : Number(row.archived_at),
  });

/** All, the archived ones too, in the order of a company's form. */
export const readFields = async (db: Knex): Promise<FieldDef[]> =>
  ((await db('field_defs').orderBy(['position_company', 'id'])) as Row[]).map(fromRow);

const columns = (def: FieldDef) => ({
  label_ru: def.label.ru,
  label_en: def.label.en,
  hint: def.hint,
  kinds: JSON.stringify(def.kinds),
  section: def.section,
  required: JSON.stringify(def.required),
  settings: JSON.stringify(def.settings),
  searchable: def.searchable,
  read_roles: JSON.stringify(def.readRoles),
  write_roles: JSON.stringify(def.writeRoles),
  archived_at: def.archivedAt,
});

export const insertField = async (trx: Knex, def: FieldDef, now: number): Promise<void> => {
  await trx('field_defs').insert({
    ...columns(def),
    field: def.key,
    type: def.type,
    position_company: def.position.company,
    position_person: def.position.person,
    shipped: def.shipped,
    created_at: now,
    // A formula has something to say of the cards that are there already.
    indexing_from: def.type === 'formula' ? 0 : null,
  });
};

/** `reread`: all cards must be read anew for it. */
export const updateField = async (trx: Knex, def: FieldDef, reread: boolean): Promise<void> => {
  await trx('field_defs')
    .where({ field: def.key })
    .update({ ...columns(def), ...(reread ? { indexing_from: 0 } : {}) });
};

export const placeField = async (
  trx: Knex,
  key: string,
  place: { kind: 'company' | 'person'; position: number; section?: string },
): Promise<void> => {
  const column = place.kind === 'company' ? 'position_company' : 'position_person';
  await trx('field_defs')
    .where({ field: key })
    .update({ [column]: place.position, ...(place.section === undefined ? {} : { section: place.section }) });
};

/** Fields whose cards are still to be read anew, with the id up to which that is done. */
export const fieldsToIndex = async (db: Knex): Promise<{ key: string; from: number }[]> =>
  ((await db('field_defs').whereNotNull('indexing_from').select('field', 'indexing_from')) as Pick<Row, 'field' | 'indexing_from'>[]).map(
    (row) => ({ key: row.field, from: row.indexing_from! }),
  );

/** `from` null: done. Not written over when the field was changed meanwhile (it then begins again at 0). */
export const indexedUpTo = async (db: Knex, keys: readonly { key: string; from: number }[], next: number | null): Promise<void> => {
  for (const { key, from } of keys) await db('field_defs').where({ field: key, indexing_from: from }).update({ indexing_from: next });
};

/** Formulas that know what day it is begin anew each day. */
export const beginDay = async (db: Knex, keys: readonly string[], day: number): Promise<void> => {
  await db('field_defs')
    .whereIn('field', [...keys])
    .whereNull('indexing_from')
    .where((q) => q.whereNull('indexed_day').orWhere('indexed_day', '<', day))
    .update({ indexing_from: 0, indexed_day: day });
};
