import type { Knex } from 'knex';
import type { Fact } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { PauseReason } from './contract.ts';
import { shiftOf } from './queries.ts';

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

/**
 * Pauses operators in all their queues for as long as there is a reason: the rows of agent_pauses are the truth, and the PBX is made as they say,
 * at once or by the sweep.
 */
export const createPauses = ({ db, log, pbx, directory, now, bus }: Pick<Deps, 'db' | 'log' | 'pbx' | 'directory' | 'now' | 'bus'>) => {
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
      const row = { user_id: userId, reason, state: 'pausing', since: now(), detail, until };
      await trx('agent_pauses').insert(row).onConflict(['user_id', 'reason']).ignore();
      await trx<PauseRow>('agent_pauses')
        .where({ user_id: userId, reason, state: 'lifting' })
        .update({ state: 'pausing', since: now(), detail, until });
      if (until !== null)
        await trx<PauseRow>('agent_pauses').where({ user_id: userId, reason }).where('until', '<', until).update({ until });
    },
    async lift(trx: Knex, userId: number, reason: PauseReason): Promise<void> {
      await trx<PauseRow>('agent_pauses').where({ user_id: userId, reason }).update({ state: 'lifting' });
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
