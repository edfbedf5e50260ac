import { expect, test } from 'vitest';
import { Durations } from '../../cti/dialler/durations.ts';
import { Hazard } from '../../cti/dialler/hazard.ts';
import { createPacer } from '../../cti/dialler/pacing.ts';
import type { PacerSnapshot } from '../../cti/dialler/pacing.ts';
import { floors } from '../bench/dialler/floors.ts';
import { measure } from '../bench/dialler/sim.mjs';
import { measurePacing } from '../bench/pacing.ts';

const options = { targetAbandonRate: 0.03, maxLines: 100, tickMs: 500 };
const floor = (change: Partial<PacerSnapshot> = {}): PacerSnapshot => ({
  now: 1_000_000,
  idle: 10,
  talking: [],
  wrapUp: [],
  dialling: [],
  waiting: 0,
  lines: 0,
  ...change,
});

test('no operator, no call; no line, no call; never more than the lines that are left', () => {
  const pacer = createPacer(options);
  expect(pacer.decide(floor({ idle: 0 }))).toBe(0);
  expect(pacer.decide(floor({ lines: 100 }))).toBe(0);
  expect(pacer.decide(floor({ lines: 130 }))).toBe(0);
  expect(pacer.decide(floor({ lines: 99, idle: 50 }))).toBe(1);
});

test('a shift that begins all idle is not dialled at in one burst', () => {
  expect(createPacer(options).decide(floor({ idle: 20 }))).toBeLessThanOrEqual(6);
});

test('a hundred calls that ring keep the next one back, and those too old to be answered do not', () => {
  const ringing = (age: number) => Array.from({ length: 100 }, () => 1_000_000 - age);
  expect(createPacer({ ...options, maxLines: 1_000 }).decide(floor({ dialling: ringing(2_000) }))).toBe(0);
  expect(createPacer({ ...options, maxLines: 1_000 }).decide(floor({ dialling: ringing(600_000) }))).toBeGreaterThan(0);
});

test('nothing heard for minutes: one call for each idle operator', () => {
  const pacer = createPacer(options);
  pacer.observe({ at: 500_000, type: 'dial', id: 1 });
  pacer.observe({ at: 505_000, type: 'fail', id: 1, reason: 'busy' });
  expect(pacer.decide(floor({ idle: 5, dialling: [999_000, 999_500], talking: [900_000] }))).toBe(3);
  expect(pacer.decide(floor({ idle: 5, dialling: [999_000, 999_500], waiting: 4 }))).toBe(0);
});

test('an abandonment that is not allowed at all is not risked', () => {
  const pacer = createPacer({ ...options, targetAbandonRate: 0 });
  expect(pacer.decide(floor({ idle: 5, dialling: [999_000] }))).toBe(4);
});

test('abandoned calls make it careful, and connected ones bold again', () => {
  const pacer = createPacer(options);
  const at = 999_000;
  const calls = () => pacer.decide(floor({ idle: 12, dialling: Array.from({ length: 10 }, () => 996_000) }));
  const first = calls();
  for (let id = 0; id < 12; id++) pacer.observe({ at, type: 'abandon', id, waited: 2_000 });
  const careful = calls();
  for (let id = 0; id < 600; id++) pacer.observe({ at, type: 'connect', id, agent: id, waited: 0 });
  expect(careful).toBeLessThan(first);
  expect(calls()).toBeGreaterThan(careful);
});

// a hundredth of the bench, and of every kind: small, large, short, with jumps
test.each(['6 agents', '15 agents, breaks', '25 agents, answers jump each half hour'])(
  '%s: legal, and less idle than the best fixed ratio',
  (name) => {
    const figures = measurePacing({ ...floors[name]!, hours: 4 }, 1);
    expect(figures.worstRun).toBeLessThan(0.0325);
    expect(figures.idle).toBeLessThan(1);
  },
);

test('two hundred operators on one trunk: its lines are never overrun', () => {
  let most = 0;
  const counting: typeof createPacer = (given) => {
    const pacer = createPacer(given);
    return {
      observe: pacer.observe,
      decide(now) {
        const calls = pacer.decide(now);
        most = Math.max(most, now.lines + calls);
        return calls;
      },
    };
  };
  measure({ scenario: { agents: 200, hours: 0.2, maxLines: 180 }, createPacer: counting, seeds: 1 });
  expect(most).toBeLessThanOrEqual(180);
  expect(most).toBeGreaterThan(150);
});

test('durations: what was seen replaces what was believed, and what changes is followed', () => {
  const durations = new Durations({ binMs: 500, bins: 120, halfLife: 100, priorMean: 8_000, priorWeight: 10 });
  expect(durations.within(8_000)).toBeCloseTo(1 - Math.exp(-1), 2);
  for (let i = 0; i < 5_000; i++) durations.add(3_000 + (i % 10) * 100);
  expect(durations.within(2_900)).toBeLessThan(0.05);
  expect(durations.within(4_100)).toBeGreaterThan(0.9);
  for (let i = 0; i < 5_000; i++) durations.add(20_000);
  expect(durations.within(10_000)).toBeLessThan(0.1);
  expect(durations.quantiles(3).every((ms) => Math.abs(ms - 20_000) <= 500)).toBe(true);
  expect(durations.within(1e9)).toBeLessThanOrEqual(1);
});

test('hazard: that of ends at a steady pace is one over the mean, at any age', () => {
  const hazard = new Hazard();
  let seed = 1;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (let i = 0; i < 20_000; i++) hazard.add(-Math.log(random()) * 60_000);
  for (const age of [1_000, 30_000, 100_000]) expect(hazard.at(age) * 60_000).toBeGreaterThan(0.75);
  for (const age of [1_000, 30_000, 100_000]) expect(hazard.at(age) * 60_000).toBeLessThan(1.25);
});
