import { startBridge } from './bridge.ts';
import type { Cti, CtiOptions } from './facts.ts';

export { ActionError } from './facts.ts';
export type * from './facts.ts';
export { openJournal } from './journal/index.ts';
export type { JournalFiles } from './journal/index.ts';
export type { Journal, Marks } from './journal/reader.ts';
export type { JournalCall } from './journal/assemble.ts';

/** Starts the bridge to one PBX: facts go to `onFact`, orders are taken by `actions`. Reconnects by itself; the calls go on without it. */
export const startCti = (options: CtiOptions): Cti => startBridge(options);
