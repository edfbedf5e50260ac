import type { Knex } from 'knex';
import { AppError } from '../core/errors.ts';
import type { Channel, ComplaintQuery, Status } from './contract.ts';

export interface ComplaintRow {
  id: number;
  number: string;
  client_id: number | null;
  contact_name: string;
  contact_phone: string;
  contact_email: string;
  category_id: number;
  severity: string;
  product: string;
  channel: ReturnType<typeof Channel.parse>;
  queue: string | null;
  subject: string;
  wish: string;
  status: Status;
  is_open: number;
  place: number;
  owner_id: number | null;
  department_id: number | null;
  registered_by: number | null;
  registered_at: number;
  updated_at: number;
  resolved_at: number | null;
  closed_at: number | null;
  cause_id: number | null;
  done_text: string;
  told: boolean | number | null;
  not_told_reason: string;
  repeat_of: number | null;
  merged_into: number | null;
  policy_id: number | null;
  /** When the first of its clocks ran out, or will if nothing happens. */
  late_at: number | null;
  timed_with: string;
  token: string;
  satisfaction: number | null;
  satisfaction_text: string;
  once_key: string | null;
  version: number;
}

export interface EntryRow {
  id: number;
  complaint_id: number;
  kind: 'in' | 'out' | 'note';
  channel: string;
  at: number;
  user_id: number | null;
  text: string;
  html: string | null;
  address: string;
  message_id: string | null;
  version: number;
}

export interface MoveRow {
  id: number;
  complaint_id: number;
  kind: string;
  from_value: string;
  to_value: string;
  note: string;
  user_id: number | null;
  at: number;
  version: number;
  /** Of a move to another status: ms in the one that it leaves. */
  spent_ms: number | null;
}

/** The place of an open complaint none of whose clocks runs: behind all that have a time. */
export const PARKED = 9_000_000_000_000_000;
/** The place of a closed one: the newest first, by the same index. */
export const closedPlace = (closedAt: number): number => PARKED - closedAt;

export const isDone = (status: Status): boolean => ['resolved', 'closed', 'merged'].includes(status);
/** What somebody still has to do something about; resolved too, until the client was told and it is closed. */
export const isOpen = (status: Status): boolean => status !== 'closed' && status !== 'merged';

export const complaints = (db: Knex) => db<ComplaintRow>('complaints');

export const findComplaint = async (db: Knex, id: number): Promise<ComplaintRow | null> =>
  (await complaints(db).where({ id }).first()) ?? null;

/** In the transaction that changes it: nobody else changes it meanwhile. SQLite has one writer anyway. */
export const lockComplaint = async (trx: Knex, id: number): Promise<ComplaintRow> => {
  const row = await complaints(trx).where({ id }).forUpdate().first();
  if (!row) throw new AppError('not_found', 'no such complaint');
  return row;
};

export const entriesOf = (db: Knex, id: number): Promise<EntryRow[]> => db<EntryRow>('complaint_entries').where('complaint_id', id).orderBy('id').limit(2000); // prettier-ignore
export const movesOf = (db: Knex, id: number): Promise<MoveRow[]> => db<MoveRow>('complaint_moves').where('complaint_id', id).orderBy('id').limit(2000); // prettier-ignore

const CURSOR = /^(\d{1,16})-(\d{1,10})$/;

export interface Listed {
  /** Handed over to this department, which has not answered. */
  readonly handedTo?: number;
  readonly clientId?: number;
  readonly ownerIds?: readonly number[];
  readonly departmentId?: number;
  readonly registeredBy?: number;
}

/** By place: one read of one index, whatever the scope. */
export const listComplaints = async (
  db: Knex,
  of: Listed,
  ask: Pick<ComplaintQuery, 'open' | 'status' | 'severity' | 'number' | 'after' | 'limit'>,
): Promise<{ rows: ComplaintRow[]; next: string | null }> => {
  const query = complaints(db).where('is_open', ask.open ? 1 : 0);
  if (of.clientId !== undefined) void query.where('client_id', of.clientId);
  if (of.ownerIds !== undefined) void query.whereIn('owner_id', [...of.ownerIds]);
  if (of.departmentId !== undefined) void query.where('department_id', of.departmentId);
  if (of.registeredBy !== undefined) void query.where('registered_by', of.registeredBy);
  if (of.handedTo !== undefined)
    void query.whereIn('id', db('complaint_handovers').where({ state: 'waiting', to_department_id: of.handedTo }).select('complaint_id'));
  if (ask.status !== undefined) void query.where('status', ask.status);
  if (ask.severity !== undefined) void query.where('severity', ask.severity);
  if (ask.after !== undefined) {
    const cursor = CURSOR.exec(ask.after);
    if (!cursor) throw new AppError('invalid', 'not a cursor', { issues: [{ path: 'query.after', code: 'invalid_format' }] });
    const [place, id] = [Number(cursor[1]), Number(cursor[2])];
    void query.where('place', '>=', place).where((either) => void either.where('place', '>', place).orWhere('id', '>', id));
  }
  const rows = await query.orderBy([{ column: 'place' }, { column: 'id' }]).limit(ask.limit + 1);
  const page = rows.slice(0, ask.limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > ask.limit && last ? `${last.place}-${last.id}` : null };
};

/** How many of the client are open. */
export const openComplaints = async (db: Knex, clientId: number): Promise<number> => {
  const [{ n }] = (await complaints(db).where({ client_id: clientId, is_open: 1 }).count({ n: '*' })) as unknown as [{ n: number }];
  return Number(n);
};

/** By its number, however much of it was typed: "123" is the latest that ends so within the last years. */
export const byNumber = async (db: Knex, typed: string, year: number): Promise<ComplaintRow[]> => {
  const whole = typed.toUpperCase();
  if (/^C-\d{4}-\d+$/.test(whole)) return complaints(db).where('number', whole);
  if (!/^\d{1,9}$/.test(typed)) return [];
  const numbers = [0, 1, 2].map((back) => numberOf(year - back, Number(typed)));
  return complaints(db).whereIn('number', numbers).orderBy('id', 'desc');
};

export const numberOf = (year: number, n: number): string => `C-${year}-${String(n).padStart(6, '0')}`;

/** The next number of the year; in the transaction that writes the complaint, so that none is left out when that fails. */
export const nextNumber = async (trx: Knex, year: number): Promise<string> => {
  const next = () => trx('complaint_numbers').where({ year }).increment('last', 1);
  // not the other way round: an insert that finds the row takes a shared lock, and two of these wait for one another
  if ((await next()) === 0) {
    await trx('complaint_numbers').insert({ year, last: 0 }).onConflict('year').ignore();
    await next();
  }
  const { last } = (await trx('complaint_numbers').where({ year }).first('last')) as { last: number };
  return numberOf(year, last);
};
