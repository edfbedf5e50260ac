import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import type { BreakReason, BreakReasonsDraft, Shift } from './contract.ts';
import { agentPolicy } from './policy.ts';
import { heldPauses, openState, shiftOf } from './queries.ts';

interface ReasonRow {
  code: string;
  label: string | null;
  limit_minutes: number;
  needs_approval: boolean | number;
}

export const listBreakReasons = async (db: Knex): Promise<BreakReason[]> => {
  const rows: ReasonRow[] = await db('break_reasons').whereNull('archived_at').orderBy(['position', 'code']);
  return rows.map((row) => ({
    code: row.code,
    label: row.label,
    limitMinutes: row.limit_minutes,
    needsApproval: Boolean(row.needs_approval),
  }));
};

/** All of them anew; what is missing is archived: the breaks of the past keep their reason. */
export const saveBreakReasons = async (trx: Knex, { items }: BreakReasonsDraft, at: number): Promise<void> => {
  await trx('break_reasons').whereNull('archived_at').whereNotIn('code', items.map(({ code }) => code)).update({ archived_at: at }); // prettier-ignore
  for (const [i, { code, label, limitMinutes, needsApproval }] of items.entries()) {
    const row = { code, label, position: i + 1, limit_minutes: limitMinutes, needs_approval: needsApproval, archived_at: null };
    await trx('break_reasons').insert(row).onConflict('code').merge();
  }
};

export const readRequest = async (db: Knex, userId: number): Promise<Shift['asked']> => {
  const row = await db('break_requests').where('user_id', userId).first<{ reason: string; asked_at: number } | undefined>();
  return row ? { reason: row.reason, at: row.asked_at } : null;
};

/** What comes before a break that was asked for in it. */
const CALL_STATES: readonly string[] = ['dialling', 'ringing', 'talking', 'hold', 'wrap-up'];

/** The break that goes on, or will after the call; null: none. */
export const readBreak = async (db: Knex, userId: number): Promise<Shift['break']> => {
  const held = (await heldPauses(db, userId)).find(({ reason }) => reason === 'break');
  if (!held) return null;
  const known = await db('break_reasons').where('code', held.detail).first<{ limit_minutes: number } | undefined>('limit_minutes');
  const open = await openState(db, userId);
  const began = open?.state === 'break' && open.reason === held.detail ? open.started_at : held.since;
  const since = open && CALL_STATES.includes(open.state) ? null : began;
  return { reason: held.detail ?? '', since, limitMinutes: known?.limit_minutes ?? 0 };
};

/**
 * Begins or ends the break of an operator on shift; another reason begins another break. In a call it waits for the call's end: the PBX sends no
 * further one. Where the reason needs it, an operator only asks; whoever leads the floor answers by beginning the break, or by refusing.
 * @throws AppError conflict (not_on_shift), invalid (unknown_reason)
 */
export const setBreak = async (
  deps: Pick<Deps, 'db' | 'pauses' | 'audit' | 'bus' | 'now'>,
  actor: Actor,
  userId: number,
  reason: string | null,
): Promise<void> => {
  const known = reason === null ? null : (await listBreakReasons(deps.db)).find(({ code }) => code === reason);
  if (known === undefined) throw new AppError('invalid', 'no such reason', { issues: [{ path: 'body.reason', code: 'unknown_reason' }] });
  await inTransaction(deps.db, async (trx) => {
    if (!(await shiftOf(trx, userId).forUpdate())) throw new AppError('conflict', 'not on shift', { reason: 'not_on_shift' });
    await trx('break_requests').where('user_id', userId).delete();
    const held = (await heldPauses(trx, userId)).find((pause) => pause.reason === 'break');
    if ((held?.detail ?? null) === reason) return;
    const tell = (what: string) => deps.audit(trx, { actorId: actor.id, what, table: 'shifts', rowId: userId, details: { reason } });
    if (known?.needsApproval && !agentPolicy.lead(actor)) {
      await trx('break_requests').insert({ user_id: userId, reason, asked_at: deps.now() });
      return tell('break.asked');
    }
    if (held) await deps.pauses.lift(trx, userId, 'break');
    if (reason !== null) await deps.pauses.hold(trx, userId, 'break', reason);
    await tell(reason === null ? 'break.ended' : 'break.started');
  });
  deps.bus.emit('break.asked', { userId });
  await deps.pauses.settle(userId);
};

/** @throws AppError not_found: nothing is asked any more */
export const refuseBreak = async (deps: Pick<Deps, 'db' | 'audit' | 'bus'>, actor: Actor, userId: number): Promise<void> => {
  await inTransaction(deps.db, async (trx) => {
    if ((await trx('break_requests').where('user_id', userId).delete()) === 0) throw new AppError('not_found', 'no break is asked for');
    await deps.audit(trx, { actorId: actor.id, what: 'break.refused', table: 'shifts', rowId: userId });
  });
  deps.bus.emit('break.asked', { userId });
};
