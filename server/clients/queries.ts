import type { Knex } from 'knex';
import type { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { parsePhone } from '../core/phone.ts';
import { emailRow, phoneRow, saveEmails, savePhones, saveWords } from './contacts.ts';
import { ClientKind, ClientRole } from './contract.ts';
import type { Client, ClientBrief, ClientDraft } from './contract.ts';
import { cleanLine, cleanText, sortKey } from './normalise.ts';

interface Row {
  id: number;
  kind: string;
  roles: string;
  name: string;
  sort_key: string;
  stage: string;
  company: string;
  position: string;
  note: string;
  owner_id: number | null;
  department_id: number | null;
  version: number;
  created_at: number;
  updated_at: number;
  archived_at: number | null;
}

/** As the tables have it: whose name stands behind the owner's id, users know. */
export type StoredClient = Omit<Client, 'owner'> & { ownerId: number | null };

export const findClient = async (db: Knex, id: number): Promise<StoredClient | null> => {
  const row = (await db('clients').where({ id }).first()) as Row | undefined;
  if (!row) return null;
  const phones = (await db('phones')
    .select('id', 'raw', 'e164', 'extension', 'purpose')
    .where({ client_id: id })
    .orderBy('ordinal')) as Client['phones'];
  const emails = (await db('emails').select('id', 'address').where({ client_id: id }).orderBy('ordinal')) as Client['emails'];
  return {
    id: row.id,
    kind: ClientKind.parse(row.kind),
    name: row.name,
    roles: ClientRole.array().parse(JSON.parse(row.roles)),
    stage: row.stage,
    company: row.company,
    position: row.position,
    note: row.note,
    ownerId: row.owner_id,
    departmentId: row.department_id,
    phones: [...phones],
    emails: [...emails],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
    archivedAt: row.archived_at,
  };
};

type Draft = z.output<typeof ClientDraft>;

/** @throws AppError invalid when nothing that can be read is left of the name */
const cleanName = (name: string): string => {
  const clean = cleanLine(name);
  if (clean === '') throw new AppError('invalid', 'a name without a letter', { issues: [{ path: 'body.name', code: 'too_small' }] });
  return clean;
};

/** The columns of what an edit or a draft holds. */
const columns = (draft: Partial<Draft>) => ({
  ...(draft.kind === undefined ? {} : { kind: draft.kind }),
  ...(draft.name === undefined ? {} : { name: cleanName(draft.name), sort_key: sortKey(draft.name) }),
  ...(draft.company === undefined ? {} : { company: cleanLine(draft.company) }),
  ...(draft.position === undefined ? {} : { position: cleanLine(draft.position) }),
  ...(draft.note === undefined ? {} : { note: cleanText(draft.note) }),
});

export const clientRow = (draft: Draft, of: { departmentId: number | null; ownerId: number | null; now: number }) => ({
  ...columns(draft),
  roles: '["client"]',
  stage: 'new',
  custom: '{}',
  owner_id: of.ownerId,
  department_id: of.departmentId,
  version: 1,
  created_at: of.now,
  updated_at: of.now,
});

/** In a transaction: a client and everything that hangs on it. */
export const insertClient = async (
  db: Knex,
  draft: Draft,
  of: { departmentId: number | null; ownerId: number | null; now: number; country: string },
): Promise<number> => {
  const [id] = (await db('clients').insert(clientRow(draft, of))) as [number];
  await savePhones(
    db,
    id,
    draft.phones.map((phone, i) => phoneRow(id, i, phone, of.country)),
  );
  await saveEmails(
    db,
    id,
    draft.emails.map((email, i) => emailRow(id, i, email)),
  );
  await saveWords(db, id, draft);
  return id;
};

/** What of `before` the edit changes: names of fields, and what they held. */
export const changesOf = (before: StoredClient, edit: Partial<Draft>): Record<string, unknown> => {
  const held: Record<string, unknown> = {};
  if (edit.kind !== undefined && edit.kind !== before.kind) held.kind = before.kind;
  for (const field of ['name', 'company', 'position'] as const) {
    const value = edit[field];
    if (value !== undefined && cleanLine(value) !== before[field]) held[field] = before[field];
  }
  if (edit.note !== undefined && cleanText(edit.note) !== before.note) held.note = before.note;
  const phones = before.phones.map(({ raw, purpose }) => ({ raw, purpose }));
  const newPhones = edit.phones?.map(({ raw, purpose }) => ({ raw: cleanLine(raw), purpose: cleanLine(purpose) }));
  if (newPhones && JSON.stringify(newPhones) !== JSON.stringify(phones)) held.phones = phones;
  const emails = before.emails.map(({ address }) => address);
  if (edit.emails && JSON.stringify(edit.emails.map((e) => e.address)) !== JSON.stringify(emails)) held.emails = emails;
  return held;
};

/**
 * In a transaction. Writes over the version that was seen and no other.
 * @throws AppError conflict with the version that stands there now
 */
const bumpVersion = async (db: Knex, id: number, seen: number, set: Partial<Row>): Promise<void> => {
  const changed = await db('clients')
    .where({ id, version: seen })
    .update({ ...set, version: seen + 1 });
  if (changed === 1) return;
  const now = (await db('clients').select('version').where({ id }).first()) as { version: number } | undefined;
  if (!now) throw new AppError('not_found', 'no such client');
  throw new AppError('conflict', 'the client was changed meanwhile', { version: now.version });
};

export const updateClient = async (
  db: Knex,
  before: StoredClient,
  edit: Partial<Draft>,
  of: { version: number; now: number; country: string },
): Promise<void> => {
  await bumpVersion(db, before.id, of.version, { ...columns(edit), updated_at: of.now });
  if (edit.phones)
    await savePhones(
      db,
      before.id,
      edit.phones.map((phone, i) => phoneRow(before.id, i, phone, of.country)),
    );
  if (edit.emails)
    await saveEmails(
      db,
      before.id,
      edit.emails.map((email, i) => emailRow(before.id, i, email)),
    );
  if (edit.name !== undefined || edit.company !== undefined) await saveWords(db, before.id, { ...before, ...edit });
};

/** In a transaction. The row stays; lists, search and ringing calls no longer find it. */
export const archiveClient = async (db: Knex, id: number, of: { version: number; now: number }): Promise<void> => {
  await bumpVersion(db, id, of.version, { archived_at: of.now, updated_at: of.now });
  await saveWords(db, id, null);
};

/** In the order of `ids`; who is not there is left out. */
export const clientBriefs = async (db: Knex, ids: readonly number[]): Promise<Map<number, ClientBrief>> => {
  if (ids.length === 0) return new Map();
  const rows = (await db('clients')
    .select('id', 'kind', 'name', 'company')
    .whereIn('id', [...ids])) as Row[];
  const phones = (await db('phones')
    .select('client_id', 'raw', 'e164')
    .whereIn('client_id', [...ids])
    .orderBy([{ column: 'client_id' }, { column: 'ordinal', order: 'desc' }])) as { client_id: number; raw: string; e164: string | null }[];
  const first = new Map(phones.map((phone) => [phone.client_id, phone.e164 ?? phone.raw]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    [...new Set(ids)].flatMap((id) => {
      const row = byId.get(id);
      if (!row) return [];
      const { kind, name, company } = row;
      return [[id, { id, kind: ClientKind.parse(kind), name, company, phone: first.get(id) ?? null }]];
    }),
  );
};

/** Who has this number (any spelling): whom we spoke with last comes first. Archived clients have no number any more. */
export const clientsByNumber = async (db: Knex, number: string, country: string, limit = 20): Promise<ClientBrief[]> => {
  const { e164, digits } = parsePhone(number, country);
  if (digits === '') return [];
  const rows = (await db('phones as p')
    .join('clients as c', 'c.id', 'p.client_id')
    .distinct('c.id', 'c.contact_at')
    .where(e164 ? { 'p.e164': e164 } : { 'p.digits': digits })
    .whereNull('c.archived_at')
    .orderBy([
      { column: 'c.contact_at', order: 'desc' },
      { column: 'c.id', order: 'desc' },
    ])
    .limit(limit)) as { id: number }[];
  return [
    ...(
      await clientBriefs(
        db,
        rows.map((row) => row.id),
      )
    ).values(),
  ];
};

/** Of many numbers at once, as they are spelled here: the ids of the clients who have each. */
export const ownersOfNumbers = async (db: Knex, numbers: readonly string[], country: string): Promise<Map<string, number[]>> => {
  const parsed = numbers.map((number) => ({ number, ...parsePhone(number, country) }));
  const read = async (column: 'e164' | 'digits', values: readonly string[]) => {
    if (values.length === 0) return new Map<string, number[]>();
    const rows = (await db('phones as p')
      .join('clients as c', 'c.id', 'p.client_id')
      .distinct({ value: `p.${column}`, id: 'c.id' })
      .whereIn(`p.${column}`, [...values])
      .whereNull('c.archived_at')) as { value: string; id: number }[];
    const owners = new Map<string, number[]>();
    for (const { value, id } of rows) owners.set(value, [...(owners.get(value) ?? []), id]);
    return owners;
  };
  const byE164 = await read('e164', parsed.flatMap(({ e164 }) => e164 ?? [])); // prettier-ignore
  const byDigits = await read('digits', parsed.flatMap(({ e164, digits }) => (e164 === null && digits !== '' ? digits : []))); // prettier-ignore
  return new Map(parsed.map(({ number, e164, digits }) => [number, (e164 === null ? byDigits.get(digits) : byE164.get(e164)) ?? []]));
};

export interface ListCursor {
  readonly key: string;
  readonly id: number;
}

/** Everybody in these departments by name, behind `after`; each department is a range of its own index. */
export const listClients = async (
  db: Knex,
  departments: 'all' | (number | null)[],
  after: ListCursor | null,
  limit: number,
): Promise<{ key: string; id: number }[]> => {
  const from = (department: number | null | undefined) => {
    const query = db('clients').select({ key: 'sort_key', id: 'id' }).whereNull('archived_at');
    if (department === null) void query.whereNull('department_id');
    else if (department !== undefined) void query.where({ department_id: department });
    if (after)
      void query
        .where('sort_key', '>=', after.key)
        .where((either) => either.where('sort_key', '>', after.key).orWhere('id', '>', after.id));
    return query.orderBy([{ column: 'sort_key' }, { column: 'id' }]).limit(limit) as Promise<{ key: string; id: number }[]>;
  };
  if (departments === 'all') return from(undefined);
  const rows: { key: string; id: number }[] = [];
  for (const department of departments) rows.push(...(await from(department)));
  return rows.sort((a, b) => compareBytes(a.key, b.key) || a.id - b.id).slice(0, limit);
};

/** As both databases order a binary column. */
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
