import type { Range } from './options.ts';

export interface Random {
  /** True in so many of 1. */
  chance(share: number): boolean;
  between(range: Range): number;
  pick<T>(items: readonly T[]): T | undefined;
}

/** Repeatable: the same seed gives the same row of numbers (Tommy Ettinger's mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    chance: (share) => next() < share,
    between: ([min, max]) => min + next() * (max - min),
    pick: (items) => items[Math.floor(next() * items.length)],
  };
}
