import { describe, expect, test } from 'vitest';
import { createCells, HOUR_MS, stateCells, THRESHOLDS } from '../../server/reports/cells.ts';
import type { HistoryCall, HistorySegment, Wrap } from '../../server/reports/cells.ts';
import { erlangs, heads, probabilityOfWaiting, staffed } from '../../server/reports/erlang.ts';
import { measured } from '../support/figures.ts';
import { operatorFigures, queueFigures, shiftFigures } from '../../server/reports/figures.ts';

const T = Date.UTC(2026, 10, 23, 9);
const s = (kind: string, from: number, to: number | null, more: Partial<HistorySegment> = {}): HistorySegment => ({
  kind,
  userId: null,
  queue: null,
  from: T + from * 1000,
  to: to === null ? null : T + to * 1000,
  endReason: null,
  ...more,
});
const queue = (from: number, to: number | null, endReason: string | null, name = 'support') =>
  s('queue', from, to, { queue: name, endReason });
type Whole = HistoryCall & { wraps?: Wrap[] };
const call = (segments: HistorySegment[], more: Partial<Whole> = {}): Whole => ({
  pbx: 'main',
  direction: 'in',
  startedAt: segments[0]!.from,
  endedAt: segments.at(-1)!.to,
  outcome: null,
  isCallBack: false,
  calledBack: false,
  segments,
  ...more,
});
const counted = (...calls: Whole[]) => {
  const cells = createCells(T, T + HOUR_MS);
  calls.forEach((c) => cells.add(c, c.wraps));
  return { visits: cells.visits(), work: cells.work(), outcomes: cells.outcomes() };
};

describe('what a call adds', () => {
  test('an answered visit: wait, talk without the hold, hold, wrap-up', () => {
    const { visits, work, outcomes } = counted(
      call(
        [
          queue(0, 12, 'answered'),
          s('offer', 8, 12, { userId: 1, endReason: 'answered' }),
          s('talk', 12, 72, { userId: 1, endReason: 'customer' }),
          s('hold', 30, 40, { userId: 1, endReason: 'agent' }),
        ],
        { outcome: 'sale', wraps: [{ userId: 1, from: T + 72_000, to: T + 90_000 }] },
      ),
    );
    expect(visits).toHaveLength(1);
    expect(visits[0]).toMatchObject({
      queue: 'support',
      entered: 1,
      answered: 1,
      wait_answered: 12_000,
      talk: 50_000,
      hold: 10_000,
      wrap: 18_000,
    });
    expect(THRESHOLDS.filter((t) => visits[0]![`answered_${t}`] === 0)).toEqual([5, 10]);
    expect(work).toEqual([
      expect.objectContaining({
        userId: 1,
        queue: 'support',
        offers: 1,
        taken: 1,
        ring: 4000,
        handled: 1,
        talk: 50_000,
        hold: 10_000,
        wrap: 18_000,
      }),
    ]);
    expect(outcomes).toEqual([{ hour: T, pbx: 'main', queue: 'support', userId: 1, outcome: 'sale', calls: 1 }]);
  });

  test('endings of visits: abandoned, flowed out, still waiting; lost is neither', () => {
    const { visits } = counted(
      call([queue(0, 4, 'abandoned')]),
      call([queue(0, 40, 'abandoned')]),
      call([queue(0, 60, 'timeout')]),
      call([queue(0, 9, 'key')]),
      call([queue(100, null, null)], { endedAt: null }),
    );
    expect(visits[0]).toMatchObject({ entered: 5, answered: 0, abandoned: 2, flowed: 2, abandoned_5: 1, abandoned_30: 1, abandoned_45: 2 });
    expect(queueFigures(measured(visits[0]!))).toMatchObject({
      offered: 5,
      abandonedShort: 1,
      waiting: 1,
      slStrict: 0,
      slAnswered: null,
      asa: null,
      abandonRate: 1 / 4,
    });
  });

  test('two queues one after the other: each has its own wait and talk, each operator their own', () => {
    const { visits, work } = counted(
      call([
        queue(0, 10, 'answered'),
        s('talk', 10, 40, { userId: 1, endReason: 'transferred' }),
        queue(40, 50, 'answered', 'sales'),
        s('talk', 50, 100, { userId: 2, endReason: 'customer' }),
      ]),
    );
    expect(visits.map(({ queue: name, answered, talk }) => [name, answered, talk])).toEqual([
      ['support', 1, 30_000],
      ['sales', 1, 50_000],
    ]);
    expect(work.map(({ userId, queue: name, handled, to_queue, blind }) => [userId, name, handled, to_queue, blind])).toEqual([
      [1, 'support', 1, 1, 0],
      [2, 'sales', 1, 0, 0],
    ]);
  });

  test('handed over with a word before, and without', () => {
    const { work } = counted(
      call([
        queue(0, 1, 'answered'),
        s('talk', 1, 30, { userId: 1, endReason: 'transferred' }),
        s('consult', 10, 30, { userId: 1 }),
        s('talk', 30, 60, { userId: 2, endReason: 'transferred' }),
        s('offer', 60, 65, { userId: 3, endReason: 'answered' }),
        s('talk', 65, 80, { userId: 3, endReason: 'agent' }),
      ]),
    );
    expect(work.map(({ userId, attended, blind }) => [userId, attended, blind])).toEqual([
      [1, 1, 0],
      [2, 0, 1],
      [3, 0, 0],
    ]);
  });

  test('an interval owns the visits that entered in it, with what came after its end', () => {
    const late = call([queue(3590, 3610, 'answered'), s('talk', 3610, 3700, { userId: 1 })]);
    const { visits, work } = counted(late, call([queue(-20, 10, 'answered'), s('talk', 10, 20, { userId: 1 })]));
    expect(visits).toEqual([expect.objectContaining({ entered: 1, answered: 1, talk: 90_000 })]);
    expect(work.map(({ talk }) => talk)).toEqual([10_000]); // the operator's hour is that in which the talk began
  });

  test('no call: no data, not 100 %', () => {
    const { visits } = counted(call([queue(0, null, null)], { endedAt: null }));
    expect(queueFigures(measured(visits[0]!))).toMatchObject({ slShort: null, slStrict: null, aht: null, abandonRate: 0 });
  });
});

