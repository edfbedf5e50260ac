import { expect, test } from 'vitest';
import { measureReducer } from '../bench/reducer.ts';

test('ten thousand calls at a hundredth of the bench: every one ended, nothing left, the heap flat', { timeout: 60_000 }, () => {
  const { calls, signals, ended, left, heapMb } = measureReducer(10_000);
  expect({ calls, signals, ended, left }).toEqual({ calls: 10_000, signals: 100_000, ended: 10_000, left: 0 });
  // a call that stayed would be some kB: ten thousand of them far more than this
  expect(heapMb.at(-1)! - heapMb[0]!).toBeLessThan(5);
});
