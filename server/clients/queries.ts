import type { Knex } from 'knex';
import type { z } from 'zod';
import { cityOf } from '../core/address.ts';
import type { Change } from '../core/changes.ts';
import { AppError } from '../core/errors.ts';
import { parsePhone } from '../core/phone.ts';
import { withinReach } from '../core/reach.ts';
import type { Reach } from '../core/reach.ts';
import { fold } from '../core/words.ts';
import { emailRow, phoneRow, saveEmails, savePhones, saveWords } from './contacts.ts';
import { ClientKind, ClientRole } from './contract.ts';
import type { Client, ClientBrief, ClientDraft, StageMeaning } from './contract.ts';
import { replaceValues } from './custom.ts';
import type { Prepared } from './custom.ts';
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
  custom: string;
  owner_id: number | null;
  department_id: number | null;
  version: number;
  created_at: number;
  updated_at: number;
  archived_at: number | null;
  city: string;
}

/** Ids a statement: both engines take it. */
const SOME = 400;

/** As the tables have it: whose name stands behind the owner's id, users know. */
export type StoredClient = Omit<Client, 'owner'> & { ownerId: number | null };

/** Those that are there, by id: three statements however many they are. */
export const findClients = async (db: Knex, ids: readonly number[]): Promise<Map<number, StoredClient>> => {
  const found = new Map<number, StoredClient>();
  for (let from = 0; from < ids.length; from += SOME) {
    const some = ids.slice(from, from + SOME);
    const rows = (await db('clients').whereIn('id', some)) as Row[];
    const phones = (await db('phones')
      .select({ clientId: 'client_id', id: 'id', raw: 'raw', e164: 'e164', extension: 'extension', purpose: 'purpose', bestTime: 'best_time', badSince: 'bad_since' })
      .whereIn('client_id', some)
      .orderBy(['client_id', 'ordinal'])) as (Client['phones'][number] & { clientId: number })[]; // prettier-ignore
    const emails = (await db('emails').select({ clientId: 'client_id', id: 'id', address: 'address' }).whereIn('client_id', some).orderBy(['client_id', 'ordinal'])) as (Client['emails'][number] & { clientId: number })[]; // prettier-ignore
    for (const row of rows) found.set(row.id, fromRow(row));
    for (const { clientId, ...phone } of phones) found.get(clientId)?.phones.push(phone);
    for (const { clientId, ...email } of emails) found.get(clientId)?.emails.push(email);
  }
  return found;
};

const fromRow = (row: Row): StoredClient => ({
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
  phones: [],
  emails: [],
  custom: JSON.parse(row.custom) as Client['custom'],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
  archivedAt: row.archived_at,
});

export const findClient = async (db: Knex, id: number): Promise<StoredClient | null> => (await findClients(db, [id])).get(id) ?? null;

type Draft = Omit<z.output<typeof ClientDraft>, 'custom'>;
export type Edit = Partial<Draft> & { ownerId?: number | null; departmentId?: number | null };

/** How far the client has come with us; null: no such client. */
/** What the stage of each of these cards means. */
export const clientMeanings = async (db: Knex, ids: readonly number[]): Promise<Map<number, StageMeaning>> => {
  if (ids.length === 0) return new Map();
  const rows = (await db('clients as c').join('client_stages as s', 's.code', 'c.stage').whereIn('c.id', [...ids]).select('c.id', 's.meaning')) as { id: number; meaning: StageMeaning }[]; // prettier-ignore
  return new Map(rows.map(({ id, meaning }) => [id, meaning]));
};

export const clientStage = async (db: Knex, id: number): Promise<string | null> =>
  ((await db('clients').where({ id }).first('stage')) as { stage: string } | undefined)?.stage ?? null;

/** Where to write to; null: no address is known. */
export const clientEmail = async (db: Knex, id: number): Promise<string | null> =>
  ((await db('emails').where({ client_id: id }).orderBy('ordinal').first('address')) as { address: string } | undefined)?.address ?? null;

