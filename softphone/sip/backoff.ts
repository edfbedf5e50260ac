const FIRST_MS = 500;
const CAP_MS = 15_000;

/** Doubles from half a second to fifteen, then up to half of it is taken away at random, so that 500 phones do not come back at once. */
export const backoffMs = (attempt: number, random: () => number = Math.random): number =>
  Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 10)) * (1 - random() / 2);
