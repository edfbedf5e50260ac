import type { Knex } from 'knex';
import { ClientDraft } from '../clients/contract.ts';
import { inTransaction } from '../core/db.ts';
import { hashPassword } from '../core/passwords.ts';
import { parsePhone } from '../core/phone.ts';
import { inventCalls } from './calls.ts';
import { inventCards } from './cards.ts';
import type { Customer } from './calls.ts';
import { NO_CALL_BACK } from '../callbacks/contract.ts';
import { insertCampaign } from './campaign.ts';
import { insertComplaints } from './complaints.ts';
import { inventClients } from './clients.ts';
import { DEMO_PASSWORD, DEPARTMENTS, PEOPLE } from './people.ts';
import { inventInterests, topicRows } from './interests.ts';
import { createRandom } from './random.ts';
import { rowsOf } from './rows.ts';
import { ROOMS, inventMeetings } from './meetings.ts';
import { inventTasks } from './tasks.ts';
import { DEMO_WALL } from './wall.ts';

const CALL_BACK = JSON.stringify({
  ...NO_CALL_BACK,
  offered: true,
  hours: { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } },
});

export interface DemoDeps {
  db: Knex;
  now: () => number;
  /** ISO 3166, of the settings. */
  country: string;
  /** The PBX whose extensions the operators have. */
  pbx: string;
  /** From clients (bulk.ts). */
  insertClients: (db: Knex, clients: BulkClient[], country: string) => Promise<number[]>;
  insertTimeline: (db: Knex, entries: BulkEntry[]) => Promise<void>;
}
interface BulkClient {
  draft: ReturnType<typeof ClientDraft.parse>;
  departmentId: number | null;
  ownerId: number | null;
  createdAt: number;
}
type BulkEntry = { clientId: number; at: number; kind: string; ref: string; userId: number | null; data: object };

const DAY = 24 * 3600 * 1000;
const SEED = 20_261_124;
/** Rows a statement: both engines take it. */
const BATCH = 400;

const insertAll = async (db: Knex, table: string, rows: readonly object[]): Promise<void> => {
  for (let from = 0; from < rows.length; from += BATCH) await db(table).insert(rows.slice(from, from + BATCH));
};

const insertPeople = async (db: Knex, deps: DemoDeps, passwordHash: string, now: number) => {
  const departments: Record<keyof typeof DEPARTMENTS, number> = { support: 0, sales: 0 };
  for (const key of ['support', 'sales'] as const) {
    const name = DEPARTMENTS[key];
    const had = (await db('departments').where({ name }).first('id')) as { id: number } | undefined;
    departments[key] = had?.id ?? ((await db('departments').insert({ name, created_at: now })) as [number])[0];
  }
  const userIds = new Map<string, number>();
  for (const { login, name, role, department, language } of PEOPLE) {
    const department_id = department && departments[department];
    const row = { login, name, role, department_id, language, password_hash: passwordHash, time_zone: 'Europe/Moscow', created_at: now };
    const [id] = (await db('users').insert(row)) as [number];
    userIds.set(login, id);
  }
  for (const name of ['support', 'sales'] as const)
    await db('queues')
      .insert({ pbx: deps.pbx, name, label: DEPARTMENTS[name], call_back: name === 'support' ? CALL_BACK : null })
      .onConflict(['pbx', 'name'])
      .ignore();
  const withPhone = PEOPLE.flatMap((p) => (p.extension === null ? [] : [{ ...p, extension: p.extension, id: userIds.get(p.login)! }]));
  await db('extensions').insert(withPhone.map(({ id, extension }) => ({ pbx: deps.pbx, extension, user_id: id })));
  await db('queue_members').insert(withPhone.flatMap(({ id, queues }) => queues.map((queue) => ({ pbx: deps.pbx, queue, user_id: id }))));
  return { departments, userIds, extensions: new Map(withPhone.map((p) => [p.login, p.extension])) };
};

const MINUTE = 60_000;

/** Promised call-backs, some of them due: for the operators' lists and for what supervisors give out. */
const insertDue = async (
  db: Knex,
  customers: readonly Customer[],
  owners: ReadonlyMap<string, readonly number[]>,
  userIds: ReadonlyMap<string, number>,
  now: number,
): Promise<void> => {
  const due = [
    ['anna', -25, 'Перезвонить: когда приедет мастер'],
    ['boris', -8, 'Перезвонить по счёту'],
    ['emma', -3, 'Call back about the price list'],
    ['vera', 12, 'Перезвонить: ответ отдела качества'],
  ] as const;
  const rows = due.map(([login, minutes, text], i) => {
    const { number } = customers[i * 7]!;
    const id = userIds.get(login)!;
    return { kind: 'call-back', text, due_at: now + minutes * MINUTE, owner_id: id, author_id: id, client_id: owners.get(`+${number}`)?.[0] ?? null, phone: `+${number}`, call_ref: null, done_at: null, done_note: '', version: 1, created_at: now - 120 * MINUTE }; // prettier-ignore
  });
  await insertAll(db, 'tasks', rows);
};

