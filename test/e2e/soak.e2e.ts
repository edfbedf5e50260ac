import { afterAll, beforeAll, expect, test } from 'vitest';
import { figuresAgree } from '../soak/accuracy.ts';
import { campaignSoak } from '../soak/campaign.ts';
import { soak } from '../soak/soak.ts';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { createProduct } from '../support/product.ts';
import type { Product } from '../support/product.ts';

/** The small one of `npm run soak`, with the same check. */
const CALLS = 200;
let stack: Stack;
let product: Product;
let databaseUrl: string;

beforeAll(async () => {
  stack = await ensureStack();
  databaseUrl = await stack.createDatabase('allo_soak');
  product = createProduct({ databaseUrl, redisUrl: stack.redisUrl, asterisk: stack.asterisk });
  await product.start();
});
afterAll(() => product?.stop());

// the first, while the log has no others
test('30 real calls through three queues: the report says what queue_log says', { timeout: 200_000 }, async () => {
  const began = Date.now();
  await soak(stack, product, { calls: 30, kills: 0, atOnce: 15, seed: 2, queuesAlone: true, say: (line) => console.info(line) });
  const queues = await figuresAgree(stack, product, began);
  expect(queues.map(({ queue }) => queue)).toEqual(['keys', 'sales', 'support']);
  // some give up before they have entered
  expect(queues.reduce((sum, { report }) => sum + report.offered, 0)).toBeGreaterThan(20);
});

test(
  '200 real calls with a random mix of endings, the server killed in the middle: none lost, none twice',
  { timeout: 400_000 },
  async () => {
    const said = await soak(stack, product, { calls: CALLS, kills: 1, atOnce: 24, seed: 3, say: (line) => console.info(line) });
    console.info(said);
    expect(said).toMatch(new RegExp(`in CEL and queue_log +${CALLS}\n`));
    expect(said).toMatch(new RegExp(`in the log +${CALLS}\n`));
  },
);

test(
  '30 people are called by a campaign, the server killed in the middle: each has their end, none is called twice',
  { timeout: 300_000 },
  async () => {
    const say = (line: string) => console.info(line);
    console.info(await campaignSoak(stack, product, databaseUrl, { people: 30, kills: 1, callsPerSecond: 4, seed: 5, say }));
  },
);
