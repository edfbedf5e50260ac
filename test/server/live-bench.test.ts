import { expect, test } from 'vitest';
import { measureLive } from '../bench/live.ts';

test('the bench of the live screens, tiny: every browser is shown changes, and the floor sends the same', { timeout: 90_000 }, async () => {
  const figures = await measureLive({ browsers: 4, queues: 3, rate: 5, seconds: 3, warmSeconds: 1 });
  expect(figures.frames).toBeGreaterThan(4 * 3);
  expect(figures.mostPerSecond).toBeLessThanOrEqual(10);
  expect(figures.bytesPerSecond).toBeGreaterThan(0);
});
