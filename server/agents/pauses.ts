import type { Knex } from 'knex';
import type { Fact } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { remindOfBreak } from './break-end.ts';
import { PauseReason } from './contract.ts';
import { enterState, heldPauses, openState, shiftOf } from './queries.ts';
import { stateOf } from './state.ts';

interface PauseRow {
  user_id: number;
  reason: PauseReason;
  state: 'pausing' | 'paused' | 'lifting';
  since: number;
  /** Of a break: its reason. */
  detail: string | null;
  /** Lifted by itself then. */
  until: number | null;
}

const SWEEP_MS = 5_000;

/** The reason for which the operator gets no calls now; null: none. */
export const pausedFor = async (db: Knex, userId: number): Promise<PauseReason | null> =>
  (await db<PauseRow>('agent_pauses').where('user_id', userId).whereNot('state', 'lifting').orderBy(['since', 'reason']).first())?.reason ??
  null;

/** States that are known without the PBX. Of the others, and of wrap-up, the clock of states knows: they follow from calls. */
const AT_REST: readonly string[] = ['available', 'break', 'unreachable'];

/**
 * What an operator is at by their pauses, in the transaction that changes those: a break or a lost phone is in the table although it was over before
 * the process that hears the PBX looked, or while that process or its bridge was away.
 */
const followPauses = async (deps: Pick<Deps, 'remind'>, trx: Knex, userId: number, at: number): Promise<void> => {
  const open = await openState(trx, userId);
  if (!open || ![...AT_REST, 'wrap-up'].includes(open.state)) return;
  const doing = { activity: null, call: open.call_ref };
  const state = stateOf({ onShift: true, doing, pauses: await heldPauses(trx, userId) });
  if (AT_REST.includes(state.state) && (await enterState(trx, userId, state, at))) await remindOfBreak(deps, trx, userId, state, at);
};

/**
 * Pauses operators in all their queues for as long as there is a reason: the rows of agent_pauses are the truth, and the PBX is made as they say,
 * at once or by the sweep.
 */
export const createPauses = (deps: Pick<Deps, 'db' | 'log' | 'pbx' | 'directory' | 'now' | 'bus' | 'remind'>) => {
  const { db, log, pbx, directory, now, bus } = deps;
  const order = async (userId: number, reason: PauseReason | null): Promise<void> => {
    const phone = (await shiftOf(db, userId)) ?? (await directory.extensionOf(userId));
    if (!phone) return;
    try {
      await pbx(phone.pbx).queuePause({ extension: phone.extension, paused: reason !== null, reason: reason ?? '' });
    } catch (err) {
      // In no queue there is nothing to pause; whoever enters one enters it paused.
      if (!(err instanceof AppError) || err.code !== 'pbx_refused') throw err;
    }
  };

  const settle = async (userId: number): Promise<void> => {
    const mine = () => db<PauseRow>('agent_pauses').where('user_id', userId);
    const rows = await mine();
    if (rows.every((row) => row.state === 'paused')) return;
    const held = rows.filter((row) => row.state !== 'lifting');
    await order(userId, held[0]?.reason ?? null);
    // A reason that came or went meanwhile has its own turn.
    for (const { reason, state } of rows)
      if (state === 'lifting') await mine().where({ reason, state }).delete();
      else await mine().where({ reason, state }).update({ state: 'paused' });
  };

  /** One after the other for one operator, so that the last order is the last word. */
  const turns = new Map<number, Promise<void>>();
  const settleInTurn = (userId: number): Promise<void> => {
    bus.emit('agent.paused', { userId });
    bus.emit('agent.changed', { userId });
    const turn = (turns.get(userId) ?? Promise.resolve())
      .then(() => settle(userId))
      .catch((err: unknown) => log.warn({ err, userId }, 'pause: the PBX did not do it, trying again'))
      .finally(() => {
        if (turns.get(userId) === turn) turns.delete(userId);
      });
    turns.set(userId, turn);
    return turn;
  };

  const sweep = async (): Promise<void> => {
    const waiting: number[] = await db('agent_pauses').whereIn('state', ['pausing', 'lifting']).distinct().pluck('user_id');
    await Promise.all(waiting.map(settleInTurn));
  };

  return {
    /** The operator gets no more calls; in the caller's transaction. `settle` afterwards tells the PBX. */
    async hold(trx: Knex, userId: number, reason: PauseReason, detail: string | null = null, until: number | null = null): Promise<void> {
      // The shift first, as everybody who changes states locks it.
      const shift = await shiftOf(trx, userId).forUpdate();
      const row = { user_id: userId, reason, state: 'pausing', since: now(), detail, until };
      await trx('agent_pauses').insert(row).onConflict(['user_id', 'reason']).ignore();
      await trx<PauseRow>('agent_pauses')
        .where({ user_id: userId, reason, state: 'lifting' })
        .update({ state: 'pausing', since: now(), detail, until });
      if (until !== null)
        await trx<PauseRow>('agent_pauses').where({ user_id: userId, reason }).where('until', '<', until).update({ until });
      if (shift) await followPauses(deps, trx, userId, now());
    },
    async lift(trx: Knex, userId: number, reason: PauseReason): Promise<void> {
      const shift = await shiftOf(trx, userId).forUpdate();
      await trx<PauseRow>('agent_pauses').where({ user_id: userId, reason }).update({ state: 'lifting' });
      if (shift) await followPauses(deps, trx, userId, now());
    },
    settle: settleInTurn,
    /** What the PBX says of a member, where it is not what the rows say: somebody's hand, or a restart. */
    async hear(fact: Extract<Fact, { kind: 'queue.member' }>): Promise<void> {
      if (!fact.present) return;
      const ours = PauseReason.safeParse(fact.reason).success;
      if (fact.paused && !ours) return;
      const user = await directory.userByExtension(fact.pbx, fact.agent);
      if (!user) return;
      const reason = await pausedFor(db, user.id);
      if (fact.paused === (reason !== null)) return;
      if (reason === null && (await db('agent_pauses').where('user_id', user.id).first('user_id'))) return; // is being lifted
      await order(user.id, reason);
    },
    /** @returns stop */
    start(): () => void {
      const run = () => void sweep().catch((err: unknown) => log.error({ err }, 'pauses: sweep failed'));
      const timer = setInterval(run, SWEEP_MS);
      run();
      return () => clearInterval(timer);
    },
  };
};

export type Pauses = ReturnType<typeof createPauses>;
