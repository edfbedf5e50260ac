import { parseArgs } from 'node:util';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { root } from '../stack/paths.ts';
import { createProduct } from '../support/product.ts';
import type { Product } from '../support/product.ts';
import { figuresAgree } from './accuracy.ts';
import { campaignSoak } from './campaign.ts';
import { hidden } from './hidden.ts';
import { soak } from './soak.ts';

const USAGE = `npm run soak -- [calls] [--calls 5000] [--kills 2] [--at-once 30] [--seed 1]
npm run soak -- campaign [--people 2000] [--kills 1] [--pace 5] [--seed 1]
npm run soak -- accuracy [--calls 1000] [--at-once 30] [--seed 1]: callers of queues alone; the reports must say what queue_log says
npm run soak -- hidden [--minutes 60]`;

const say = (line: string) => console.log(line);

/** One that has a default of each soak's own. */
const own = { type: 'string' } as const;
const text = (value: string) => ({ type: 'string', default: value }) as const;
const DEFAULTS = { calls: own, kills: own, 'at-once': text('30'), seed: text('1'), people: text('2000'), pace: text('5'), minutes: text('60') }; // prettier-ignore

const { values, positionals } = parseArgs({ options: DEFAULTS, allowPositionals: true });

const count = (name: keyof typeof DEFAULTS, from: number, usual?: number): number => {
  const number = Number(values[name] ?? usual);
  if (!Number.isInteger(number) || number < from) throw new Error(`--${name} ${values[name]} is not a whole number from ${from}\n${USAGE}`);
  return number;
};

const traffic = () => ({ atOnce: count('at-once', 1), seed: count('seed', 0) });

const SOAKS: Readonly<Record<string, (stack: Stack, product: Product, databaseUrl: string) => Promise<string>>> = {
  calls: (stack, product) => soak(stack, product, { calls: count('calls', 1, 5_000), kills: count('kills', 0, 2), ...traffic(), say }),
  accuracy: async (stack, product) => {
    const began = Date.now();
    console.log(await soak(stack, product, { calls: count('calls', 1, 1_000), kills: 0, ...traffic(), queuesAlone: true, say }));
    const queues = await figuresAgree(stack, product, began);
    return queues.map(({ queue, report, queueLog }) => `${queue}: ${JSON.stringify({ report, queueLog })}`).join('\n');
  },
  campaign: (stack, product, databaseUrl) =>
    campaignSoak(stack, product, databaseUrl, {
      ...{ people: count('people', 1), kills: count('kills', 0, 1), callsPerSecond: count('pace', 1), seed: count('seed', 0) },
      say,
    }),
  hidden: (stack, product) => hidden(stack, product, { minutes: count('minutes', 1), say }),
};

const main = async () => {
  const [which = 'calls', ...more] = positionals;
  const run = SOAKS[which];
  if (!run || more.length > 0) throw new Error(`there is no soak "${positionals.join(' ')}"\n${USAGE}`);
  const built = spawnSync(process.execPath, [join(root, 'server/build.mjs')], { stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the build failed');
  const stack = await ensureStack();
  const databaseUrl = await stack.createDatabase('allo_soak');
  const product = createProduct({ databaseUrl, redisUrl: stack.redisUrl, asterisk: stack.asterisk });
  await product.start();
  try {
    console.log(await run(stack, product, databaseUrl));
  } finally {
    await product.stop();
  }
};

main().catch((err: unknown) => {
  console.error(err instanceof Error ? err.message : err);
  process.exitCode = 1;
});
