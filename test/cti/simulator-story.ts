import { header } from './simulator-client.ts';
import type { Block } from './simulator-client.ts';

/** No part of a call; and what is not simulated: events of the dialplan, of Asterisk's test framework. */
const LEFT_OUT =
  /^(FullyBooted|QueueMember(Added)?|QueueParams|QueueEntry|CoreShowChannel|(CoreShowChannels|QueueStatus)Complete|TestEvent|VarSet|Newexten)$/;
/** What no two calls share. */
const OF_THE_MOMENT = /^(Timestamp|BridgeUniqueid|HoldTime|RingTime|TalkTime|ActionID)$/;
/** sipp's answer to a CANCEL that it did not expect; a phone says 487. */
const SIPP_OWN = 'TechCause: 500';

export interface Story {
  /** All that was said of one channel, in order, by the channel ("201#1": the first one to 201). Each line is an event with all its headers. */
  readonly channels: Record<string, string[]>;
  /** By event and channel: what comes in its own order, not in that of the rest. */
  readonly asides: Record<string, string[]>;
  /** The events whose order across channels is certain. */
  readonly spine: string[];
  /** The states of each device, in order. They come when they come. */
  readonly devices: Record<string, string[]>;
  /** `Status` of each queue member, in order, each once. */
  readonly members: Record<string, string[]>;
}

const SPINE = /^(Newchannel|QueueCaller\w+|AgentCalled|AgentConnect|AgentRingNoAnswer|Dial(Begin|End)|Bridge(Create|Enter|Leave))$/;

/** Told by other threads of Asterisk's, a little sooner or later. */
const ASIDE = /^(Newstate|OriginateResponse|SoftHangupRequest)$/;

const push = (of: Record<string, string[]>, key: string, value: string) => (of[key] ??= []).push(value);

/** Tells what happened in such a way that two calls which went alike have the same story. */
export function storyOf(blocks: readonly Block[]): Story {
  const story: Story = { channels: {}, asides: {}, spine: [], devices: {}, members: {} };
  /** Names and ids of channels, by what stands for them. */
  const aliases = new Map<string, string>();
  const alias = (name: string, id: string): string => {
    if (!aliases.has(name)) {
      const endpoint = name.replace(/^PJSIP\/|-\w+$/g, '');
      const ordinal = [...aliases.keys()].filter((n) => n.startsWith(`PJSIP/${endpoint}-`)).length + 1;
      aliases.set(name, `${endpoint}#${ordinal}`);
    }
    if (id) aliases.set(id, aliases.get(name)!);
    return aliases.get(name)!;
  };
  const plain = (text: string) => aliases.get(text) ?? text.replace(/PJSIP\/[\w-]+-[0-9a-f]{8}/g, (name) => aliases.get(name) ?? name);

  for (const block of blocks) {
    const event = header(block, 'Event');
    if (!event || LEFT_OUT.test(event)) continue;
    if (event === 'DeviceStateChange') {
      const device = header(block, 'Device')!;
      if (!device.endsWith('_avail')) push(story.devices, device, header(block, 'State')!);
      continue;
    }
    if (event === 'QueueMemberStatus') {
      const [member, status] = [header(block, 'Interface')!, header(block, 'Status')!];
      if (story.members[member]?.at(-1) !== status) push(story.members, member, status);
      continue;
    }
    const channel = header(block, 'Channel') && alias(header(block, 'Channel')!, header(block, 'Uniqueid') ?? '');
    const dest = header(block, 'DestChannel') && alias(header(block, 'DestChannel')!, header(block, 'DestUniqueid')!);
    const about = dest ?? channel ?? 'bridge';
    const told = block
      .filter(([name]) => !OF_THE_MOMENT.test(name) && !(/^Dial(Begin|State)$/.test(event) && /^DestChannelState/.test(name)))
      .map(([name, value]) => `${plain(name)}: ${plain(value)}`);
    const line = told.join(' | ').replace(SIPP_OWN, 'TechCause: 487');
    if (ASIDE.test(event)) push(story.asides, `${event} ${about}`, line);
    else push(story.channels, about, line);
    if (SPINE.test(event)) story.spine.push(`${event} ${about} ${header(block, 'DialStatus') ?? ''}`.trim());
  }
  return story;
}
