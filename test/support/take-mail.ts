import { emptyMailbox } from '../../server/complaints/mailbox.ts';
import { startWorker } from './worker.ts';

/** Takes in what the mailbox has, and ends: to be killed in the middle. */
const { deps, end } = startWorker();
await emptyMailbox(deps);
await end();
