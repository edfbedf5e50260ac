import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { createAgentStates } from '../../cti/agents/states.ts';
import { createCodec } from '../../cti/ami/codec.ts';
import type { AmiMessage } from '../../cti/ami/message.ts';
import { createTracker } from '../../cti/calls/tracker.ts';
import { createQueueMembers } from '../../cti/queues/members.ts';
import type { Call, Fact } from '../../cti/facts.ts';
import { OTHERWISE } from './old-asterisk.ts';

/** ALLO_TRACES: a folder of traces just recorded from another Asterisk, in the place of those kept. */
const recorded = process.env.ALLO_TRACES;
const DIR = recorded ? pathToFileURL(`${resolve(recorded)}/`) : new URL('../fixtures/ami/', import.meta.url);

/** Expected lines are those of the kept traces; a new recording may differ by tenths of seconds and in the order of a moment. */
export const comparable = (lines: readonly string[]): string[] =>
  recorded ? lines.map((line) => line.replace(/[+]?\b\d+\.\d\b(-\d+\.\d)?/g, '~')).sort() : [...lines];

/** What a trace must tell: `lines`, or what an old Asterisk is known to tell in their place. */
export const expected = (name: string, lines: readonly string[], told: readonly string[]): string[] => {
  const otherwise = recorded && OTHERWISE[name] ? comparable(OTHERWISE[name]) : null;
  return otherwise && isDeepStrictEqual(otherwise, comparable(told)) ? otherwise : comparable(lines);
};

/** The traces are those that are kept, so their times can be relied on. */
export const areKept = !recorded;

/** Names of the recorded traces, without the unfiltered doubles. */
export const traces = (): string[] =>
  readdirSync(DIR)
    .filter((file) => file.endsWith('.ami') && !file.endsWith('.unfiltered.ami'))
    .map((file) => file.slice(0, -4));

export const traceBytes = (name: string): Buffer => readFileSync(new URL(`${name}.ami`, DIR));

export interface Replayed {
  readonly facts: Fact[];
  readonly left: { calls: number; channels: number; bridges: number };
}

const LISTED = ['CoreShowChannel', 'QueueMember', 'QueueEntry'];
const COMPLETE = ['CoreShowChannelsComplete', 'QueueStatusComplete'];

/** What happened, in a sentence. */
export const description = (name: string): string => {
  const file = new URL(`${name}.json`, DIR);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { description: string }).description : 'not recorded';
};

/** The order we gave before a click-to-call: the recorder chose the channel's id as the bridge does. */
interface Order {
  readonly agent: string;
  readonly number: string;
}

/**
 * Runs a recorded stream through codec, translation and reducer, as the event connection does: lists first, then what came meanwhile.
 * @param size bytes a piece
 * @param order given for the first channel whose id is of our choice
 */
export function replayBytes(bytes: Buffer, size = bytes.length, order?: Order): Replayed {
  const pbx = 'main';
  const facts: Fact[] = [];
  const onFact = (fact: Fact) => facts.push(fact);
  const tracker = createTracker({ pbx, onFact });
  const agents = createAgentStates(pbx, undefined, onFact);
  const members = createQueueMembers(pbx, undefined, onFact);
  const ordered = /^Uniqueid: (allo-\S+)/m.exec(bytes.toString())?.[1];
  if (order && ordered) tracker.signal({ kind: 'originate.ordered', at: snapshotAt(bytes), id: ordered, ...order });
  const channels: AmiMessage[] = [];
  const queues: AmiMessage[] = [];
  let held: AmiMessage[] | null = [];
  let complete = 0;

  const timeOf = (message: AmiMessage) => Math.round(Number(message.get('Timestamp')) * 1000);
  const hand = (message: AmiMessage) => {
    const at = timeOf(message);
    if (message.event.startsWith('QueueMember')) members.event(message, at);
    else if (message.event === 'DeviceStateChange') agents.event(message, at);
    else tracker.event(message, at);
  };
  const onMessage = (message: AmiMessage) => {
    if (message.event === 'CoreShowChannel') channels.push(message);
    else if (LISTED.includes(message.event)) queues.push(message);
    else if (COMPLETE.includes(message.event)) {
      if (++complete < COMPLETE.length) return;
      // the lists carry no time: the first event after them does
      const at = snapshotAt(bytes);
      members.snapshot(queues, at);
      tracker.snapshot({ channels, queues }, at);
      for (const late of held ?? []) hand(late);
      held = null;
    } else if (message.get('Timestamp') === '') return;
    else if (held) held.push(message);
    else hand(message);
  };
  const codec = createCodec({ wanted: null, onMessage });
  for (let i = 0; i < bytes.length; i += size) codec.push(bytes.subarray(i, i + size));
  return { facts, left: tracker.size() };
}

const snapshotAt = (bytes: Buffer): number => Math.round(Number(/^Timestamp: ([\d.]+)/m.exec(bytes.toString())?.[1] ?? 0) * 1000);

export const replay = (name: string, order?: Order): Fact[] => replayBytes(traceBytes(name), undefined, order).facts;

/** Facts about calls, a line each: "+1.0 segment.ended offer 201 answered". Seconds from the first. */
export function story(facts: readonly Fact[]): string[] {
  const told = facts.filter((fact) => 'call' in fact);
  const start = told[0]?.at ?? 0;
  return told.map((fact) => {
    const words: string[] = [`+${((fact.at - start) / 1000).toFixed(1)}`, fact.kind];
    if ('segment' in fact) words.push(...said(fact.segment.kind, fact.segment.agent, fact.segment.queue, fact.segment.endReason));
    else if (fact.kind === 'call.queued') words.push(fact.queue);
    else words.push(...said(fact.call.direction, `${fact.call.from}>${fact.call.to}`, fact.call.endReason, cause(fact.call)));
    return words.join(' ');
  });
}

const said = (...words: (string | null)[]): string[] => words.filter((word) => word !== null);
const verdict = ({ amd }: Call): string | null => (amd === undefined ? null : `amd ${amd}`);
const cause = (call: Call): string | null => (call.cause === null ? null : `cause ${call.cause}`);

/** The calls as they ended, or as they last were. */
export function calls(facts: readonly Fact[]): Call[] {
  const last = new Map<string, Call>();
  for (const fact of facts) {
    if (!('call' in fact)) continue;
    if (fact.kind === 'call.merged') last.delete(fact.merged);
    last.set(fact.key, fact.call);
  }
  return [...last.values()];
}

/** Calls as rows with their segments, a line each: "in 7900…>7000 completed", then "queue support 0.5-0.8 answered". Seconds from its start. */
export function rows(facts: readonly Fact[]): string[] {
  return calls(facts).flatMap((call) => {
    const since = (at: number | null) => (at === null ? '' : ((at - call.startedAt) / 1000).toFixed(1));
    const head = said(call.direction, `${call.from}>${call.to}`, call.endReason, cause(call), verdict(call));
    const lines = call.segments.map((s) => said(s.kind, s.agent, s.queue, `${since(s.from)}-${since(s.to)}`, s.endReason).join(' '));
    return [head.join(' '), ...lines];
  });
}
