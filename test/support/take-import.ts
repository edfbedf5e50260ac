import { importsFeature } from '../../server/imports/feature.ts';
import { startWorker } from './worker.ts';

/** Takes in the import that waits, and ends: to be killed in the middle. LATER: ms by which its clock is ahead. */
const { db, deps, end } = startWorker({ now: () => Date.now() + Number(process.env.LATER ?? 0) });
const stop = await importsFeature(deps).start!(new Set(['worker']));
while (await db('imports').where({ state: 'running' }).first('id')) await new Promise((resolve) => setTimeout(resolve, 20));
await stop();
await end();
