import { notificationsFeature } from '../../server/notifications/feature.ts';
import { startWorker } from './worker.ts';

/** Makes notifications of the reminders that are due, and ends when none is left: to be killed in the middle. LATER: ms by which its clock is ahead. */
const { db, deps, end } = startWorker({ now: () => Date.now() + Number(process.env.LATER ?? 0) });
const stop = await notificationsFeature(deps, async () => new Map()).start!(new Set(['worker']));
while (await db('reminders').first('id')) await new Promise((resolve) => setTimeout(resolve, 20));
await stop();
await end();