/** E.164, in the order of the card. */
export const clientNumbers = async (db: Knex, id: number): Promise<string[]> => [
  ...new Set((await db('phones').where({ client_id: id }).whereNotNull('e164').orderBy('ordinal').pluck('e164')) as string[]),
];

/** Who has this address, those that are not archived. */
export const clientsByEmail = async (db: Knex, address: string): Promise<number[]> =>
  (await db('emails')
    .join('clients', 'clients.id', 'emails.client_id')
    .where('emails.address_key', address.trim().toLowerCase())
    .whereNull('clients.archived_at')
    .orderBy('clients.id')
    .limit(10)
    .distinct()
    .pluck('clients.id')) as number[];

/** @throws AppError invalid when nothing that can be read is left of the name */
const cleanName = (name: string): string => {
  const clean = cleanLine(name);
  if (clean === '') throw new AppError('invalid', 'a name without a letter', { issues: [{ path: 'body.name', code: 'too_small' }] });
  return clean;
};

/** The columns of what an edit or a draft holds. */
const columns = (draft: Edit) => ({
  ...(draft.kind === undefined ? {} : { kind: draft.kind }),
  ...(draft.name === undefined ? {} : { name: cleanName(draft.name), sort_key: sortKey(draft.name) }),
  ...(draft.company === undefined ? {} : { company: cleanLine(draft.company) }),
  ...(draft.position === undefined ? {} : { position: cleanLine(draft.position) }),
  ...(draft.note === undefined ? {} : { note: cleanText(draft.note) }),
  ...(draft.roles === undefined ? {} : { roles: JSON.stringify([...new Set(draft.roles)]) }),
  ...(draft.ownerId === undefined ? {} : { owner_id: draft.ownerId }),
  ...(draft.departmentId === undefined ? {} : { department_id: draft.departmentId }),
});

/** Where a client is, as cities are compared; '' when the card does not tell. An administrator's own field "city" says it best. */
export const cityKey = (custom: Client['custom']): string => {
  const texts = [custom.address, custom.legal_address].map((value) => (typeof value === 'object' && 'text' in value ? value.text : ''));
  const said =
    typeof custom.city === 'string' && custom.city !== ''
      ? custom.city.replace(/^г\.?\s+/i, '')
      : texts.map(cityOf).find((city) => city !== '');
  return [...fold(said ?? '')].slice(0, 60).join('').trim();
};

/** Of a client whom nobody has moved yet. */
export const FIRST_STAGE = 'new';

