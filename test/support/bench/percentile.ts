/** The value below which this share of them lies; NaN of none. */
export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

export interface Timed {
  readonly what: string;
  /** ms */
  readonly p50: number;
  readonly p99: number;
}

/** Does it so often, one after the other. */
export const timed = async (what: string, times: number, run: (i: number) => Promise<unknown>): Promise<Timed> => {
  const taken: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const from = performance.now();
    await run(i);
    taken.push(performance.now() - from);
  }
  return { what, p50: percentile(taken, 0.5), p99: percentile(taken, 0.99) };
};
