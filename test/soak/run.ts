import { parseArgs } from 'node:util';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureStack } from '../stack/index.ts';
import { root } from '../stack/paths.ts';
import { createProduct } from '../support/product.ts';
import { figuresAgree } from './accuracy.ts';
import { soak } from './soak.ts';

/**
 * npm run soak -- [accuracy] [--calls 5000] [--kills 2] [--at-once 30] [--seed 1]. accuracy: callers of queues alone, 1000 unless said, nobody is
 * killed, and the reports must say what queue_log says.
 */
const count = (text: string, from: number): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < from) throw new Error(`"${text}" is not a whole number from ${from}`);
  return number;
};

const read = () => {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { calls: { type: 'string' }, kills: { type: 'string' }, 'at-once': text('30'), seed: text('1') },
  });
  const [what] = positionals;
  if (positionals.length > 1 || (what !== undefined && what !== 'accuracy')) throw new Error(`"${positionals.join(' ')}" is no soak`);
  const accuracy = what === 'accuracy';
  return {
    accuracy,
    calls: count(values.calls ?? (accuracy ? '1000' : '5000'), 1),
    kills: count(values.kills ?? (accuracy ? '0' : '2'), 0),
    atOnce: count(values['at-once'], 1),
    seed: count(values.seed, 0),
  };
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
    const began = Date.now();
    console.log(await soak(stack, product, { ...options, queuesAlone: options.accuracy, say: (line) => console.log(line) }));
    if (options.accuracy)
      for (const { queue, report, queueLog } of await figuresAgree(stack, product, began)) console.log(queue, { report, queueLog });
  } finally {
    await product.stop();
  }
};

main().catch((err: unknown) => {
  console.error(err instanceof Error ? err.message : err);
  process.exitCode = 1;
});
