import type { Logger } from 'pino';
import type { Fact } from '../../cti/index.ts';
import { isSqlite } from '../core/db.ts';
import { CallRef } from './contract.ts';
import { refOf } from './shape.ts';
import { closeLost, writeCall } from './write.ts';
import type { Work, WriteDeps } from './write.ts';

export interface CallWriter {
  /** Takes a fact; returns at once, never throws. */
  hear(fact: Fact): void;
  /** Calls that wait to be written, and what had to be given up since the start. */
  stats(): { waiting: number; dropped: number };
  /** Resolves when all that was heard is written, or after the time. @returns how many calls were not */
  drain(timeoutMs: number): Promise<number>;
  /** Writes what it can in a few seconds and stops. */
  close(): Promise<void>;
}

export interface WriterOptions {
  /** Calls that may wait while the database is away; beyond it new ones are given up, for the journal to fill in. */
  readonly maxWaiting?: number;
  readonly retryMs?: number;
}

/** Keys of calls that were merged away, remembered so that a late fact does not bring their row back. */
const MAX_MERGED = 10_000;
/** Tries of a write that fails although the database answers: a fault of ours or of the data. */
const MAX_TRIES = 5;
const CLOSE_MS = 3_500;

interface Lane {
  next: Work | null;
  running: boolean;
  tries: number;
  /** Was merged into another: what is left of it is not written. */
  gone: boolean;
  /** Calls whose last write has to end before this one's begins. */
  after: Promise<void>[];
  idle: Promise<void>;
  settle: () => void;
}

const newLane = (): Lane => {
  let settle = () => {};
  const idle = new Promise<void>((resolve) => (settle = resolve));
  return { next: null, running: false, tries: 0, gone: false, after: [], idle, settle };
};

/** Of two states of one call that wait, the later is written; what either asked for besides stays asked for. */
const combine = (earlier: Work | null, later: Work): Work =>
  earlier ? { ...later, adopted: earlier.adopted || later.adopted, merged: [...new Set([...earlier.merged, ...later.merged])] } : later;

/**
 * The call log's writer, in the process of the bridge: the facts of one call are written in order, different calls at the same time, and of
 * several that wait for one call only the last, since each carries the whole call. It writes nothing twice, so it may be killed at any moment.
 */
