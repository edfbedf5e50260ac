import { parseArgs } from 'node:util';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureStack } from '../stack/index.ts';
import { root } from '../stack/paths.ts';
import { createProduct } from '../support/product.ts';
import { campaignSoak } from './campaign.ts';
import { soak } from './soak.ts';

/**
 * npm run soak -- [--calls 5000] [--kills 2] [--at-once 30] [--seed 1]
 * npm run soak -- --campaign 2000 [--kills 1] [--pace 5] [--seed 1]: people called by a campaign
 */
const count = (text: string, from: number): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < from) throw new Error(`"${text}" is not a whole number from ${from}`);
  return number;
};

const read = () => {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    options: { calls: text('5000'), kills: text('2'), 'at-once': text('30'), seed: text('1'), campaign: text('0'), pace: text('5') },
  });
  const { calls, kills, seed, campaign, pace } = values;
  const numbers = { calls: count(calls, 1), kills: count(kills, 0), atOnce: count(values['at-once'], 1), seed: count(seed, 0) };
  return { ...numbers, people: count(campaign, 0), callsPerSecond: count(pace, 1) };
};

const main = async () => {
  const options = read();
  const built = spawnSync(process.execPath, [join(root, 'server/build.mjs')], { stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the build failed');
  const stack = await ensureStack();
  const databaseUrl = await stack.createDatabase('allo_soak');
  const product = createProduct({ databaseUrl, redisUrl: stack.redisUrl, asterisk: stack.asterisk });
  await product.start();
  try {
    const say = (line: string) => console.log(line);
    if (options.people > 0) console.log(await campaignSoak(stack, product, databaseUrl, { ...options, say }));
    else console.log(await soak(stack, product, { ...options, say }));
  } finally {
    await product.stop();
  }
};

main().catch((err: unknown) => {
  console.error(err instanceof Error ? err.message : err);
  process.exitCode = 1;
});
