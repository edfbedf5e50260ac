import { describe, expect, test } from 'vitest';
import { ALWAYS, alarmsOf, clocksOf, reach, readClock } from '../../server/complaints/clocks.ts';
import type { Happening, Targets, Working } from '../../server/complaints/clocks.ts';
import type { ClockKind, Status } from '../../server/complaints/contract.ts';

const MIN = 60_000;

/** A calendar by the minute, for the judge and for the program alike: open in these minutes of a week of 500 minutes. */
const calendarOf = (open: ReadonlySet<number>): Working => {
  const isOpen = (minute: number) => open.has(((minute % 500) + 500) % 500);
  return {
    between(from, to) {
      let sum = 0;
      for (let at = from; at < to; at += MIN) if (isOpen(at / MIN)) sum += MIN;
      return sum;
    },
    add(from, ms) {
      let left = ms;
      let at = from;
      for (; left > 0; at += MIN) if (isOpen(at / MIN)) left -= MIN;
      return at;
    },
  };
};

/** Small and the same each time. */
const random = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

const WAYS: Record<string, Status[]> = {
  new: ['acknowledged', 'in-work', 'waiting-client', 'resolved'],
  acknowledged: ['in-work', 'waiting-client', 'resolved', 'merged'],
  'in-work': ['waiting-client', 'waiting-department', 'resolved'],
  'waiting-client': ['in-work', 'resolved'],
  'waiting-department': ['in-work'],
  resolved: ['closed', 'reopened'],
  closed: ['reopened'],
  reopened: ['in-work', 'waiting-client', 'resolved'],
  merged: [],
};

const inventStory = (next: () => number): Happening[] => {
  const story: Happening[] = [];
  let status: Status = 'new';
  let at = 0;
  for (let i = 0; i < 12; i += 1) {
    at += Math.floor(next() * 120) * MIN;
    const kind = next();
    if (kind < 0.25) story.push({ at, what: 'answered' });
    else if (kind < 0.45) story.push({ at, what: 'wrote' });
    else {
      const ways: Status[] = WAYS[status]!;
      if (ways.length === 0) continue;
      status = ways[Math.floor(next() * ways.length)]!;
      story.push({ at, what: status });
    }
  }
  return story;
};

interface Judged {
  kind: ClockKind;
  dueAt: number | null;
  stoppedAt: number | null;
  used: number;
  left: number;
}

/** The rules in words, minute by minute, without any of the program's code. */
const judge = (story: readonly Happening[], targets: Targets, open: ReadonlySet<number>, until: number): Judged[] => {
  const clocks: (Judged & { target: number })[] = [];
  const live = (kind: ClockKind) => clocks.find((clock) => clock.kind === kind && clock.stoppedAt === null);
  let status: Status = 'new';
  const start = (kind: ClockKind) => {
    const target = targets[kind];
    if (target !== null && !live(kind)) clocks.push({ kind, target, dueAt: null, stoppedAt: null, used: 0, left: target });
  };
  const stop = (kind: ClockKind, at: number) => {
    const clock = live(kind);
    if (clock) clock.stoppedAt = at;
  };
  const done = (s: Status) => s === 'resolved' || s === 'closed' || s === 'merged';
  start('acknowledge');
  start('first-answer');
  start('resolve');
  let i = 0;
  for (let at = 0; at <= until; at += MIN) {
    for (; i < story.length && story[i]!.at === at; i += 1) {
      const { what } = story[i]!;
      if (what === 'answered') (['acknowledge', 'first-answer', 'next-answer'] as const).forEach((kind) => stop(kind, at));
      else if (what === 'wrote') {
        if (!done(status) && !live('first-answer')) start('next-answer');
      } else {
        const before = status;
        status = what;
        if (status !== 'new') stop('acknowledge', at);
        if (done(status)) (['first-answer', 'next-answer', 'resolve'] as const).forEach((kind) => stop(kind, at));
        else if (done(before)) {
          start('next-answer');
          start('resolve');
        }
      }
    }
    if (!open.has((at / MIN) % 500)) continue;
    for (const clock of clocks) {
      if (clock.stoppedAt !== null || (status === 'waiting-client' && clock.kind !== 'acknowledge')) continue;
      clock.used += MIN;
      clock.left -= MIN;
      if (clock.left === 0) clock.dueAt = at + MIN;
    }
  }
  return clocks;
};

