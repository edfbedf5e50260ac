import { parseArgs } from 'node:util';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureStack } from '../stack/index.ts';
import { root } from '../stack/paths.ts';
import { createProduct } from '../support/product.ts';
import { hidden } from './hidden.ts';
import { soak } from './soak.ts';

/** npm run soak -- [--calls 5000] [--kills 2] [--at-once 30] [--seed 1], or npm run soak -- hidden [--minutes 60] */
const count = (text: string, from: number): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < from) throw new Error(`"${text}" is not a whole number from ${from}`);
  return number;
};

const read = () => {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const options = { calls: text('5000'), kills: text('2'), 'at-once': text('30'), seed: text('1'), minutes: text('60') };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [which = 'calls', ...more] = positionals;
  if (more.length > 0 || !['calls', 'hidden'].includes(which))
    throw new Error(`"${positionals.join(' ')}" is not a soak; there is "hidden"`);
  return {
    which,
    minutes: count(values.minutes, 1),
    calls: count(values.calls, 1),
    kills: count(values.kills, 0),
    atOnce: count(values['at-once'], 1),
    seed: count(values.seed, 0),
  };
};

const main = async () => {
  const { which, minutes, ...options } = read();
  const built = spawnSync(process.execPath, [join(root, 'server/build.mjs')], { stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the build failed');
  const stack = await ensureStack();
  const databaseUrl = await stack.createDatabase('allo_soak');
  const product = createProduct({ databaseUrl, redisUrl: stack.redisUrl, asterisk: stack.asterisk });
  await product.start();
  try {
    const say = (line: string) => console.log(line);
    console.log(await (which === 'hidden' ? hidden(stack, product, { minutes, say }) : soak(stack, product, { ...options, say })));
  } finally {
    await product.stop();
  }
};

main().catch((err: unknown) => {
  console.error(err instanceof Error ? err.message : err);
  process.exitCode = 1;
});
