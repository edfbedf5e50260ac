import type { Knex } from 'knex';
import type { DeviceState, Fact } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import type { AgentState, AgentStateKind, PauseReason } from './contract.ts';
import type { Pauses } from './pauses.ts';
import { shiftOf } from './queries.ts';
import type { ShiftRow } from './queries.ts';

const SWEEP_MS = 5_000;
/** A page that is reloaded registers again within this. */
const GRACE_MS = 2_000;

interface PauseRow {
  user_id: number;
  reason: PauseReason;
  since: number;
}

const heldRows = (db: Knex, where: Partial<PauseRow> = {}): Promise<PauseRow[]> =>
  db<PauseRow>('agent_pauses').where(where).whereNot('state', 'lifting').select('user_id', 'reason', 'since');

type PresenceDeps = Pick<Deps, 'db' | 'log' | 'now' | 'directory'>;

/**
 * Whether the phone in an operator's browser can be rung, and what the phones of all are doing. A phone that is lost pauses its operator in the
 * queues: the PBX says that its registration is gone, or its socket to us has fallen silent, which is known sooner. Its return lifts the pause.
 * Of desk phones the PBX itself knows whom it can ring.
 *
 * @param changed shows the operator their shift as it is now
 */
export const createPresence = (deps: PresenceDeps, pauses: Pauses, changed: (userId: number) => Promise<void>) => {
  const { db, log, now, directory } = deps;
  const devices = new Map<string, { state: DeviceState; at: number }>();
  const silent = new Set<number>();
  const deviceOf = ({ pbx, extension }: Pick<ShiftRow, 'pbx' | 'extension'>) => devices.get(`${pbx} ${extension}`);

  /** null: nothing is known, so nothing is changed. */
  const lost = (shift: ShiftRow | undefined): boolean | null => {
    if (shift?.mode !== 'softphone') return false;
    if (silent.has(shift.user_id)) return true;
    const device = deviceOf(shift);
    return !device || device.state === 'unknown' ? null : device.state === 'unavailable';
  };

  const look = async (userId: number): Promise<void> => {
    const done = await inTransaction(db, async (trx) => {
      const shift = await shiftOf(trx, userId).forUpdate();
      const gone = lost(shift);
      const held = (await heldRows(trx, { user_id: userId, reason: 'unreachable' })).length > 0;
      if (gone === null || gone === held) return false;
      if (gone) await pauses.hold(trx, userId, 'unreachable');
      else await pauses.lift(trx, userId, 'unreachable');
      return true;
    });
    if (!done) return;
    await pauses.settle(userId);
    await changed(userId);
  };

  /** One look at an operator at a time. */
  const turns = new Map<number, Promise<void>>();
  const lookInTurn = (userId: number): Promise<void> => {
    const turn = (turns.get(userId) ?? Promise.resolve())
      .then(() => look(userId))
      .catch((err: unknown) => log.error({ err, userId }, 'presence: not settled'))
      .finally(() => {
        if (turns.get(userId) === turn) turns.delete(userId);
      });
    turns.set(userId, turn);
    return turn;
  };

  const graces = new Set<NodeJS.Timeout>();
  const lookLater = (userId: number): void => {
    const timer = setTimeout(() => {
      graces.delete(timer);
      void lookInTurn(userId);
    }, GRACE_MS);
    graces.add(timer);
  };

  /** Whoever's rows are not as their phone is. */
  const sweep = async (): Promise<void> => {
    const shifts = await db<ShiftRow>('shifts').where('mode', 'softphone');
    const held = new Set((await heldRows(db, { reason: 'unreachable' })).map((row) => row.user_id));
    const settled = now() - GRACE_MS;
    const due = shifts.filter((shift) => {
      const gone = lost(shift);
      return gone !== null && gone !== held.has(shift.user_id) && (silent.has(shift.user_id) || (deviceOf(shift)?.at ?? 0) < settled);
    });
    const over = [...held].filter((userId) => !shifts.some((shift) => shift.user_id === userId));
    await Promise.all([...due.map((shift) => shift.user_id), ...over].map(lookInTurn));
  };

  const kindOf = (shift: ShiftRow, rows: readonly PauseRow[]): AgentStateKind => {
    const device = deviceOf(shift)?.state;
    if (rows.some((row) => row.reason === 'unreachable') || device === 'unavailable') return 'unreachable';
    if (device === 'busy' || device === 'ringing') return device;
    return rows.length > 0 ? 'away' : 'free';
  };

  return {
    async hear(fact: Extract<Fact, { kind: 'agent.state' }>): Promise<void> {
      devices.set(`${fact.pbx} ${fact.agent}`, { state: fact.state, at: now() });
      const user = await directory.userByExtension(fact.pbx, fact.agent);
      if (!user) return;
      if (fact.state === 'unavailable') lookLater(user.id);
      else await lookInTurn(user.id);
    },
    async hearSilence({ userId, silent: on }: { userId: number; silent: boolean }): Promise<void> {
      if (on) silent.add(userId);
      else silent.delete(userId);
      await lookInTurn(userId);
    },
    /** A shift began, ended or goes on by another phone; one in the browser registers first. */
    lookSoon: lookLater,
    /** Of everybody on shift at this PBX. */
    async states(pbx: string): Promise<AgentState[]> {
      const shifts = await db<ShiftRow>('shifts').where({ pbx });
      const rows = await heldRows(db);
      return shifts.map((shift) => {
        const mine = rows.filter((row) => row.user_id === shift.user_id);
        const state = kindOf(shift, mine);
        const paused = mine.find((row) => row.reason === 'unreachable') ?? mine[0];
        const since = state === 'away' || state === 'unreachable' ? paused?.since : deviceOf(shift)?.at;
        return { userId: shift.user_id, extension: shift.extension, state, since: Math.max(since ?? 0, shift.since) };
      });
    },
    /** @returns stop */
    start(): () => void {
      const run = () => void sweep().catch((err: unknown) => log.error({ err }, 'presence: sweep failed'));
      const timer = setInterval(run, SWEEP_MS);
      return () => {
        clearInterval(timer);
        graces.forEach(clearTimeout);
      };
    },
  };
};

export type Presence = ReturnType<typeof createPresence>;

/** Since when the operator's phone has been lost; null: it is there. */
export const unreachableSince = async (db: Knex, userId: number): Promise<number | null> =>
  (await heldRows(db, { user_id: userId, reason: 'unreachable' }))[0]?.since ?? null;
