import type { AlarmStep, ClockKind, Status } from './contract.ts';

/** Working time. between: ms of it in [from, to). add: the first moment by which `ms` of it have passed since `from`; ms > 0. Pure. */
export interface Working {
  add(from: number, ms: number): number;
  between(from: number, to: number): number;
}

/** Round the clock. */
export const ALWAYS: Working = { add: (from, ms) => from + ms, between: (from, to) => Math.max(0, to - from) };

/** ms of working time; null: no such clock. */
export type Targets = Readonly<Record<ClockKind, number | null>>;

/** What happened to a complaint, in order. answered: we wrote or told the client; wrote: the client did. */
export interface Happening {
  readonly at: number;
  readonly what: Status | 'answered' | 'wrote';
}

/** When it ran, [from, to]; an open interval runs. `stoppedAt` null: it goes on, or is paused. */
export interface RunClock {
  readonly kind: ClockKind;
  readonly round: number;
  readonly startedAt: number;
  readonly targetMs: number;
  readonly ran: readonly (readonly [from: number, to: number | null])[];
  readonly stoppedAt: number | null;
}

const DONE: ReadonlySet<string> = new Set<Status>(['resolved', 'closed', 'merged']);
const PAUSABLE: readonly ClockKind[] = ['first-answer', 'next-answer', 'resolve'];

interface Running {
  kind: ClockKind;
  round: number;
  startedAt: number;
  targetMs: number;
  ran: [number, number | null][];
  stoppedAt: number | null;
}

/** A run through the story, that starts, pauses and stops clocks. */
class Run {
  readonly clocks: Running[] = [];
  private readonly targets: Targets;
  private status: Status = 'new';
  constructor(targets: Targets) {
    this.targets = targets;
  }

  private live(kind: ClockKind): Running | undefined {
    return this.clocks.findLast((clock) => clock.kind === kind && clock.stoppedAt === null);
  }
  start(kind: ClockKind, at: number): void {
    const targetMs = this.targets[kind];
    if (targetMs === null || this.live(kind)) return;
    const paused = this.status === 'waiting-client' && PAUSABLE.includes(kind);
    const round = this.clocks.filter((clock) => clock.kind === kind).length + 1;
    this.clocks.push({ kind, round, startedAt: at, targetMs, ran: paused ? [] : [[at, null]], stoppedAt: null });
  }
  private hold(clock: Running, at: number): void {
    const last = clock.ran.at(-1);
    if (last && last[1] === null) last[1] = at;
  }
  private stop(kind: ClockKind, at: number): void {
    const clock = this.live(kind);
    if (!clock) return;
    this.hold(clock, at);
    clock.stoppedAt = at;
  }

  happen({ at, what }: Happening): void {
    if (what === 'answered') {
      this.stop('acknowledge', at);
      this.stop('first-answer', at);
      this.stop('next-answer', at);
    } else if (what === 'wrote') {
      if (!DONE.has(this.status) && !this.live('first-answer')) this.start('next-answer', at);
    } else this.turn(what, at);
  }

  private turn(status: Status, at: number): void {
    const before = this.status;
    this.status = status;
    if (status !== 'new') this.stop('acknowledge', at);
    if (DONE.has(status)) {
      for (const kind of PAUSABLE) this.stop(kind, at);
      return;
    }
    const live = PAUSABLE.flatMap((kind) => this.live(kind) ?? []);
    if (status === 'waiting-client') live.forEach((clock) => this.hold(clock, at));
    else if (before === 'waiting-client') live.forEach((clock) => clock.ran.push([at, null]));
    if (!DONE.has(before)) return;
    this.start('next-answer', at);
    this.start('resolve', at);
  }
}

/**
 * The clocks of a complaint, out of what happened to it: acknowledge runs until it is no longer new, first answer and next answer until we answer,
 * resolve until it is resolved; a reopened one begins another round. All but the first are paused while we wait for the client.
 */
export const clocksOf = (registeredAt: number, story: readonly Happening[], targets: Targets): RunClock[] => {
  const run = new Run(targets);
  for (const kind of ['acknowledge', 'first-answer', 'resolve'] as const) run.start(kind, registeredAt);
  for (const happening of story) run.happen(happening);
  return run.clocks;
};

/** When the clock had run for so many ms of working time, or will have; null: it was paused or stopped before. */
export const reach = ({ ran }: Pick<RunClock, 'ran'>, ms: number, working: Working): number | null => {
  let left = ms;
  for (const [from, to] of ran) {
    const spent = to === null ? Infinity : working.between(from, to);
    if (left <= spent) return left <= 0 ? from : working.add(from, left);
    left -= spent;
  }
  return null;
};

/** As it is shown and kept. met: stopped in time; null while it goes on. */
export const readClock = (clock: RunClock, working: Working) => {
  const dueAt = reach(clock, clock.targetMs, working);
  const used = clock.ran.reduce((sum, [from, to]) => sum + (to === null ? 0 : working.between(from, to)), 0);
  return {
    dueAt,
    leftMs: dueAt === null && clock.stoppedAt === null ? clock.targetMs - used : null,
    met: clock.stoppedAt === null ? null : dueAt === null || clock.stoppedAt <= dueAt,
  };
};

export interface Ladder {
  /** Percent of the target. */
  readonly warnPercent: number;
  /** ms of working time after the breach. */
  readonly chiefAfterMs: number;
  readonly directorAfterMs: number;
}

/** Who is to be told when, of a clock that goes on; in the order of time, each once: `told` are those that were. */
export const alarmsOf = (
  clock: RunClock,
  ladder: Ladder,
  told: ReadonlySet<AlarmStep>,
  working: Working,
): { step: AlarmStep; at: number }[] => {
  if (clock.stoppedAt !== null) return [];
  const { targetMs } = clock;
  const steps: [AlarmStep, number][] = [
    ['warn', Math.max(1, Math.floor((targetMs * ladder.warnPercent) / 100))],
    ['breach', targetMs],
    ['chief', targetMs + ladder.chiefAfterMs],
    ['director', targetMs + ladder.directorAfterMs],
  ];
  return steps.flatMap(([step, ms]) => {
    const at = told.has(step) ? null : reach(clock, ms, working);
    return at === null ? [] : [{ step, at }];
  });
};