describe('figures', () => {
  const random = (seed: number) => () => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return seed / 2 ** 32;
  };

  test('of a thousand calls equal those counted one by one', () => {
    const next = random(7);
    const waits: { ms: number; end: string; talk: number }[] = Array.from({ length: 1000 }, () => ({
      ms: Math.floor(next() * 90_000),
      end: ['answered', 'answered', 'abandoned', 'timeout'][Math.floor(next() * 4)]!,
      talk: Math.floor(next() * 400_000),
    }));
    const cells = createCells(T, T + HOUR_MS);
    for (const { ms, end, talk } of waits) {
      const visit: HistorySegment = { kind: 'queue', userId: null, queue: 'support', from: T, to: T + ms, endReason: end };
      const spoke: HistorySegment = { kind: 'talk', userId: 1, queue: null, from: T + ms, to: T + ms + talk, endReason: 'agent' };
      cells.add(call(end === 'answered' ? [visit, spoke] : [visit]));
    }
    const figures = queueFigures(measured(cells.visits()[0]!));
    const of = (end: string) => waits.filter((w) => w.end === end);
    const sum = (of_: typeof waits, f: (w: (typeof waits)[number]) => number) => of_.reduce((a, w) => a + f(w), 0);
    const [a, b] = [of('answered'), of('abandoned')];
    const short = b.filter((w) => w.ms <= 5000).length;
    expect(figures.slShort).toBe(a.filter((w) => w.ms <= 20_000).length / (a.length + b.length - short));
    expect(figures.asa).toBe(sum(a, (w) => w.ms) / a.length);
    expect(figures.aht).toBe(sum(a, (w) => w.talk) / a.length);
    expect(figures.timeToAbandon).toBe(sum(b, (w) => w.ms) / b.length);
    expect(figures.abandonRate).toBe((b.length - short) / (1000 - short));
    expect(figures.flowed).toBe(of('timeout').length);
  });

  test('of an operator', () => {
    const { work } = counted(
      call([queue(0, 30, 'answered'), s('offer', 0, 15, { userId: 1, endReason: 'no-answer' }), s('offer', 16, 18, { userId: 2, endReason: 'rejected' }), s('offer', 20, 30, { userId: 1, endReason: 'answered' }), s('talk', 30, 60, { userId: 1 })]), // prettier-ignore
    );
    expect(operatorFigures(work.find((w) => w.userId === 1)!)).toMatchObject({
      offers: 2,
      missedRate: 1 / 2,
      rejectedRate: 0,
      handled: 1,
      aht: 30_000,
    });
    expect(operatorFigures(work.find((w) => w.userId === 2)!)).toMatchObject({ offers: 1, rejectedRate: 1, aht: null });
  });

  test('of shifts: a break counts in utilisation, not in occupancy', () => {
    expect(shiftFigures({ talking: 30, 'wrap-up': 10, ringing: 10, available: 30, break: 20, offline: 999 })).toEqual({
      loggedIn: 100,
      occupancy: 50 / 80,
      utilisation: 40 / 100,
      onBreak: 20,
    });
    expect(shiftFigures({ offline: 5 })).toMatchObject({ loggedIn: 0, occupancy: null, utilisation: null });
  });

  test('states of random days add up to the time covered, to the millisecond', () => {
    const next = random(3);
    for (let round = 0; round < 50; round += 1) {
      const spans = [];
      let at = T + Math.floor(next() * HOUR_MS);
      const begin = at;
      for (let i = 0; i < 60; i += 1) {
        const to = at + Math.floor(next() * next() * 3 * HOUR_MS);
        spans.push({ userId: 1, state: ['available', 'talking', 'break'][i % 3]!, reason: null, from: at, to });
        at = to;
      }
      const rows = stateCells(spans, T, T + 1000 * HOUR_MS);
      expect(rows.reduce((sum, row) => sum + row.ms, 0)).toBe(at - begin);
      expect(Math.max(...rows.map((row) => row.ms))).toBeLessThanOrEqual(HOUR_MS);
    }
  });
});

