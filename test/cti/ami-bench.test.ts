import { expect, test } from 'vitest';
import { measureIntake, measureMemory, measureOutput } from '../bench/ami.ts';

/** The bench of the intake at a hundredth: everybody sees every event, however cut, and no call is left behind. */

test('every contender sees every event, whole and in pieces', { timeout: 120_000 }, async () => {
  const figures = await measureIntake(600, 1);
  expect(figures.map(({ unfiltered, pieces }) => [unfiltered, pieces])).toEqual([
    [true, false],
    [true, true],
    [false, false],
    [false, true],
  ]);
  for (const { events, calls, answers } of figures) {
    for (const name of ['codec', 'bridge', 'asterisk-manager', 'asterisk.io'] as const) expect(answers[name].events, name).toBe(events);
    expect(answers.bridge).toMatchObject({ calls, left: 0 });
  }
});

test('over a socket nothing is left in the state', { timeout: 120_000 }, async () => {
  const bridge = (await measureMemory(50_000)).find((m) => m.name === 'bridge')!;
  expect(bridge).toMatchObject({ seen: bridge.events, left: 0 });
});

test('a long Output in pieces arrives whole', { timeout: 60_000 }, async () => {
  const [codec] = await measureOutput(200_000, ['codec']);
  expect(codec!.lines).toBe(Math.ceil(200_000 / 110));
});
