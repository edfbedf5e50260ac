import { startBridge } from './bridge.ts';
import type { Cti, CtiOptions } from './facts.ts';

export { ActionError } from './facts.ts';
export type * from './facts.ts';

/** Starts the bridge to one PBX: facts go to `onFact`, orders are taken by `actions`. Reconnects by itself; the calls go on without it. */
export const startCti = (options: CtiOptions): Cti => startBridge(options);
