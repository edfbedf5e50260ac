import type { AmiPeer } from './ami/timing.ts';
import { startBridge, WANTED } from './bridge.ts';
import { DEFAULT_EXTENSIONS } from './calls/state.ts';
import type { PbxInspection } from './doctor/facts.ts';
import { inspect } from './doctor/inspect.ts';
import type { Cti, CtiOptions } from './facts.ts';

export { ActionError } from './facts.ts';
export type * from './facts.ts';
export { createDialler } from './dialler/engine.ts';
export type { Dialler } from './dialler/engine.ts';
export type * from './dialler/ports.ts';
export { openJournal } from './journal/index.ts';
export type { JournalOf, JournalPlace } from './journal/index.ts';
export type { Table } from './journal/table.ts';
export type { Journal, Marks } from './journal/reader.ts';
export type { JournalCall } from './journal/assemble.ts';
export type * from './doctor/facts.ts';

/** Starts the bridge to one PBX: facts go to `onFact`, orders are taken by `actions`. Reconnects by itself; the calls go on without it. */
export const startCti = (options: CtiOptions): Cti => startBridge(options);

/** What an Asterisk says of itself to this account; changes nothing there. `modules`: whose presence is asked; `extensions`: operators' phones. */
export const inspectPbx = (peer: AmiPeer, modules: readonly string[], extensions: RegExp = DEFAULT_EXTENSIONS): Promise<PbxInspection> =>
  inspect({ peer, modules, wanted: [...WANTED], isExtension: (name) => extensions.test(name) });
