import { expect, test } from 'vitest';
import { freeSlots } from '../../server/meetings/finding.ts';

const Q = 900_000;

/** An opinion that tries every quarter of an hour. */
const tried = (open: readonly (readonly { from: number; to: number }[])[], busy: readonly { from: number; to: number }[], within: { from: number; to: number }, ms: number, limit: number) => {
  const found: number[] = [];
  for (let at = Math.ceil(within.from / Q) * Q; at + ms <= within.to && found.length < limit;) {
    const fits = open.every((spans) => spans.some(({ from, to }) => from <= at && at + ms <= to)) && !busy.some(({ from, to }) => from < at + ms && to > at);
    if (fits) found.push(at);
    at = fits ? Math.ceil((at + ms) / Q) * Q : at + Q;
  }
  return found;
}; // prettier-ignore

test('thousands of cases agree with trying every quarter of an hour', () => {
  let seed = 7;
  const upTo = (n: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const MIN = 60_000;
  let some = 0;
  for (let i = 0; i < 3_000; i += 1) {
    const within = { from: upTo(3_000) * MIN, to: (6_000 + upTo(3_000)) * MIN };
    const person = () => {
      const spans: { from: number; to: number }[] = [];
      for (let at = upTo(600); at < 9_000;) {
        const to = at + 5 * (1 + upTo(200));
        spans.push({ from: at * MIN, to: to * MIN });
        at = to + 5 * (1 + upTo(60));
      }
      return spans;
    };
    const open = Array.from({ length: upTo(4) }, person);
    const busy = Array.from({ length: upTo(30) }, () => {
      const from = upTo(9_000);
      return { from: from * MIN, to: (from + upTo(180)) * MIN };
    });
    const [ms, limit] = [(5 + upTo(120)) * MIN, 1 + upTo(6)];
    // what lasts no time is in nobody's way
    const lasting = busy.filter(({ from, to }) => to > from);
    const found = freeSlots({ open, busy, within }, ms, limit);
    expect(
      found.map(({ from }) => from),
      JSON.stringify({ open, busy, within, ms }),
    ).toEqual(tried(open, lasting, within, ms, limit));
    expect(found.every(({ from, to }) => to - from === ms)).toBe(true);
    some += found.length;
  }
  expect(some).toBeGreaterThan(3_000);
});
