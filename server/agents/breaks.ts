import type { Knex } from 'knex';
import type { Deps } from '../app.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import type { BreakReason, Shift } from './contract.ts';
import { heldPauses, openState, shiftOf } from './queries.ts';

export const listBreakReasons = (db: Knex): Promise<BreakReason[]> =>
  db('break_reasons').whereNull('archived_at').orderBy(['position', 'code']).select({ code: 'code', label: 'label', limitMinutes: 'limit_minutes' }); // prettier-ignore

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
 * further one. @throws AppError conflict (not_on_shift), invalid (unknown_reason)
 */
export const setBreak = async (
  deps: Pick<Deps, 'db' | 'pauses' | 'audit'>,
  actor: Actor,
  userId: number,
  reason: string | null,
): Promise<void> => {
  if (reason !== null && !(await deps.db('break_reasons').where('code', reason).whereNull('archived_at').first('code')))
    throw new AppError('invalid', 'no such reason', { issues: [{ path: 'body.reason', code: 'unknown_reason' }] });
  await inTransaction(deps.db, async (trx) => {
    if (!(await shiftOf(trx, userId))) throw new AppError('conflict', 'not on shift', { reason: 'not_on_shift' });
    const held = (await heldPauses(trx, userId)).find((pause) => pause.reason === 'break');
    if ((held?.detail ?? null) === reason) return;
    if (held) await deps.pauses.lift(trx, userId, 'break');
    if (reason !== null) await deps.pauses.hold(trx, userId, 'break', reason);
    await deps.audit(trx, {
      actorId: actor.id,
      what: reason === null ? 'break.ended' : 'break.started',
      table: 'shifts',
      rowId: userId,
      details: { reason },
    });
  });
  await deps.pauses.settle(userId);
};