/** Rooms, and a week of everybody's meetings; those with clients stand in their histories. */
const insertMeetings = async (
  db: Knex,
  deps: Pick<DemoDeps, 'insertTimeline'>,
  userIds: ReadonlyMap<string, number>,
  clientIds: readonly number[],
  now: number,
): Promise<void> => {
  await db('resources').insert(ROOMS.map((name, i) => ({ name, kind: 'room', seats: 6 + 4 * i, created_at: now })));
  const roomIds = (await db('resources').whereIn('name', ROOMS).orderBy('id').pluck('id')) as number[];
  const people = PEOPLE.filter(({ role }) => role !== 'administrator').map(({ login, language }) => ({
    userId: userIds.get(login)!,
    language,
  }));
  const entries: BulkEntry[] = [];
  for (const { row, parts } of inventMeetings(createRandom(SEED + 1), people, clientIds, roomIds, now)) {
    const [id] = (await db('meetings').insert(row)) as [number];
    await insertAll(db, 'meeting_people', parts.map((part) => ({ meeting_id: id, user_id: null, resource_id: null, ...part }))); // prettier-ignore
    if (row.client_id !== null)
      entries.push({ clientId: row.client_id, at: row.starts_at, kind: 'meeting', ref: String(id), userId: row.owner_id, data: { kind: row.kind, text: row.title, startsAt: row.starts_at, cancelled: false, repeats: row.rule !== null, note: '' } }); // prettier-ignore
  }
  await deps.insertTimeline(db, entries);
};

/** The tables of calls and users are written here directly: the demo stands for a month of all features at work. */
const fill = async (db: Knex, deps: DemoDeps, passwordHash: string, size: { clients: number; days: number }): Promise<number> => {
  const now = deps.now();
  const random = createRandom(SEED);
  const { departments, userIds, extensions } = await insertPeople(db, deps, passwordHash, now);

  const drafts = inventClients(random, size.clients).map((draft) => ClientDraft.parse(draft));
  const clients = drafts.map((draft) => ({
    draft,
    departmentId: random.weighted([
      [null, 8],
      [departments.support, 1],
      [departments.sales, 1],
    ]),
    ownerId: draft.kind === 'company' && random.chance(0.3) ? userIds.get(random.pick(['emma', 'frank', 'zoya']))! : null,
    createdAt: now - Math.floor((size.days + random.next() * 700) * DAY),
  }));
  const ids = await deps.insertClients(db, clients, deps.country);
  await inventCards(db, random, clients.map(({ draft, createdAt }, i) => ({ id: ids[i]!, kind: draft.kind, name: draft.name, createdAt })), { now, userId: userIds.get('emma')! }); // prettier-ignore

  const owners = new Map<string, number[]>();
  const customers: Customer[] = [];
  for (const [i, draft] of drafts.entries())
    for (const phone of draft.phones) {
      const { e164 } = parsePhone(phone.raw, deps.country);
      if (e164 === null) continue;
      const have = owners.get(e164);
      if (!have) owners.set(e164, [ids[i]!]);
      else if (!have.includes(ids[i]!)) have.push(ids[i]!);
      customers.push({ number: e164.slice(1), name: draft.name });
    }

  const calls = inventCalls(random, PEOPLE, customers, { from: now - size.days * DAY, now });
  const [{ last }] = (await db('calls').max({ last: 'id' })) as [{ last: number | null }];
  const flags = new Map(
    ((await db('outcomes').select('code', 'flags')) as { code: string; flags: string }[]).map((o) => [o.code, o.flags]),
  );
  const { timeline, ...tables } = rowsOf(calls, {
    pbx: deps.pbx,
    country: deps.country,
    firstId: (last ?? 0) + 1,
    userIds,
    extensions,
    owners,
    flags,
  });
  for (const [table, rows] of Object.entries(tables)) await insertAll(db, table, rows);
  const complaints = await insertComplaints(db, random, { now, clientIds: ids.slice(0, 200), userIds, departmentId: departments.support });
  await deps.insertTimeline(db, [...timeline, ...complaints]);

  await insertAll(db, 'interest_topics', topicRows());
  const topicIds: number[] = await db('interest_topics').orderBy('position').pluck('id');
  const operators = PEOPLE.filter(({ role }) => role === 'operator').map(({ login, language }) => ({
    userId: userIds.get(login)!,
    language,
  }));
  const open = ids.filter((_, i) => clients[i]!.departmentId === null && drafts[i]!.phones.length > 0);
  await insertAll(db, 'tasks', inventTasks(random, operators, open, now));
  await insertMeetings(db, deps, userIds, open, now);
  const speakers = operators.map(({ userId }) => userId);
  const people = ids.map((clientId) => ({ clientId, userId: random.pick(speakers) }));
  const interests = inventInterests(random, people, topicIds, { from: now - size.days * DAY, now });
  await insertAll(db, 'interests', interests.map(({ row }) => row)); // prettier-ignore
  await deps.insertTimeline(db, interests.map(({ entry }) => entry)); // prettier-ignore
  const [owner] = PEOPLE.filter(({ role }) => role === 'supervisor').map(({ login }) => userIds.get(login)!);
  await insertCampaign(db, { pbx: deps.pbx, queue: 'support', ownerId: owner!, customers, now });
  await insertDue(db, customers, owners, userIds, now);
  await db('wallboards').insert({ name: 'Зал', layout: JSON.stringify(DEMO_WALL), version: 1, created_at: now, created_by: userIds.get('irina')! }); // prettier-ignore
  return calls.length;
};

/**
 * People, clients and a month of calls that are all made up; the same ones each time, the calls ending now. All or nothing, and once: a database that
 * has one of the demo's logins is left as it is.
 * @returns what was written, and since when its calls are; null when nothing was
 */
export const fillDemo = async (
  deps: DemoDeps,
  { clients = 3000, days = 30 }: { clients?: number; days?: number } = {},
): Promise<{ clients: number; calls: number; from: number } | null> => {
  const logins = PEOPLE.map((p) => p.login);
  const filled = async (db: Knex) => (await db('users').whereIn('login', logins).first('id')) !== undefined;
  if (await filled(deps.db)) return null;
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  const from = deps.now() - days * DAY;
  const calls = await inTransaction(deps.db, async (trx) =>
    (await filled(trx)) ? null : fill(trx, deps, passwordHash, { clients, days }),
  );
  return calls === null ? null : { clients, calls, from };
};