export const clientRow = (
  draft: Draft,
  of: { departmentId: number | null; ownerId: number | null; now: number; custom?: Client['custom'] },
) => ({
  ...columns(draft),
  stage: FIRST_STAGE,
  custom: JSON.stringify(of.custom ?? {}),
  city: cityKey(of.custom ?? {}),
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
  of: { departmentId: number | null; ownerId: number | null; now: number; country: string; prepared: Prepared },
): Promise<number> => {
  const [id] = (await db('clients').insert(clientRow(draft, { ...of, custom: of.prepared.custom }))) as [number];
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
  await replaceValues(db, id, of.prepared.index);
  await saveWords(db, id, { ...draft, more: of.prepared.words });
  return id;
};

/** What the edit changes of the card itself: a change for each field, with what it held and holds. Its typed fields are custom.ts's. */
export const changesOf = (before: StoredClient, edit: Edit): Pick<Change, 'field' | 'before' | 'after'>[] => {
  const clean: Record<string, { before: unknown; after: unknown }> = {};
  const line = (field: 'name' | 'company' | 'position') => {
    const value = edit[field];
    if (value !== undefined) clean[field] = { before: before[field], after: cleanLine(value) };
  };
  if (edit.kind !== undefined) clean.kind = { before: before.kind, after: edit.kind };
  (['name', 'company', 'position'] as const).forEach(line);
  if (edit.note !== undefined) clean.note = { before: before.note, after: cleanText(edit.note) };
  if (edit.roles !== undefined) clean.roles = { before: before.roles, after: [...new Set(edit.roles)] };
  if (edit.departmentId !== undefined) clean.department = { before: before.departmentId, after: edit.departmentId };
  if (edit.ownerId !== undefined) clean.owner = { before: before.ownerId, after: edit.ownerId };
  if (edit.phones !== undefined)
    clean.phones = {
      before: before.phones.map(({ raw, purpose, bestTime, badSince }) => ({ raw, purpose, bestTime, badSince })),
      after: edit.phones.map((p) => ({ raw: cleanLine(p.raw), purpose: cleanLine(p.purpose), bestTime: cleanLine(p.bestTime), badSince: p.badSince })), // prettier-ignore
    };
  if (edit.emails !== undefined)
    clean.emails = { before: before.emails.map(({ address }) => address), after: edit.emails.map(({ address }) => address) };
  return Object.entries(clean)
    .filter(([, change]) => JSON.stringify(change.before) !== JSON.stringify(change.after))
    .map(([field, change]) => ({ field, ...change }));
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

/** In a transaction: what stands on the card now, and everything that is derived from it. */
export const updateClient = async (
  db: Knex,
  before: StoredClient,
  edit: Edit,
  of: { version: number; now: number; country: string; prepared: Prepared },
): Promise<void> => {
  const { prepared } = of;
  await bumpVersion(db, before.id, of.version, {
    ...columns(edit),
    custom: JSON.stringify(prepared.custom),
    city: cityKey(prepared.custom),
    updated_at: of.now,
  });
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
  await replaceValues(db, before.id, prepared.index);
  const reworded = edit.name !== undefined || edit.company !== undefined || prepared.changes.length > 0;
  // An archived card is not found: an import that is taken back may still write it.
  if (reworded && before.archivedAt === null) await saveWords(db, before.id, { ...before, ...edit, more: prepared.words });
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

/** Of these, whom somebody reaches, in the order of `ids`. */
export const readableBriefs = async (db: Knex, reach: Reach, ids: readonly number[]): Promise<Map<number, ClientBrief>> => {
  if (reach === 'all') return clientBriefs(db, ids);
  const seen = new Set<number>();
  for (let from = 0; from < ids.length; from += SOME) {
    const query = withinReach(db('clients as c').whereIn('c.id', ids.slice(from, from + SOME)), reach, 'c');
    ((await query.pluck('c.id')) as number[]).forEach((id) => seen.add(id));
  }
  return clientBriefs(db, ids.filter((id) => seen.has(id))); // prettier-ignore
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

/** Everybody who is reached by name, behind `after`; each department and each owner is a range of its own index. */
export const listClients = async (
  db: Knex,
  reach: Reach,
  after: ListCursor | null,
  limit: number,
): Promise<{ key: string; id: number }[]> => {
  const from = (range: { department_id?: number | null; owner_id?: number }) => {
    const query = db('clients').select({ key: 'sort_key', id: 'id' }).where(range).whereNull('archived_at');
    if (after)
      void query
        .where('sort_key', '>=', after.key)
        .where((either) => either.where('sort_key', '>', after.key).orWhere('id', '>', after.id));
    return query.orderBy([{ column: 'sort_key' }, { column: 'id' }]).limit(limit) as Promise<{ key: string; id: number }[]>;
  };
  if (reach === 'all') return from({});
  const rows = new Map<number, { key: string; id: number }>();
  const ranges = [...reach.departments.map((id) => ({ department_id: id })), ...reach.owners.map((id) => ({ owner_id: id }))];
  for (const range of ranges) for (const row of await from(range)) rows.set(row.id, row);
  return [...rows.values()].sort((a, b) => compareBytes(a.key, b.key) || a.id - b.id).slice(0, limit);
};

/** As both databases order a binary column. */
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
