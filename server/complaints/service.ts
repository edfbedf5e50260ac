import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { complaints, entriesOf, isDone, isOpen, lockComplaint, movesOf } from './rows.ts';
import type { ComplaintRow, EntryRow, MoveRow } from './rows.ts';
import type { Status } from './contract.ts';
import { readTiming, retime } from './timing.ts';
import type { Timing } from './timing.ts';

export type NewEntry = Pick<EntryRow, 'kind' | 'channel' | 'text'> & Partial<Pick<EntryRow, 'html' | 'address' | 'message_id' | 'user_id'>>;

/** One change of one complaint, in its transaction: what is set, moved and written gets the version that the change makes. */
export interface Change {
  readonly trx: Knex;
  /** As it is, with what was set so far. */
  readonly row: ComplaintRow;
  readonly now: number;
  set(columns: Partial<ComplaintRow>): void;
  move(kind: string, from: unknown, to: unknown, note?: string, spentMs?: number): Promise<void>;
  entry(entry: NewEntry): Promise<number>;
  /** To another status; does not ask the table of transitions. */
  turn(status: Status, note?: string): Promise<void>;
  /** Once it has committed. */
  after(run: () => void): void;
}

const short = (value: unknown): string =>
  (value === null || value === undefined ? '' : `${value as string | number | boolean}`).slice(0, 200);

/** In the client's history, as it now is. */
export const fileOnTimeline = async (deps: Pick<Deps, 'addTimeline' | 'moveTimeline'>, trx: Knex, row: ComplaintRow): Promise<void> => {
  const ref = String(row.id);
  await deps.moveTimeline(trx, 'complaint', ref, row.client_id);
  if (row.client_id === null) return;
  const { number, subject, status, severity } = row;
  const entry = { clientId: row.client_id, at: row.registered_at, kind: 'complaint', ref, userId: row.registered_by };
  await deps.addTimeline(trx, { ...entry, data: { number, subject, status, severity } });
};

export const tellOf = (deps: Pick<Deps, 'bus'>, row: Pick<ComplaintRow, 'id' | 'client_id'>, before: number | null = null): void => {
  deps.bus.emit('complaint.changed', { id: row.id, clientId: row.client_id });
  for (const id of new Set([row.client_id, before])) if (id !== null) deps.bus.emit('client.changed', { id, history: true });
};

/** What happened since somebody last looked: told to the second of two who do something at once. */
const meanwhile = async (deps: Deps, trx: Knex, row: ComplaintRow, seen: number): Promise<AppError> => {
  const moves: MoveRow[] = (await movesOf(trx, row.id)).filter(({ version }) => version > seen);
  const entries: EntryRow[] = (await entriesOf(trx, row.id)).filter(({ version }) => version > seen);
  const since = [
    ...moves.map(({ kind, to_value, at, user_id }) => ({ kind, to: to_value, at, userId: user_id })),
    ...entries.map(({ kind, text, at, user_id }) => ({ kind, to: text.slice(0, 200), at, userId: user_id })),
  ];
  return new AppError('conflict', 'the complaint was changed meanwhile', { version: row.version, meanwhile: since.slice(-20) });
};

const changeOf = (trx: Knex, row: ComplaintRow, actorId: number | null, now: number, afters: (() => void)[]): Change => {
  const version = row.version + 1;
  const of = { complaint_id: row.id, version };
  const change: Change = {
    trx,
    row,
    now,
    set: (columns) => void Object.assign(row, columns),
    async move(kind, from, to, note = '', spentMs) {
      await trx('complaint_moves').insert({ ...of, kind, from_value: short(from), to_value: short(to), note, user_id: actorId, at: now, spent_ms: spentMs ?? null }); // prettier-ignore
    },
    async entry(entry) {
      const [id] = (await trx('complaint_entries').insert({ ...of, at: now, user_id: actorId, html: null, address: '', message_id: null, ...entry })) as [number]; // prettier-ignore
      return id;
    },
    async turn(status, note = '') {
      if (status === row.status) return;
      const last = (await trx('complaint_moves').where({ complaint_id: row.id, kind: 'status' }).orderBy('id', 'desc').first('at')) as { at: number } | undefined; // prettier-ignore
      await change.move('status', row.status, status, note, Math.max(0, now - (last?.at ?? row.registered_at)));
      change.set({
        status,
        is_open: isOpen(status) ? 1 : 0,
        resolved_at: isDone(status) ? (row.resolved_at ?? now) : null,
        closed_at: isOpen(status) ? null : now,
        ...(isDone(status) ? {} : { told: null, not_told_reason: '' }),
      });
    },
    after: (run) => void afters.push(run),
  };
  return change;
};

interface Asked {
  readonly id: number;
  readonly actorId: number | null;
  /** The version that was looked at; null: the program itself, which looks now. */
  readonly seen: number | null;
  /** A code for the audit. */
  readonly what: string;
  readonly details?: object;
}

/**
 * Changes a complaint in a transaction of the caller's: locked, at the version that was seen, with its clocks counted anew and its client's history
 * brought up to date. @returns what `run` does, and tells of it once that has committed
 * @throws AppError not_found, conflict with what happened meanwhile, and whatever `run` throws
 */
const changeWith = async <T>(
  deps: Deps,
  trx: Knex,
  asked: Asked,
  timing: Timing,
  run: (change: Change) => Promise<T>,
): Promise<{ result: T; tell: () => void }> => {
  const afters: (() => void)[] = [];
  const row = { ...(await lockComplaint(trx, asked.id)) };
  if (asked.seen !== null && row.version !== asked.seen) throw await meanwhile(deps, trx, row, asked.seen);
  const clientBefore = row.client_id;
  const version = row.version;
  const result = await run(changeOf(trx, row, asked.actorId, deps.now(), afters));
  Object.assign(row, { version: version + 1, updated_at: deps.now() });
  await complaints(trx).where('id', row.id).update(row);
  const stage = row.client_id === null ? null : await deps.clientStage(trx, row.client_id);
  await complaints(trx)
    .where('id', row.id)
    .update(await retime(trx, row, timing, stage));
  await fileOnTimeline(deps, trx, row);
  const { actorId, what, details } = asked;
  await deps.audit(trx, { actorId, what, table: 'complaints', rowId: row.id, ...(details && { details }) });
  return {
    result,
    tell() {
      afters.forEach((after) => after());
      tellOf(deps, row, clientBefore);
    },
  };
};

export const changeInside = async (
  deps: Deps,
  trx: Knex,
  asked: Asked,
  timing: Timing,
  run: (change: Change) => Promise<void>,
): Promise<() => void> => (await changeWith(deps, trx, asked, timing, run)).tell;

/** The same in a transaction of its own. */
export const changeComplaint = async <T>(deps: Deps, asked: Asked, run: (change: Change) => Promise<T>): Promise<T> => {
  const timing = await readTiming(deps);
  const { result, tell } = await inTransaction(deps.db, (trx) => changeWith(deps, trx, asked, timing, run));
  tell();
  return result;
};
