import { createCodec } from '../../cti/ami/codec.ts';
import { AmiMessage } from '../../cti/ami/message.ts';
import type { FoundChannel, FoundEntry } from '../../cti/calls/signals.ts';
import type { Tracker } from '../../cti/calls/tracker.ts';
import { createTracker } from '../../cti/calls/tracker.ts';
import type { Call, Fact } from '../../cti/facts.ts';
import { calls, traceBytes } from './replay.ts';

/** Recorded traces as lists of events, to be cut, doubled, mixed and mutilated. */

/** Numbers from 0 to below `n`, the same for the same seed. */
export function dice(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** The events of a trace that have a time, as text without the blank line. */
export const blocks = (name: string): string[] =>
  traceBytes(name)
    .toString('utf8')
    .split('\r\n\r\n')
    .filter((block) => /^Event: /.test(block) && /^Timestamp: /m.test(block));

/** The same call as another PBX process would number it: ids and names of channels that no other copy has. */
export const renumber = (block: string, copy: number): string =>
  block
    .replaceAll(
      /^(\S*(?:Uniqueid|Linkedid)): ([\w-]*?)(\d+)\.(\d+)/gim,
      (_, key, prefix, second, n) => `${key}: ${prefix}${second}.${copy}${n}`,
    )
    .replaceAll(/-([0-9a-f]{8})(?=[;\r\n]|$)/gm, (_, n: string) => `-${copy}${n}`)
    .replaceAll(/^(BridgeUniqueid): (.+)/gm, (_, key, id) => `${key}: ${copy}-${id}`);

export const timeOf = (message: AmiMessage): number => Math.round(Number(message.get('Timestamp')) * 1000);

export const listen = (): { tracker: Tracker; facts: Fact[] } => {
  const facts: Fact[] = [];
  return { tracker: createTracker({ pbx: 'main', onFact: (fact) => facts.push(fact) }), facts };
};

/** @returns what the log would hold, by natural key, in no order */
export function run(events: readonly string[]): { rows: string[]; facts: Fact[]; tracker: Tracker } {
  const { tracker, facts } = listen();
  for (const block of events) hand(tracker, block);
  return { rows: rowsOf(facts), facts, tracker };
}

export function hand(tracker: Tracker, block: string): void {
  const message = new AmiMessage(block);
  tracker.event(message, timeOf(message));
}

export const viaCodec = (pieces: Iterable<Buffer>): { rows: string[]; facts: Fact[]; tracker: Tracker } => {
  const { tracker, facts } = listen();
  const codec = createCodec({ wanted: null, onMessage: (m) => m.get('Timestamp') && tracker.event(m, timeOf(m)) });
  for (const piece of pieces) codec.push(piece);
  return { rows: rowsOf(facts), facts, tracker };
};

/** A row a call, its segments by their keys. */
export const rowsOf = (facts: readonly Fact[]): string[] => calls(facts).map(rowOf).sort();

const rowOf = ({ segments, ...call }: Call): string => JSON.stringify([call, [...segments].sort((a, b) => (a.id < b.id ? -1 : 1))]);

/** What Asterisk would list of the channels that are up, as far as the events so far tell. */
export function createModel() {
  const channels = new Map<string, FoundChannel & { born: number }>();
  const entries = new Map<string, FoundEntry & { joined: number }>();
  return {
    see(block: string): void {
      const m = new AmiMessage(block);
      const [id, at] = [m.get('Uniqueid'), timeOf(m)];
      const change = (more: Partial<FoundChannel>, of = id) => {
        const known = channels.get(of);
        if (known) channels.set(of, { ...known, ...more });
      };
      if (m.get('Linkedid') !== '') change({ linkedid: m.get('Linkedid') });
      switch (m.event) {
        case 'Newchannel':
          channels.set(id, {
            ...{ id, linkedid: m.get('Linkedid'), name: m.get('Channel'), calling: false, up: m.get('ChannelState') === '6' },
            ...{ number: m.get('CallerIDNum'), callerName: m.get('CallerIDName'), exten: m.get('Exten') },
            ...{ dialled: m.get('ChannelState') !== '4', spying: false, bridge: '', ageMs: 0, queue: '', born: at },
          });
          return;
        case 'Newstate':
          return change({ up: m.get('ChannelState') === '6' });
        case 'Rename':
          return change({ name: m.get('Newname') });
        case 'BridgeEnter':
          return change({ bridge: m.get('BridgeUniqueid') });
        case 'BridgeLeave':
          return change({ bridge: '' });
        case 'ChanSpyStart':
          return change({ spying: true }, m.get('SpyerUniqueid'));
        case 'QueueCallerJoin':
          entries.set(id, { id, queue: m.get('Queue'), waitMs: 0, joined: at });
          return;
        case 'QueueCallerLeave':
          entries.delete(id);
          return;
        case 'Hangup':
          channels.delete(id);
          entries.delete(id);
      }
    },
    snapshot(tracker: Tracker, at: number): void {
      tracker.signal({
        kind: 'snapshot',
        at,
        channels: [...channels.values()].map(({ born, ...channel }) => ({ ...channel, ageMs: at - born })),
        entries: [...entries.values()].map(({ joined, ...entry }) => ({ ...entry, waitMs: at - joined })),
      });
    },
  };
}
