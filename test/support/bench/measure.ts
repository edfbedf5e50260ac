import { percentile } from './percentile.ts';

/** Figures of a bench: how long one thing took, many times, beside the floor. */

export interface Figure {
  readonly what: string;
  /** ms */
  readonly p50: number;
  readonly p99: number;
  /** The bare work without which it cannot be done, in the same run. */
  readonly floorP50: number;
  readonly floorP99: number;
}

/** Takes turns between the thing and its floor, so that both meet the same machine. The first tenth warms up and is not counted. */
export const measure = async (
  what: string,
  rounds: number,
  work: (round: number) => Promise<unknown>,
  floor: (round: number) => Promise<unknown>,
): Promise<Figure> => {
  const times: { work: number[]; floor: number[] } = { work: [], floor: [] };
  const warm = Math.ceil(rounds / 10);
  for (let round = -warm; round < rounds; round++) {
    const sample = round + warm;
    const start = performance.now();
    await floor(sample);
    const middle = performance.now();
    await work(sample);
    const end = performance.now();
    if (round < 0) continue;
    times.floor.push(middle - start);
    times.work.push(end - middle);
  }
  const { work: mine, floor: bare } = times;
  return {
    what,
    p50: percentile(mine, 0.5),
    p99: percentile(mine, 0.99),
    floorP50: percentile(bare, 0.5),
    floorP99: percentile(bare, 0.99),
  };
};

const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1).padStart(9);

export const table = (title: string, figures: readonly Figure[]): string =>
  [
    title,
    `${'ms'.padEnd(44)}${['p50', 'p99', 'floor p50', 'floor p99'].map((head) => head.padStart(10)).join('')}`,
    ...figures.map((f) => `${f.what.padEnd(44)}${[f.p50, f.p99, f.floorP50, f.floorP99].map((v) => ` ${ms(v)}`).join('')}`),
    '',
  ].join('\n');
