import { reduce } from '../calls/reducer.ts';
import { createState, DEFAULT_EXTENSIONS } from '../calls/state.ts';
import type { Call } from '../facts.ts';
import { placesOf } from './records.ts';
import type { CelRecord, QueueRecord } from './records.ts';
import { signalsOf } from './signals.ts';
import type { CallRecords } from './signals.ts';

/** A call as the journals tell it. */
export interface JournalCall {
  readonly call: Call;
  /** Every Linkedid it has had, that of `call.key` among them. */
  readonly linkedids: readonly string[];
}

export interface AssembleOptions {
  readonly pbx: string;
  readonly extensions?: RegExp | undefined;
}

/** Records that may be of one call: their Linkedids were those of one channel, or their channels met. */
export function groupRecords(cel: readonly CelRecord[]): Map<string, CelRecord[]> {
  const parent = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    while (parent.has(root)) root = parent.get(root)!;
    return root;
  };
  const met = new Map<string, string>();
  const meet = (where: string, linkedid: string) => {
    const [a, b] = [rootOf(met.get(where) ?? linkedid), rootOf(linkedid)];
    if (a !== b) parent.set(a, b);
    met.set(where, linkedid);
  };
  for (const record of cel) {
    for (const place of placesOf(record)) meet(place, record.linkedid);
  }
  const groups = new Map<string, CelRecord[]>();
  for (const record of cel) {
    const root = rootOf(record.linkedid);
    const group = groups.get(root);
    if (group) group.push(record);
    else groups.set(root, [record]);
  }
  return groups;
}

/** Its beginning is there: the channel that gave the call its first Linkedid was seen being born. */
const isWhole = (cel: readonly CelRecord[]): boolean => {
  const born = new Set(cel.filter((r) => r.event === 'CHAN_START').map((r) => r.uniqueid));
  return cel.every((r) => born.has(r.uniqueid));
};

/** The calls of a group of records, as a rule one; none when there is no call in them, it is not over, or its beginning is missing. */
export function assembleCalls(records: CallRecords, { pbx, extensions = DEFAULT_EXTENSIONS }: AssembleOptions): JournalCall[] {
  if (!isWhole(records.cel)) return [];
  const state = createState(pbx, extensions);
  const ended: Call[] = [];
  const merged = new Map<string, string[]>();
  for (const signal of signalsOf(records, extensions))
    reduce(state, signal, (fact) => {
      if (fact.kind === 'call.ended') ended.push(fact.call);
      if (fact.kind === 'call.merged')
        merged.set(fact.key, [...(merged.get(fact.key) ?? []), fact.merged, ...(merged.get(fact.merged) ?? [])]);
    });
  const all = records.cel.map((r) => r.linkedid);
  return ended.map((call) => {
    const ids = ended.length === 1 ? all : [call.key, ...(merged.get(call.key) ?? [])];
    return { call, linkedids: [...new Set(ids)] };
  });
}

/** All calls that the records tell whole, one for each set of Linkedids. */
export function assemble(cel: readonly CelRecord[], queue: readonly QueueRecord[], options: AssembleOptions): JournalCall[] {
  const boots = queue.filter((r) => r.event === 'QUEUESTART').map((r) => r.at);
  return [...groupRecords(cel).values()].flatMap((group) => assembleCalls(recordsOf(group, queue, boots), options));
}

/** @param boots when Asterisk started, epoch ms */
export function recordsOf(cel: readonly CelRecord[], queue: readonly QueueRecord[], boots: readonly number[]): CallRecords {
  const sorted = [...cel].sort((a, b) => a.at - b.at);
  const ids = new Set(sorted.map((r) => r.uniqueid));
  return { cel: sorted, queue: queue.filter((r) => ids.has(r.callId)), diedBefore: isOver(sorted) ? null : bootAfter(sorted, boots) };
}

/** Every channel that was born has ended. */
export function isOver(cel: readonly CelRecord[]): boolean {
  const up = new Set<string>();
  for (const { event, uniqueid } of cel)
    if (event === 'CHAN_START') up.add(uniqueid);
    else if (event === 'CHAN_END') up.delete(uniqueid);
  return up.size === 0 && cel.some((r) => r.event === 'CHAN_END');
}

/** Channels of a second in which Asterisk comes back. */
const FIRST_CHANNELS = 20;

/** Asterisk numbers its channels from 0 at each start: "1700000000.0". */
const isOfNewLife = (cel: readonly CelRecord[]): boolean =>
  cel.some(({ uniqueid }) => Number(/^\d+\.(\d+)$/.exec(uniqueid)?.[1] ?? FIRST_CHANNELS) < FIRST_CHANNELS);

/**
 * When Asterisk started after it had died with the call up; null: it has not. Whole seconds: the one in which it started may hold the last record of the call
 * that went down, and the first ones of a call that came after: it is up again within half a second.
 */
export const bootAfter = (cel: readonly CelRecord[], boots: readonly number[]): number | null => {
  const first = cel[0]?.at ?? -Infinity;
  const last = cel.at(-1)?.at ?? Infinity;
  const boot = boots.find((at) => at + 999 >= last && !(first >= at && isOfNewLife(cel)));
  return boot === undefined ? null : Math.max(boot, last);
};
