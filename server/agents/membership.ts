import type { Fact } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { pausedFor } from './pauses.ts';
import { keyOf, memberConfigured, unsettled } from './queries.ts';
import type { QueueRow } from './queries.ts';
import { closeSpans, openSpan } from './spans.ts';

export type MembershipDeps = Pick<Deps, 'db' | 'log' | 'now' | 'pbx' | 'directory'>;

const SWEEP_MS = 15_000;

/**
 * Makes the queues of the PBX as the rows of shift_queues say. The rows are the truth: a command that fails, a PBX that restarts, a member
 * somebody removed by hand are mended by the next sweep.
 */
export const createMembership = (deps: MembershipDeps, changed: (userId: number) => Promise<void>) => {
  const { db, log } = deps;
  /** The last that each PBX said of a member, so that the many repetitions cost nothing. */
  const present = new Map<string, boolean>();

  const done = (row: QueueRow): Promise<number> =>
    inTransaction(db, async (trx) => {
      const mine = trx<QueueRow>('shift_queues').where({ ...keyOf(row), state: row.state }); // unless it was changed meanwhile
      const changed = row.state === 'joining' ? await mine.update({ state: 'joined' }) : await mine.delete();
      if (changed === 0) return 0;
      if (row.state === 'joining') await openSpan(trx, row, deps.now());
      else await closeSpans(trx, { user_id: row.user_id, ...keyOf(row) }, deps.now());
      return changed;
    });

  const order = async (row: QueueRow): Promise<void> => {
    const { queue, extension, penalty } = row;
    if (row.state === 'leaving') return deps.pbx(row.pbx).queueRemove({ queue, extension });
    const user = (await deps.directory.briefs([row.user_id])).get(row.user_id);
    // The name goes into a line of AMI.
    const name = (user?.name ?? extension).replace(/[\u0000-\u001f\u007f,]+/g, ' ').slice(0, 80);
    const reason = await pausedFor(db, row.user_id);
    await deps.pbx(row.pbx).queueAdd({ queue, extension, name, penalty, paused: reason !== null });
    if (reason !== null) await deps.pbx(row.pbx).queuePause({ queue, extension, paused: true, reason });
  };

  /** @returns whether the row is settled now */
  const settleOne = async (row: QueueRow): Promise<boolean> => {
    try {
      await order(row);
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      log.warn(
        { code: err.code, reason: err.message, pbx: row.pbx, queue: row.queue, state: row.state },
        'queue member: the PBX did not do it',
      );
      // It said no to letting go: a member written into queues.conf. Asking again is of no use.
      if (row.state !== 'leaving' || err.code !== 'pbx_refused') return false;
    }
    return (await done(row)) > 0;
  };

  const settle = async (where: Partial<QueueRow>): Promise<void> => {
    const rows = await unsettled(db, where);
    const results = await Promise.all(rows.map(settleOne));
    const users = new Set(rows.filter((_, i) => results[i]).map((row) => row.user_id));
    for (const userId of users) await changed(userId);
  };

  /** One sweep of a PBX at a time: five hundred commands take a while when it is slow. */
  const sweeping = new Map<string, Promise<void>>();
  const sweep = (pbx: string): Promise<void> => {
    const running = sweeping.get(pbx);
    if (running) return running;
    const run = settle({ pbx })
      .catch((err: unknown) => log.error({ err, pbx }, 'queue members: sweep failed'))
      .finally(() => sweeping.delete(pbx));
    sweeping.set(pbx, run);
    return run;
  };

  const rejoin = async (pbx: string, where: Partial<QueueRow> = {}): Promise<void> => {
    await db<QueueRow>('shift_queues').where({ pbx, ...where, state: 'joined' }).update({ state: 'joining' }); // prettier-ignore
    await sweeping.get(pbx);
    await sweep(pbx);
  };

  const member = async (fact: Extract<Fact, { kind: 'queue.member' }>): Promise<void> => {
    const key = { pbx: fact.pbx, queue: fact.queue, extension: fact.agent };
    const name = Object.values(key).join(' ');
    if (present.get(name) === fact.present) return;
    present.set(name, fact.present);
    const row = await db<QueueRow>('shift_queues').where(key).first();
    if (!fact.present) return row?.state === 'joined' ? rejoin(fact.pbx, { queue: fact.queue, extension: fact.agent }) : undefined;
    if (row) return;
    // In a queue that Allo manages, off shift: somebody whose shift ended while the PBX was away.
    const user = await deps.directory.userByExtension(fact.pbx, fact.agent);
    if (!user || !(await memberConfigured(db, fact.pbx, fact.queue, user.id))) return;
    await db('shift_queues').insert({ ...key, user_id: user.id, state: 'leaving', penalty: 0 }).onConflict(['pbx', 'queue', 'extension']).ignore(); // prettier-ignore
    await sweep(fact.pbx);
  };

  return {
    /** Right after a change of the rows of one operator. */
    settleUser: (userId: number): Promise<void> => settle({ user_id: userId }),
    hear: async (fact: Fact): Promise<void> => {
      if (fact.kind === 'pbx.synced') await rejoin(fact.pbx);
      if (fact.kind === 'queue.member') await member(fact);
    },
    /** @returns stop */
    start(pbxs: readonly string[]): () => void {
      const timer = setInterval(() => pbxs.forEach((pbx) => void sweep(pbx)), SWEEP_MS);
      pbxs.forEach((pbx) => void sweep(pbx));
      return () => clearInterval(timer);
    },
  };
};

export type Membership = ReturnType<typeof createMembership>;
