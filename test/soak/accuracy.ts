import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueueFigures } from '../../server/reports/contract.ts';
import type { Stack } from '../stack/index.ts';
import type { Product } from '../support/product.ts';
import { signInOver } from '../support/product.ts';
import { countLines, sum } from '../support/queue-log.ts';

const PASSWORD = 'a-long-password-1';

interface Queue {
  queue: string;
  report: Pick<QueueFigures, 'offered' | 'answered' | 'abandoned' | 'flowed'> & { waited: number; waitedInVain: number };
  queueLog: { offered: number; answered: number; abandoned: number; flowed: number; waited: number; waitedInVain: number };
}

/** What the report says of each queue's calls since a moment (epoch ms), beside what Asterisk's queue_log says of them; waits in s, all together. */
const readBoth = async ({ asterisk }: Stack, product: Product, since: number): Promise<Queue[]> => {
  const hour = Math.floor(since / 3_600_000) * 3_600_000;
  await product.cli(['reports', 'rebuild', '--from', new Date(hour).toISOString()]);
  await product.cli(
    ['user', 'add', 'accuracy', '--name', 'Accuracy', '--role', 'supervisor', '--language', 'en', '--password-stdin'],
    PASSWORD,
  );
  const boss = await signInOver(product.url, 'accuracy', PASSWORD);
  const { body } = await boss<{ rows: { key: { queue: string }; figures: QueueFigures }[] }>('GET', `/reports/queues?by=queue&from=${hour}&until=${Date.now() + 1}`); // prettier-ignore
  const told = new Map(body.rows.map(({ key, figures }) => [key.queue.slice(key.queue.indexOf(':') + 1), figures]));
  const counted = countLines(readFileSync(join(asterisk.spool, 'log/queue_log'), 'utf8'), Math.floor(since / 1000));
  return [...new Set([...told.keys(), ...counted.keys()])].sort().map((queue) => {
    const [f, c] = [told.get(queue), counted.get(queue)];
    const { offered = 0, answered = 0, abandoned = 0, flowed = 0 } = f ?? {};
    return {
      queue,
      report: { offered, answered, abandoned, flowed, waited: ((f?.asa ?? 0) * answered) / 1000, waitedInVain: ((f?.timeToAbandon ?? 0) * abandoned) / 1000 }, // prettier-ignore
      queueLog: {
        offered: c?.entered ?? 0,
        answered: c?.answered ?? 0,
        abandoned: c?.abandoned ?? 0,
        flowed: c?.flowed ?? 0,
        waited: sum(c?.waits ?? []),
        waitedInVain: sum(c?.abandonedWaits ?? []),
      },
    };
  });
};

/**
 * Compares the report of queues with queue_log: counts exactly, times within the 1 s of each call that queue_log is written in.
 * @returns what was compared @throws Error with what differs
 */
export const figuresAgree = async (stack: Stack, product: Product, since: number): Promise<Queue[]> => {
  const queues = await readBoth(stack, product, since);
  const wrong = queues.flatMap(({ queue, report, queueLog }) => [
    ...(['offered', 'answered', 'abandoned', 'flowed'] as const).flatMap((name) =>
      report[name] === queueLog[name] ? [] : [`${queue}: ${name} ${report[name]}, by queue_log ${queueLog[name]}`],
    ),
    ...([['waited', 'answered'], ['waitedInVain', 'abandoned']] as const).flatMap(([time, calls]) =>
      Math.abs(report[time] - queueLog[time]) <= report[calls] ? [] : [`${queue}: ${time} ${report[time]} s, by queue_log ${queueLog[time]} s`], // prettier-ignore
    ),
  ]); // prettier-ignore
  if (wrong.length > 0) throw new Error(`the report differs from queue_log:\n${wrong.join('\n')}`);
  return queues;
};
