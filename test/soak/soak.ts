import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../stack/index.ts';
import type { Product } from '../support/product.ts';
import { openFloor, quiet } from './traffic.ts';

export interface SoakOptions {
  calls: number;
  /** How often the server is killed with kill -9, at even distances. */
  kills: number;
  atOnce: number;
  seed: number;
  say: (line: string) => void;
  /** Only callers of queues. */
  queuesAlone?: boolean;
}

/**
 * Real calls with a random mix of endings while the server is killed and started again; then the log is compared with what Asterisk itself wrote
 * down. @returns what the check printed @throws Error when they differ
 */
export const soak = async (
  stack: Stack,
  product: Product,
  { calls, kills, atOnce, seed, say, queuesAlone = false }: SoakOptions,
): Promise<string> => {
  const { asterisk } = stack;
  await quiet(asterisk);
  const since = new Date().toISOString();
  const floor = await openFloor(asterisk, seed, { queuesAlone });
  const deaths = Array.from({ length: kills }, (_, i) => Math.round((calls * (i + 1)) / (kills + 1)));
  const killed: Promise<void>[] = [];
  const kill = async () => {
    await product.stop('SIGKILL');
    say('killed the server');
    await product.start();
    say('started it again');
  };
  try {
    const started = Date.now();
    await floor.calls(calls, atOnce, (begun) => {
      if (deaths.includes(begun)) killed.push(kill());
      if (begun % 500 === 0) say(`${begun} calls begun after ${Math.round((Date.now() - started) / 1000)} s`);
    });
    await Promise.all(killed);
    await quiet(asterisk);
    say(
      `${calls} calls in ${Math.round((Date.now() - started) / 1000)} s: ${[...floor.made].map(([kind, n]) => `${n} ${kind}`).join(', ')}`,
    );
  } finally {
    await floor.close();
  }
  return agreed(product, since);
};

/** Asks until the log and the journal agree: what was not seen is filled in after the grace. @throws Error with the last comparison */
export const agreed = async (product: Product, since: string, ms = 60_000): Promise<string> => {
  for (const end = Date.now() + ms; ; await sleep(2_000)) {
    try {
      return await product.cli(['reconcile', '--check', '--since', since]);
    } catch (err) {
      if (Date.now() > end) throw err;
    }
  }
};
