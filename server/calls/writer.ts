import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { Fact } from '../../cti/index.ts';
import { isFull } from '../core/db-errors.ts';
import { CallRef } from './contract.ts';
import { closeLost } from './lost.ts';
import { refOf } from './shape.ts';
import { writeCalls } from './write.ts';
import type { Work, WriteDeps } from './write.ts';

/** Since the start, and of now. */
export interface WriterStats {
  /** Calls that wait to be written. */
  readonly waiting: number;
  /** ms since the oldest fact that is not written yet was heard; 0: all are. */
  readonly lagMs: number;
  /** States of calls that were written, and transactions that did it. */
  readonly written: number;
  readonly batches: number;
  /** Calls that had to be given up. */
  readonly dropped: number;
}

export interface CallWriter {
  /** Takes a fact; returns at once, never throws. */
  hear(fact: Fact): void;
  stats(): WriterStats;
  /** Resolves when all that was heard is written, or after the time. @returns how many calls were not */
  drain(timeoutMs: number): Promise<number>;
  /** Writes what it can in a few seconds and stops. */
  close(): Promise<void>;
}

export interface WriterOptions {
  /** Calls that may wait while the database is away; beyond it new ones are given up, for the journal to fill in. */
  readonly maxWaiting?: number;
  readonly retryMs?: number;
  /** ms from the beginning of one transaction to the next, at least: what comes meanwhile shares it. */
  readonly gatherMs?: number;
}

/** Keys of calls that were merged away, remembered so that a late fact does not bring their row back. */
const MAX_MERGED = 10_000;
/** Tries of a write that fails although the database answers: a fault of ours or of the data. */
const MAX_TRIES = 5;
/** Calls of one transaction. */
const MAX_BATCH = 200;
const CLOSE_MS = 3_500;

interface Lane {
  readonly ref: string;
  next: Work | null;
  /** When the first fact of `next` was heard. */
  since: number;
  writing: { readonly work: Work; readonly since: number } | null;
  tries: number;
  /** Was merged into another: what is left of it is not written. */
  gone: boolean;
  readonly idle: Promise<void>;
  readonly settle: () => void;
}

const newLane = (ref: string): Lane => {
  let settle = () => {};
  const idle = new Promise<void>((resolve) => (settle = resolve));
  return { ref, next: null, since: 0, writing: null, tries: 0, gone: false, idle, settle };
};

/** Of two states of one call that wait, the later is written; what either asked for besides stays asked for. */
const combine = (earlier: Work | null, later: Work): Work =>
  earlier ? { ...later, adopted: earlier.adopted || later.adopted, merged: [...new Set([...earlier.merged, ...later.merged])] } : later;

/**
 * The call log's writer, in the process of the bridge. One transaction at a time takes all calls that have news: hundreds share its dozen
 * statements and its flush to the disk, and of several facts of one call only the last is written, since each carries the whole call. So the
 * busier it is, the less a call costs. It writes nothing twice, so it may be killed at any moment.
 */
