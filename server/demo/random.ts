/** Chance that comes out the same each time: the demo is the same on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** From `from` to `to`, both included. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** By weight: [[thing, weight], …]. */
  weighted<T>(list: readonly (readonly [T, number])[]): T;
  /** Exponential: the time until something that happens every `mean` on average. */
  wait(mean: number): number;
  /** Log-normal: durations of talks are many short and a few long. */
  spread(median: number, sigma: number): number;
}

/** mulberry32: 32 bits of state are plenty for a demo. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    weighted(list) {
      let left = next() * list.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [thing, weight] of list) {
        left -= weight;
        if (left < 0) return thing;
      }
      return list.at(-1)![0];
    },
    wait: (mean) => -mean * Math.log(1 - next()),
    spread: (median, sigma) => median * Math.exp(sigma * normal()),
  };
};
