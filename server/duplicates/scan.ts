import type { Deps, Feature } from '../deps.ts';
import { inTransaction, isSqlite } from '../core/db.ts';
import { LIKELY, likeness } from './score.ts';
import { advanceScan, caughtUp, dropPairs, insertPairs, pairOf, pairsWith, readScan, updatePair } from './queries.ts';
import type { Pair } from './queries.ts';

/**
 * Looks at every card that was changed since the last look, in the order of the changes. How far it has come is written with what was found, so that it
 * goes on there after a kill; looking again finds the same pairs.
 */

type ScanDeps = Pick<Deps, 'db' | 'now' | 'clientTraits'>;

/** Cards a transaction; an embedded database answers nobody meanwhile. */
const BATCH = { server: 500, embedded: 100 };
/** Cards that were written just now are left for the next time: a transaction with an earlier time may not have committed yet. */
export const LAG_MS = 60_000;
const SWEEP_MS = 30_000;

/** The cards behind the last one. @returns how many; 0: there is nothing left for now */
export const scanSome = async (
  { db, now, clientTraits }: ScanDeps,
  batch = isSqlite(db) ? BATCH.embedded : BATCH.server,
): Promise<number> => {
  const from = await readScan(db);
  const changed = await clientTraits.changed(db, { at: from.at, id: from.id }, now() - LAG_MS, batch);
  if (changed.length === 0) return 0;
  const ids = changed.map(({ id }) => id);
  const traits = await clientTraits.of(db, ids);
  const here = [...traits.values()].filter(({ archivedAt }) => archivedAt === null);
  const sharers = await clientTraits.sharers(db, here);
  const others = [...new Set([...sharers.values()].flatMap((set) => [...set]))].filter((id) => !traits.has(id));
  for (const [id, one] of await clientTraits.of(db, others)) traits.set(id, one);
  const found = new Map<string, Pair>();
  for (const one of here)
    for (const id of sharers.get(one.id)!) {
      const other = traits.get(id);
      if (!other || other.archivedAt !== null) continue;
      const { score, reasons } = likeness(one, other);
      const { low_id: low, high_id: high } = pairOf(one.id, id);
      if (score >= LIKELY) found.set(`${low}-${high}`, { low, high, score, reasons, foundAt: now() });
    }
  // What was found from the other card, or by a number that very many have by now, is as alike as it is.
  const known = await pairsWith(db, ids);
  const old = new Map(known.map((pair) => [`${pair.low}-${pair.high}`, pair]));
  const unseen = known.filter(({ low, high, state }) => state === 'open' && !found.has(`${low}-${high}`));
  const theirs = unseen.flatMap(({ low, high }) => [low, high]).filter((id) => !traits.has(id));
  for (const [id, one] of await clientTraits.of(db, [...new Set(theirs)])) traits.set(id, one);
  const gone = unseen.filter(({ low, high }) => {
    const [a, b] = [traits.get(low), traits.get(high)];
    return !a || !b || a.archivedAt !== null || b.archivedAt !== null || likeness(a, b).score < LIKELY;
  });
  const last = changed.at(-1)!;
  return inTransaction(db, async (trx) => {
    if (!(await advanceScan(trx, from, { ...last, count: changed.length }))) return changed.length;
    await dropPairs(trx, gone);
    await insertPairs(trx, [...found].filter(([key]) => !old.has(key)).map(([, pair]) => pair)); // prettier-ignore
    for (const [key, pair] of found) {
      const had = old.get(key);
      if (had?.state === 'open' && (had.score !== pair.score || had.reasons.join() !== pair.reasons.join())) await updatePair(trx, pair);
    }
    return changed.length;
  });
};

/** Until nothing is left, or `going` says no. */
export const scanAll = async (deps: ScanDeps, going: () => boolean = () => true): Promise<void> => {
  while (going()) {
    if ((await scanSome(deps)) === 0) return caughtUp(deps.db, deps.now());
    // Pages come in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
};

export const scanJobs =
  (deps: ScanDeps & Pick<Deps, 'jobs' | 'log' | 'bus' | 'clientMerging'>): NonNullable<Feature['start']> =>
  async (roles) => {
    if (!roles.has('worker')) return () => {};
    let stopped = false;
    let busy = false;
    deps.jobs.handle('duplicates.scan', async () => {
      if (busy) return;
      busy = true;
      try {
        for (const id of await deps.clientMerging.gatherLate(deps.now())) deps.bus.emit('client.changed', { id, history: true });
        await scanAll(deps, () => !stopped);
      } finally {
        busy = false;
      }
    });
    const sweep = () => deps.jobs.add('duplicates.scan', {}).catch((err: unknown) => deps.log.warn({ err }, 'duplicates: scan'));
    const timer = setInterval(sweep, SWEEP_MS);
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  };
