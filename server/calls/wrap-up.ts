import type { Knex } from 'knex';
import type { Call, Fact } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { splitRef } from './queries.ts';
import { extensionsOf, placeOf, refOf } from './shape.ts';
import { dueWrapUps, filedBy, hasOutcome, readWrapUp, rowsOf } from './wrap-up-rows.ts';
import type { CallKey, WrapUpRow } from './wrap-up-rows.ts';

export type WrapUpDeps = Pick<Deps, 'db' | 'log' | 'now' | 'directory' | 'queueAfterCall' | 'pauses' | 'push' | 'audit'>;

const SWEEP_MS = 1_000;
/** A call that the log has not got after this long will not come. */
const ORPHAN_MS = 60_000;
/** Of a press of "more time" in a queue whose own time is shorter. */
const LEAST_EXTENSION_S = 30;

/**
 * The time after a call. An operator of a queue with wrap-up is paused when the call *connects*, which does not touch the call, so that nothing can
 * ring between the hang-up and the form; and gets calls again when they say so, have said how it ended, or the time is up. The rows of wrap_ups are
 * the truth: whatever the bus or a process loses, the sweep, the snapshot of the bridge and the next fact of the call mend.
 */
export const createWrapUps = (deps: WrapUpDeps) => {
  const { db, log, now, directory, pauses } = deps;
  /** What was last seen of an operator in a call that is up, so that most facts cost no query. */
  const seen = new Map<string, Map<number, 'talking' | 'ended'>>();

  const told = async (userId: number): Promise<void> => {
    await pauses.settle(userId);
    deps.push([userId], { topic: 'wrap-up', wrapUp: await readWrapUp(db, userId) });
  };

  /** The PBX may take its time: the next fact does not wait for it. */
  const tell = (userId: number): void => void told(userId).catch((err: unknown) => log.error({ err, userId }, 'wrap-up: not shown'));

  /** In a transaction: this wrap-up is over. The pause stays while they have another. */
  const drop = async (trx: Knex, row: Pick<WrapUpRow, 'user_id'> & CallKey): Promise<void> => {
    const { user_id, pbx, linkedid } = row;
    await rowsOf(trx, { user_id, pbx, linkedid }).delete();
    if (!(await rowsOf(trx, { user_id }).first('user_id'))) await pauses.lift(trx, user_id, 'wrap-up');
  };

  const begin = async (userId: number, { pbx, key, queue }: Call): Promise<void> => {
    const rule = queue === null ? null : await deps.queueAfterCall(pbx, queue);
    if (!rule || (rule.seconds === 0 && !rule.required)) return;
    const id = { user_id: userId, pbx, linkedid: key };
    await inTransaction(db, async (trx) => {
      if ((await rowsOf(trx, id).forUpdate().first())?.phase === 'talk') return;
      const { seconds, maxSeconds: max_seconds, required } = rule;
      await trx('wrap_ups')
        .insert({ ...id, queue, phase: 'talk', since: now(), until: null, seconds, max_seconds, required })
        .onConflict(['user_id', 'pbx', 'linkedid'])
        .merge();
      await pauses.hold(trx, userId, 'wrap-up');
    });
    tell(userId);
  };

  /** The talk is over: the clock begins. What they have said of the call already ends the wrap-up at once. */
  const finish = async (userId: number, key: CallKey): Promise<void> => {
    const id = { user_id: userId, pbx: key.pbx, linkedid: key.linkedid };
    if (!(await rowsOf(db, id).first('user_id'))) return; // most queues have no wrap-up
    const changed = await inTransaction(db, async (trx) => {
      const row = await rowsOf(trx, id).forUpdate().first();
      if (row?.phase !== 'talk') return false;
      const required = Boolean(row.required) && !(await hasOutcome(trx, key));
      if ((await filedBy(trx, key, userId, row.since)) || (row.seconds === 0 && !required)) await drop(trx, row);
      else {
        const since = now();
        await rowsOf(trx, id).update({ phase: 'wrap', since, until: since + row.seconds * 1000, required });
      }
      return true;
    });
    if (changed) tell(userId);
  };

  const follow = async (call: Call): Promise<void> => {
    const ref = refOf(call.pbx, call.key);
    const before = seen.get(ref) ?? new Map<number, 'talking' | 'ended'>();
    if (call.endedAt === null) seen.set(ref, before);
    else seen.delete(ref);
    if (call.queue === null || call.direction === 'internal') return;
    for (const extension of extensionsOf(call)) {
      const phase = placeOf(call, extension)?.phase;
      if (phase !== 'talking' && phase !== 'ended') continue;
      const user = await directory.userByExtension(call.pbx, extension);
      if (!user || before.get(user.id) === phase) continue;
      before.set(user.id, phase);
      if (phase === 'talking') await begin(user.id, call);
      else await finish(user.id, { pbx: call.pbx, linkedid: call.key });
    }
  };

  /** Two calls became one. */
  const move = async (pbx: string, from: string, to: string): Promise<void> => {
    seen.delete(refOf(pbx, from));
    for (const row of await rowsOf(db, { pbx, linkedid: from })) {
      await inTransaction(db, async (trx) => {
        const have = await rowsOf(trx, { user_id: row.user_id, pbx, linkedid: to }).first();
        const mine = rowsOf(trx, { user_id: row.user_id, pbx, linkedid: from });
        await (have ? mine.delete() : mine.update({ linkedid: to }));
      });
    }
  };

  /** The bridge has told all calls that are up: whoever still talks in another has stopped unseen. */
  const synced = async (pbx: string, at: number, live: ReadonlySet<string>): Promise<void> => {
    const talks = await rowsOf(db, { pbx, phase: 'talk' }).where('since', '<', at);
    for (const row of talks) if (!live.has(row.linkedid)) await finish(row.user_id, row);
  };

  const take = async (fact: Fact): Promise<void> => {
    if (fact.kind === 'pbx.synced') return synced(fact.pbx, fact.at, new Set(fact.live));
    if (!('call' in fact)) return;
    if (fact.kind === 'call.merged' && fact.merged !== fact.key) await move(fact.pbx, fact.merged, fact.key);
    await follow(fact.call);
  };

  const sweep = async (): Promise<void> => {
    for (const row of await dueWrapUps(db, now(), ORPHAN_MS)) {
      await inTransaction(db, (trx) => drop(trx, row));
      tell(row.user_id);
    }
  };

  const mine = (userId: number) => rowsOf(db, { user_id: userId, phase: 'wrap' });

  /** The facts of one call in their order: an end must not overtake its beginning. What concerns several calls waits for all, and they for it. */
  const lanes = new Map<string, Promise<void>>();
  let gate: Promise<unknown> = Promise.resolve();
  const after = (before: Promise<unknown>, fact: Fact): Promise<void> =>
    before.then(() => take(fact)).catch((err: unknown) => log.error({ err }, 'wrap-up: a fact was missed'));

  return {
    hear(fact: Fact): void {
      if (fact.kind === 'pbx.synced' || fact.kind === 'call.merged') {
        gate = after(Promise.all([gate, ...lanes.values()]), fact);
        return;
      }
      if (!('call' in fact) || fact.call.queue === null) return;
      const ref = refOf(fact.pbx, fact.key);
      const lane = after(Promise.all([gate, lanes.get(ref)]), fact).finally(() => {
        if (lanes.get(ref) === lane) lanes.delete(ref);
      });
      lanes.set(ref, lane);
    },

    read: (userId: number) => readWrapUp(db, userId),

    /** In the transaction that files an outcome. @returns whom it frees; `told` them afterwards */
    async filed(trx: Knex, ref: string): Promise<number[]> {
      const freed = await rowsOf(trx, { ...splitRef(ref), phase: 'wrap' });
      for (const row of freed) await drop(trx, row);
      return freed.map((row) => row.user_id);
    },
    told,

    /** "Ready": calls again. @throws AppError conflict when the queue demands an outcome first */
    async ready(userId: number): Promise<void> {
      const rows = await mine(userId);
      for (const row of rows)
        if (row.required && !(await hasOutcome(db, row)))
          throw new AppError('conflict', 'the queue demands an outcome', {
            reason: 'outcome_required',
            ref: refOf(row.pbx, row.linkedid),
          });
      await inTransaction(db, async (trx) => {
        for (const row of rows) await drop(trx, row);
      });
      await told(userId);
    },

    /** More time, as far as the queue allows. */
    async extend(actor: Actor): Promise<void> {
      const rows = await mine(actor.id);
      let longer = 0;
      for (const row of rows) {
        const wanted = Math.max(row.until ?? 0, now()) + Math.max(row.seconds, LEAST_EXTENSION_S) * 1000;
        const until = Math.min(wanted, row.since + row.max_seconds * 1000);
        if (until <= (row.until ?? 0)) continue;
        const { user_id, pbx, linkedid } = row;
        longer += await rowsOf(db, { user_id, pbx, linkedid, phase: 'wrap' }).update({ until });
      }
      if (longer === 0) throw new AppError('conflict', 'no more time is allowed', { reason: 'no_more_time' });
      await told(actor.id);
    },

    /** @returns stop */
    start(): () => void {
      const timer = setInterval(() => void sweep().catch((err: unknown) => log.error({ err }, 'wrap-ups: sweep failed')), SWEEP_MS);
      return () => clearInterval(timer);
    },
  };
};

export type WrapUps = ReturnType<typeof createWrapUps>;