export const createCallWriter = (
  deps: WriteDeps & { log: Logger },
  { maxWaiting = 20_000, retryMs = 500, gatherMs = 50 }: WriterOptions = {},
): CallWriter => {
  const log = deps.log;
  const lanes = new Map<string, Lane>();
  const ready = new Set<Lane>();
  const merged = new Set<string>();
  const syncs = new Set<{ pbx: string; spared: Set<string> }>();
  let written = 0;
  let batches = 0;
  let dropped = 0;
  let failures = 0;
  let turning = false;
  let timer: NodeJS.Timeout | null = null;
  let lastBegan = -Infinity;
  let stopped = false;

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

  const release = (lane: Lane) => {
    ready.delete(lane);
    lanes.delete(lane.ref);
    lane.settle();
  };

  const done = (lane: Lane) => {
    lane.tries = 0;
    lane.writing = null;
    written += 1;
  };

  const failed = (lane: Lane, away: boolean, err: unknown) => {
    const { work, since } = lane.writing!;
    lane.writing = null;
    lane.tries = away ? 0 : lane.tries + 1;
    if (lane.tries >= MAX_TRIES) {
      log.error({ err, call: lane.ref }, 'call log: gave up a call that cannot be written');
      dropped += 1;
      lane.tries = 0;
      return;
    }
    lane.next = lane.next ? combine(work, lane.next) : work;
    lane.since = since;
  };

  /** All together; when they cannot be, one half and then the other, so that one that cannot be written is found and the others are. */
  const write = async (batch: readonly Lane[]): Promise<void> => {
    try {
      await writeCalls(
        deps,
        batch.map((lane) => lane.writing!.work),
      );
    } catch (err) {
      const away = isFull(err) || !(await databaseAnswers());
      if (!away && batch.length > 1) {
        const half = batch.length >> 1;
        await write(batch.slice(0, half));
        return write(batch.slice(half));
      }
      failures += 1;
      if (failures === 1 || !away) {
        const about = { err, call: batch[0]!.ref, waiting: lanes.size };
        log.warn(about, away ? 'call log: the database takes nothing, waiting' : 'call log: write failed, trying again');
      }
      for (const lane of batch) failed(lane, away, err);
      return;
    }
    if (failures > 0) log.info({ waiting: lanes.size }, 'call log: writing again');
    failures = 0;
    batches += 1;
    batch.forEach(done);
  };

  const turn = async (): Promise<void> => {
    turning = true;
    lastBegan = performance.now();
    const batch: Lane[] = [];
    // after a failure one call is the probe, and the others wait for it
    const most = failures > 0 ? 1 : MAX_BATCH;
    for (const lane of ready) {
      if (batch.length === most) break;
      batch.push(lane);
      lane.writing = { work: lane.next!, since: lane.since };
      lane.next = null;
      ready.delete(lane);
    }
    await write(batch);
    for (const lane of batch) {
      if (!lane.next || lane.gone || stopped) release(lane);
      else ready.add(lane);
    }
    turning = false;
    pump();
  };

  /** Never within the fact that wakes it: the ring of a phone must not wait for the building of statements. */
  const pump = () => {
    if (stopped || turning || timer || ready.size === 0) return;
    const wait = failures > 0 ? pauseMs() : Math.max(0, lastBegan + gatherMs - performance.now());
    timer = setTimeout(() => {
      timer = null;
      void turn();
    }, wait);
  };

  const queue = (ref: string, work: Work): void => {
    let lane = lanes.get(ref);
    if (!lane) {
      if (lanes.size >= maxWaiting)
        return drop({ pbx: work.call.pbx, waiting: lanes.size }, 'call log: buffer full, calls are given up until the journal is read');
      lane = newLane(ref);
      lanes.set(ref, lane);
    }
    if (!lane.next) lane.since = performance.now();
    lane.next = combine(lane.next, work);
    if (!lane.writing) ready.add(lane);
    pump();
  };

  /** @returns what it had swallowed itself, which may not be written yet */
  const mergeAway = (ref: string): readonly string[] => {
    merged.add(ref);
    if (merged.size > MAX_MERGED) merged.delete(merged.values().next().value!);
    const lane = lanes.get(ref);
    if (!lane) return [];
    lane.gone = true;
    if (!lane.writing) release(lane);
    return [...(lane.writing?.work.merged ?? []), ...(lane.next?.merged ?? [])];
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
    const gone = goes === null ? [] : [...mergeAway(refOf(fact.pbx, goes)), goes];
    queue(ref, { call: fact.call, at: fact.at, adopted: fact.kind === 'call.adopted', merged: gone });
  };

  const drain = async (timeoutMs: number) => {
    let late: NodeJS.Timeout | undefined;
    const timeout = new Promise<'late'>((resolve) => (late = setTimeout(() => resolve('late'), timeoutMs)));
    while (lanes.size > 0 || syncs.size > 0) {
      const all = Promise.all([...lanes.values()].map((lane) => lane.idle)).then(() => new Promise((resolve) => setTimeout(resolve, 5)));
      if ((await Promise.race([all, timeout])) === 'late') break;
    }
    clearTimeout(late);
    return lanes.size;
  };

  const oldest = (): number => {
    let since = Infinity;
    for (const lane of lanes.values()) since = Math.min(since, lane.writing?.since ?? lane.since);
    return since;
  };

  return {
    hear,
    stats: () => ({ waiting: lanes.size, lagMs: lanes.size === 0 ? 0 : performance.now() - oldest(), written, batches, dropped }),
    drain,
    async close() {
      const left = await drain(CLOSE_MS);
      if (left > 0) log.error({ left }, 'call log: stopped with calls unwritten');
      stopped = true;
      if (timer) clearTimeout(timer);
      for (const lane of lanes.values()) if (!lane.writing) release(lane);
    },
  };
};