describe('clocks against a judge that goes minute by minute', () => {
  test('5,000 stories with five calendars', () => {
    const calendars = [
      new Set(Array.from({ length: 500 }, (_, i) => i)),
      new Set(Array.from({ length: 100 }, (_, i) => i + 50)),
      new Set(Array.from({ length: 250 }, (_, i) => i * 2)),
      new Set([...Array.from({ length: 60 }, (_, i) => i), ...Array.from({ length: 60 }, (_, i) => i + 200)]),
      new Set([499]),
    ];
    let compared = 0;
    let breached = 0;
    let paused = 0;
    for (let seed = 1; seed <= 5_000; seed += 1) {
      const next = random(seed);
      const open = calendars[seed % calendars.length]!;
      const pick = () => (next() < 0.15 ? null : (1 + Math.floor(next() * 200)) * MIN);
      const targets: Targets = { acknowledge: pick(), 'first-answer': pick(), 'next-answer': pick(), resolve: pick() };
      const story = inventStory(next);
      const last = (story.at(-1)?.at ?? 0) + MIN;
      const working = calendarOf(open);
      const ours = clocksOf(0, story, targets);
      const truth = judge(story, targets, open, last);
      expect(
        ours.map(({ kind }) => kind),
        `seed ${seed}`,
      ).toEqual(truth.map(({ kind }) => kind));
      for (const [i, clock] of ours.entries()) {
        const want = truth[i]!;
        const got = readClock(clock, working);
        const what = `seed ${seed}: ${clock.kind} of ${JSON.stringify(story)}`;
        expect(clock.stoppedAt, what).toBe(want.stoppedAt);
        if (want.dueAt !== null && (clock.stoppedAt === null || want.dueAt <= clock.stoppedAt)) expect(got.dueAt, what).toBe(want.dueAt);
        // what has not run out yet runs out in the future, or is paused with what is left
        else if (clock.stoppedAt === null && got.dueAt !== null) expect(got.dueAt, what).toBeGreaterThan(last);
        if (got.leftMs !== null) {
          expect(got.leftMs, what).toBe(want.left);
          paused += 1;
        }
        if (clock.stoppedAt !== null) expect(got.met, what).toBe(want.dueAt === null || want.dueAt >= clock.stoppedAt);
        if (got.met === false) breached += 1;
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(10_000);
    expect(breached).toBeGreaterThan(500);
    expect(paused).toBeGreaterThan(500);
  });

  test('alarms: in the order of time, each at the working time that it names, none that was told or of a clock that has stopped', () => {
    const ladder = { warnPercent: 75, chiefAfterMs: 0, directorAfterMs: 60 * MIN };
    const [clock] = clocksOf(0, [], { acknowledge: 100 * MIN, 'first-answer': null, 'next-answer': null, resolve: null });
    expect(alarmsOf(clock!, ladder, new Set(), ALWAYS)).toEqual([
      { step: 'warn', at: 75 * MIN },
      { step: 'breach', at: 100 * MIN },
      { step: 'chief', at: 100 * MIN },
      { step: 'director', at: 160 * MIN },
    ]);
    expect(alarmsOf(clock!, ladder, new Set(['warn', 'breach']), ALWAYS).map(({ step }) => step)).toEqual(['chief', 'director']);
    expect(alarmsOf({ ...clock!, stoppedAt: 5 }, ladder, new Set(), ALWAYS)).toEqual([]);
  });

  test('a target that was reached on the last moment is met', () => {
    const story: Happening[] = [{ at: 10 * MIN, what: 'acknowledged' }];
    const [clock] = clocksOf(0, story, { acknowledge: 10 * MIN, 'first-answer': null, 'next-answer': null, resolve: null });
    expect(readClock(clock!, ALWAYS)).toEqual({ dueAt: 10 * MIN, leftMs: null, met: true });
    expect(reach({ ran: [] }, MIN, ALWAYS)).toBe(null);
  });
});
