import type { Fact } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { createActivities } from './activity.ts';
import type { Doing } from './activity.ts';
import { remindOfBreak } from './break-end.ts';
import { enterState, heldPauses, shiftOf } from './queries.ts';
import type { ShiftRow } from './queries.ts';
import { stateOf } from './state.ts';

const SWEEP_MS = 10_000;

/**
 * Writes what operators are at, in the process that has the bridge: it hears of calls first, and in order. Of a PBX whose bridge is away, or is
 * another process's, nothing is known and nothing is written: what pauses alone make of an operator is written with them. Shifts and pauses are rows,
 * and tell of their changes on the bus; a sweep finds what the bus lost.
 */
export const createStateClock = (deps: Pick<Deps, 'db' | 'log' | 'now' | 'bus' | 'directory' | 'remind'>) => {
  const { db, log, now, directory } = deps;
  const activities = createActivities();
  const ours = new Set<string>();
  let looking: Promise<void> = Promise.resolve();

  const write = async (userId: number, doing: (shift: ShiftRow) => Doing, at: number): Promise<void> => {
    const changed = await inTransaction(db, async (trx) => {
      // Locked, so that the end of the shift comes wholly before or after.
      const shift = await shiftOf(trx, userId).forUpdate();
      if (!shift || !ours.has(shift.pbx)) return false;
      const state = stateOf({ onShift: true, doing: doing(shift), pauses: await heldPauses(trx, userId) });
      if (!(await enterState(trx, userId, state, at))) return false;
      await remindOfBreak(deps, trx, userId, state, at);
      return true;
    });
    if (changed) deps.bus.emit('agent.changed', { userId });
  };

  /** One after the other for one operator; what they were at is of the moment of the call, not of its turn. */
  const turns = new Map<number, Promise<void>>();
  const inTurn = (userId: number, doing: (shift: ShiftRow) => Doing, at: number): Promise<void> => {
    const turn = (turns.get(userId) ?? Promise.resolve())
      .then(() => write(userId, doing, at))
      .catch((err: unknown) => log.error({ err, userId }, 'states: not written'))
      .finally(() => {
        if (turns.get(userId) === turn) turns.delete(userId);
      });
    turns.set(userId, turn);
    return turn;
  };
  const look = (userId: number): Promise<void> => inTurn(userId, ({ pbx, extension }) => activities.of(pbx, extension), now());

  const followPhone = async (pbx: string, extension: string, doing: Doing, at: number): Promise<void> => {
    const user = await directory.userByExtension(pbx, extension);
    const is = (shift: ShiftRow) => shift.pbx === pbx && shift.extension === extension;
    if (user) void inTurn(user.id, (shift) => (is(shift) ? doing : activities.of(shift.pbx, shift.extension)), at);
  };

  const sweep = async (): Promise<void> => {
    if (ours.size === 0) return;
    const users: number[] = await db('shifts')
      .whereIn('pbx', [...ours])
      .pluck('user_id');
    for (const userId of users) await look(userId);
  };
  const sweepNow = () => void sweep().catch((err: unknown) => log.error({ err }, 'states: sweep failed'));

  const stops = [deps.bus.on('shift.changed', ({ userId }) => look(userId)), deps.bus.on('agent.paused', ({ userId }) => look(userId))];
  const timer = setInterval(sweepNow, SWEEP_MS);

  return {
    hear(fact: Fact): void {
      if (fact.kind === 'pbx.status' && fact.status.state !== 'connected') ours.delete(fact.pbx);
      const changed = activities.hear(fact);
      for (const extension of changed) {
        const doing = activities.of(fact.pbx, extension);
        const at = now();
        // In the order of the facts, though one lookup may take longer than the next.
        looking = looking
          .then(() => followPhone(fact.pbx, extension, doing, at))
          .catch((err: unknown) => log.error({ err }, 'states: whose phone?'));
      }
      if (fact.kind !== 'pbx.synced') return;
      ours.add(fact.pbx);
      sweepNow();
    },
    async close(): Promise<void> {
      clearInterval(timer);
      stops.forEach((stop) => stop());
      await looking;
      await Promise.all(turns.values());
    },
  };
};
