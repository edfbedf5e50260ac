import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { PARKED, complaints, isDone, nextNumber } from './rows.ts';
import type { ComplaintRow, EntryRow } from './rows.ts';
import { changeComplaint, fileOnTimeline, tellOf } from './service.ts';
import type { Change } from './service.ts';
import { pathOf, readSettings } from './settings.ts';
import { readTiming, retime } from './timing.ts';
import type { Timing } from './timing.ts';

const DAY_MS = 86_400_000;

/** What somebody complains about, from wherever it came. */
export type Matter = Pick<ComplaintRow, 'client_id' | 'contact_name' | 'contact_phone' | 'contact_email' | 'category_id' | 'severity' | 'product' | 'channel' | 'queue' | 'subject' | 'wish' | 'department_id' | 'registered_by' | 'owner_id' | 'once_key'>; // prettier-ignore
export interface Registration {
  readonly matter: Matter;
  /** What the client said; '' with no html: nothing beyond the subject. */
  readonly said: Pick<EntryRow, 'text' | 'html' | 'address' | 'message_id'> | null;
  readonly call: { ref: string; momentAt: number } | null;
}
export interface Registered {
  readonly id: number;
  readonly number: string;
  /** It was there already: the same key was sent again. */
  readonly again: boolean;
}

/** Open ones of the same client, and those closed within the days of a repetition; of the category or one near it, when it is named. Newest first. */
export const similarTo = async (
  db: Knex,
  timing: Pick<Timing, 'categories'>,
  of: { clientId: number; categoryId: number | null; now: number; days: number },
): Promise<ComplaintRow[]> => {
  const since = of.now - of.days * DAY_MS;
  const [open, closed] = [
    await complaints(db).where({ client_id: of.clientId, is_open: 1 }).orderBy('registered_at', 'desc').limit(20),
    await complaints(db).where({ client_id: of.clientId, is_open: 0 }).where('registered_at', '>=', since).whereNot('status', 'merged').orderBy('registered_at', 'desc').limit(20), // prettier-ignore
  ];
  const top = (id: number) => pathOf(timing.categories, id).at(-1);
  const near = (row: ComplaintRow) => of.categoryId === null || top(row.category_id) === top(of.categoryId);
  return [...open, ...closed].filter(near);
};

const emptyRow = (now: number) => ({
  status: 'new' as const,
  is_open: 1,
  place: PARKED,
  registered_at: now,
  updated_at: now,
  resolved_at: null,
  closed_at: null,
  cause_id: null,
  done_text: '',
  told: null,
  not_told_reason: '',
  merged_into: null,
  policy_id: null,
  late_at: null,
  timed_with: '',
  satisfaction: null,
  satisfaction_text: '',
  version: 1,
});

/**
 * A new complaint with its number, the client's words, its call, its clocks and its line in the client's history: all or nothing. `within`: a
 * transaction of the caller, who then calls `tell`.
 */
export const insertComplaint = async (
  deps: Deps,
  trx: Knex,
  { matter, said, call }: Registration,
  timing: Timing,
  repeatDays: number,
): Promise<Registered & { tell: () => void }> => {
  if (matter.once_key !== null) {
    const had = await complaints(trx).where('once_key', matter.once_key).first();
    if (had) return { id: had.id, number: had.number, again: true, tell: () => {} };
  }
  const now = deps.now();
  const earlier = matter.client_id === null ? [] : await similarTo(trx, timing, { clientId: matter.client_id, categoryId: matter.category_id, now, days: repeatDays }); // prettier-ignore
  const repeat_of = earlier[0]?.id ?? null;
  const number = await nextNumber(trx, new Date(now).getUTCFullYear());
  const fresh = { ...matter, ...emptyRow(now), number, repeat_of, token: randomBytes(24).toString('base64url') };
  const [id] = (await complaints(trx).insert(fresh)) as [number];
  const row: ComplaintRow = { ...fresh, id };
  if (said) await trx('complaint_entries').insert({ complaint_id: id, kind: 'in', channel: matter.channel === 'card' ? 'other' : matter.channel, at: now, user_id: matter.registered_by, version: 1, ...said }); // prettier-ignore
  await trx('complaint_moves').insert({ complaint_id: id, kind: 'registered', from_value: '', to_value: matter.channel, note: '', user_id: matter.registered_by, at: now, version: 1 }); // prettier-ignore
  if (call) await trx('complaint_calls').insert({ complaint_id: id, call_ref: call.ref, moment_at: call.momentAt, user_id: matter.registered_by }); // prettier-ignore
  if (repeat_of !== null) await trx('complaint_links').insert({ complaint_id: repeat_of, other_id: id, kind: 'repeat' });
  const stage = row.client_id === null ? null : await deps.clientStage(trx, row.client_id);
  await complaints(trx).where({ id }).update(await retime(trx, row, timing, stage)); // prettier-ignore
  await fileOnTimeline(deps, trx, row);
  await deps.audit(trx, { actorId: matter.registered_by, what: 'complaint.registered', table: 'complaints', rowId: id, details: { number, channel: matter.channel } }); // prettier-ignore
  return { id, number, again: false, tell: () => tellOf(deps, row) };
};

export const registerComplaint = async (deps: Deps, registration: Registration): Promise<Registered> => {
  const [timing, { repeatDays }] = [await readTiming(deps), await readSettings(deps.db)];
  const insert = () => inTransaction(deps.db, (trx) => insertComplaint(deps, trx, registration, timing, repeatDays));
  const { tell, ...made } = await insert().catch((err: unknown) => {
    if (!isDuplicate(err)) throw err;
    return insert(); // the same key was being written by another request: now it is there to be found
  });
  tell();
  return made;
};

/** The same matter as an open one, or one closed lately, which is then reopened: what was said becomes an entry of it. @throws AppError conflict closed */
export const joinComplaint = async (
  deps: Deps,
  id: number,
  actorId: number | null,
  { said, call }: Pick<Registration, 'said' | 'call'>,
): Promise<Registered> => {
  const { reopenDays } = await readSettings(deps.db);
  return changeComplaint(deps, { id, actorId, seen: null, what: 'complaint.joined' }, async (change) => {
    const { trx, row, now } = change;
    if (row.is_open === 0 && (row.status === 'merged' || now - (row.closed_at ?? 0) > reopenDays * DAY_MS))
      throw new AppError('conflict', 'it is closed', { reason: 'closed' });
    if (said) await change.entry({ ...said, kind: 'in', channel: call ? 'phone' : 'other' });
    if (call) await trx('complaint_calls').insert({ complaint_id: id, call_ref: call.ref, moment_at: call.momentAt, user_id: actorId }).onConflict(['complaint_id', 'call_ref']).ignore(); // prettier-ignore
    await change.move('joined', '', call?.ref ?? '');
    await clientSpoke(change);
    return { id, number: row.number, again: true };
  });
};

/** The client has said something: what waited for them goes on, what was done is opened again. */
export const clientSpoke = async (change: Change): Promise<void> => {
  if (change.row.status === 'waiting-client') await change.turn('in-work');
  else if (isDone(change.row.status)) await change.turn('reopened');
};