describe('Erlang C', () => {
  // The textbook case: 100 calls in half an hour, three minutes each, is 10 erlangs.
  const load = { calls: 100, interval: 1800, aht: 180 };
  test('a load and its probability of waiting', () => {
    expect(erlangs(load)).toBe(10);
    expect(probabilityOfWaiting(14, 10)).toBeCloseTo(0.1741, 4);
    expect(probabilityOfWaiting(10, 10)).toBe(1);
    expect(probabilityOfWaiting(3, 0)).toBe(0);
  });
  test('against the sum of the definition', () => {
    const power = (a: number, n: number) => Array.from({ length: n }, (_, i) => a / (i + 1)).reduce((x, y) => x * y, 1);
    for (const [n, a] of [
      [2, 1.5],
      [5, 4.2],
      [14, 10],
      [40, 33.3],
      [120, 110],
    ] as const) {
      // prettier-ignore
      const top = (power(a, n) * n) / (n - a);
      const below = Array.from({ length: n }, (_, k) => power(a, k)).reduce((x, y) => x + y, 0);
      expect(probabilityOfWaiting(n, a)).toBeCloseTo(top / (below + top), 10);
    }
  });
  test('heads for 80 % within 20 s', () => {
    expect(heads(load, { level: 0.8, target: 20 }).operators).toBe(14);
    expect(staffed(14, load, 20).serviceLevel).toBeCloseTo(0.888, 3);
    expect(staffed(13, load, 20).serviceLevel).toBeLessThan(0.8);
    expect(heads({ calls: 0, interval: 1800, aht: 180 }, { level: 0.8, target: 20 })).toMatchObject({ operators: 0, serviceLevel: 1 });
    expect(staffed(9, load, 20)).toMatchObject({ serviceLevel: 0, asa: Infinity, occupancy: 1 });
  });
  test('does not lose its way with thousands of operators', () => {
    const big = heads({ calls: 36_000, interval: 3600, aht: 300 }, { level: 0.9, target: 10 });
    expect(big.operators).toBeGreaterThan(3000);
    expect(big.operators).toBeLessThan(3100);
  });
  test('a level of 100 % is never reached', () => {
    expect(() => heads(load, { level: 1, target: 20 })).toThrow(RangeError);
  });
});
