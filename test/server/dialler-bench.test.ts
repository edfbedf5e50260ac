import { expect, test } from 'vitest';
import { diallerOver } from '../bench/dialler.ts';

test('the bench of the dialler at a thousandth: every call that was placed is in the log, none twice', async () => {
  const { figures, placed, calls, logged, twice } = await diallerOver('sqlite', { people: 200, times: 3, seconds: 2, pace: 30 });
  expect(figures).toHaveLength(3);
  expect(placed).toBeGreaterThan(0);
  expect(logged).toBe(calls);
  expect(twice).toBe(0);
}, 120_000);