export const createCallWriter = (
  deps: WriteDeps & { log: Logger },
  { maxWaiting = 20_000, retryMs = 500 }: WriterOptions = {},
): CallWriter => {
  const log = deps.log;
  const parallel = isSqlite(deps.db) ? 1 : 6;
  const lanes = new Map<string, Lane>();
  const ready = new Set<string>();
  const merged = new Set<string>();
  const syncs = new Set<{ pbx: string; spared: Set<string> }>();
  let active = 0;
  let dropped = 0;
  let failures = 0;
  let retry: NodeJS.Timeout | null = null;
  let stopped = false;
  let soon = false;

  const drop = (fields: object, why: string) => {
    dropped += 1;
    if (dropped === 1 || dropped % 1000 === 0) log.error({ ...fields, dropped }, why);
  };

  const databaseAnswers = () =>
    deps.db.raw('select 1').then(
      () => true,
      () => false,
    );

  const pauseMs = () => Math.min(15_000, retryMs * 2 ** Math.min(failures - 1, 6)) * (0.75 + Math.random() / 2);

  const release = (ref: string, lane: Lane) => {
    ready.delete(ref);
    lanes.delete(ref);
    lane.settle();
  };

  const failed = async (ref: string, lane: Lane, work: Work, err: unknown) => {
    const away = !(await databaseAnswers());
    lane.tries = away ? 0 : lane.tries + 1;
    failures += 1;
    if (lane.tries >= MAX_TRIES) {
      log.error({ err, call: ref }, 'call log: gave up a call that cannot be written');
      dropped += 1;
      lane.tries = 0;
      return;
    }
    if (failures === 1 || !away)
      log.warn({ err, call: ref, waiting: lanes.size }, away ? 'call log: database away, waiting' : 'call log: write failed, trying again');
    lane.next = lane.next ? combine(work, lane.next) : work;
  };

  const run = async (ref: string, lane: Lane) => {
    const work = lane.next!;
    lane.next = null;
    lane.running = true;
    active += 1;
    try {
      await Promise.all(lane.after.splice(0));
      if (!lane.gone) await writeCall(deps, work);
      if (failures > 0) log.info({ waiting: lanes.size }, 'call log: writing again');
      failures = 0;
      lane.tries = 0;
    } catch (err) {
      await failed(ref, lane, work, err);
    }
    active -= 1;
    lane.running = false;
    if (!lane.next || lane.gone || stopped) release(ref, lane);
    else ready.add(ref);
    pump();
  };

  const pump = () => {
    if (stopped || retry) return;
    if (failures > 0 && ready.size > 0) {
      // One call is the probe; the others wait for it.
      if (active > 0) return;
      retry = setTimeout(() => {
        retry = null;
        start();
      }, pauseMs());
      return;
    }
    while (active < parallel && ready.size > 0) start();
  };

  /** After what the fact wakes up besides: the ring of a phone must not wait for the building of statements. */
  const pumpSoon = () => {
    if (soon) return;
    soon = true;
    setImmediate(() => {
      soon = false;
      pump();
    });
  };

  const start = () => {
    const [ref] = ready;
    if (ref === undefined || stopped) return;
    ready.delete(ref);
    void run(ref, lanes.get(ref)!);
  };

  const queue = (ref: string, work: Work) => {
    let lane = lanes.get(ref);
    if (!lane) {
      if (lanes.size >= maxWaiting)
        return drop({ pbx: work.call.pbx, waiting: lanes.size }, 'call log: buffer full, calls are given up until the journal is read');
      lane = newLane();
      lanes.set(ref, lane);
    }
    lane.next = combine(lane.next, work);
    if (!lane.running) ready.add(ref);
    pumpSoon();
    return lane;
  };

  const mergeAway = (ref: string): Promise<void> | null => {
    merged.add(ref);
    if (merged.size > MAX_MERGED) merged.delete(merged.values().next().value!);
    const lane = lanes.get(ref);
    if (!lane) return null;
    lane.gone = true;
    if (!lane.running) release(ref, lane);
    return lane.running ? lane.idle : null;
  };

  const sync = async (pbx: string, at: number, live: ReadonlySet<string>) => {
    const mine = { pbx, spared: new Set<string>() };
    syncs.add(mine);
    await Promise.all([...lanes.values()].map((lane) => lane.idle));
    for (let tries = 1; !stopped; tries += 1) {
      try {
        const closed = await closeLost(deps, pbx, at, live, mine.spared);
        if (closed > 0) log.warn({ pbx, closed }, 'call log: calls ended while the bridge was away');
        break;
      } catch (err) {
        log.warn({ err, pbx }, 'call log: could not look for calls that ended unseen, trying again');
        await new Promise((resolve) => setTimeout(resolve, Math.min(15_000, retryMs * 2 ** Math.min(tries, 6))));
      }
    }
    syncs.delete(mine);
  };

  const hear = (fact: Fact): void => {
    if (stopped) return;
    if (fact.kind === 'pbx.synced') return void sync(fact.pbx, fact.at, new Set(fact.live));
    if (!('call' in fact)) return;
    const ref = refOf(fact.pbx, fact.key);
    if (!CallRef.safeParse(ref).success) return drop({ pbx: fact.pbx, length: ref.length }, 'call log: a call whose key cannot be one');
    for (const s of syncs) if (s.pbx === fact.pbx) s.spared.add(fact.key);
    if (merged.has(ref)) return;
    const goes = fact.kind === 'call.merged' && fact.merged !== fact.key ? fact.merged : null;
    const before = goes === null ? null : mergeAway(refOf(fact.pbx, goes));
    const lane = queue(ref, { call: fact.call, at: fact.at, adopted: fact.kind === 'call.adopted', merged: goes === null ? [] : [goes] });
    if (lane && before) lane.after.push(before);
  };

  const drain = async (timeoutMs: number) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), timeoutMs)));
    while (lanes.size > 0 || syncs.size > 0) {
      const all = Promise.all([...lanes.values()].map((lane) => lane.idle)).then(() => new Promise((resolve) => setTimeout(resolve, 5)));
      if ((await Promise.race([all, late])) === 'late') break;
    }
    clearTimeout(timer);
    return lanes.size;
  };

  return {
    hear,
    stats: () => ({ waiting: lanes.size, dropped }),
    drain,
    async close() {
      const left = await drain(CLOSE_MS);
      if (left > 0) log.error({ left }, 'call log: stopped with calls unwritten');
      stopped = true;
      if (retry) clearTimeout(retry);
      for (const [ref, lane] of lanes) if (!lane.running) release(ref, lane);
    },
  };
};
