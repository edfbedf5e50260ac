import type { AmiMessage } from '../ami/message.ts';
import { agentOfInterface } from '../calls/state.ts';
import type { Fact, PbxQueue, PbxQueueMember } from '../facts.ts';

export const QUEUE_EVENTS: readonly string[] = [
  'QueueMemberAdded',
  'QueueMemberRemoved',
  'QueueMemberPause',
  'QueueMemberPenalty',
  'QueueMemberStatus',
];

interface Member extends PbxQueueMember {
  readonly queue: string;
}

export interface QueueMembers {
  event(message: AmiMessage, at: number): void;
  /** All members of all queues as they are now: events QueueMember; others among them are passed over. */
  snapshot(queues: readonly AmiMessage[], at: number): void;
  /** Every queue that the PBX told of, with its members. */
  queues(): PbxQueue[];
  /** The PBX has read its queues anew: these are there now. */
  reloaded(queues: readonly string[]): void;
}

/** Who is in which queue, and paused. */
export function createQueueMembers(pbx: string, extensions: RegExp | undefined, onFact: (fact: Fact) => void): QueueMembers {
  /** By queue and agent: a member of several queues is one in each. */
  const members = new Map<string, Member>();
  let names = new Set<string>();

  const read = (message: AmiMessage): Member | null => {
    const queue = message.get('Queue');
    // Added, Removed, Pause and Status say Interface; the list says Location
    const agent = agentOfInterface(message.get('Interface') || message.get('Location'), extensions);
    if (queue === '' || agent === null) return null;
    const paused = message.get('Paused') === '1';
    const name = message.get('MemberName') || message.get('Name');
    const fixed = message.get('Membership') !== 'dynamic';
    const penalty = Number(message.get('Penalty')) || 0;
    return { queue, agent, name, penalty, fixed, paused, reason: paused ? message.get('PausedReason') : '' };
  };
  const keyOf = ({ queue, agent }: Member) => JSON.stringify([queue, agent]);

  function present(member: Member, at: number): void {
    const known = members.get(keyOf(member));
    members.set(keyOf(member), member);
    if (known && known.paused === member.paused && known.reason === member.reason) return;
    const { queue, agent, paused, reason } = member;
    onFact({ kind: 'queue.member', pbx, at, queue, agent, paused, reason, present: true });
  }

  function absent(member: Member, at: number): void {
    const { queue, agent } = member;
    if (members.delete(keyOf(member))) onFact({ kind: 'queue.member', pbx, at, queue, agent, paused: false, reason: '', present: false });
  }

  return {
    event(message, at) {
      const member = read(message);
      if (!member) return;
      if (message.event === 'QueueMemberRemoved') absent(member, at);
      else present(member, at);
    },
    snapshot(queues, at) {
      names = new Set(queues.filter((m) => m.event === 'QueueParams').map((m) => m.get('Queue')));
      const found = queues
        .filter((m) => m.event === 'QueueMember')
        .map(read)
        .filter((m) => m !== null);
      const keys = new Set(found.map(keyOf));
      for (const member of [...members.values()]) if (!keys.has(keyOf(member))) absent(member, at);
      for (const member of found) present(member, at);
    },
    queues() {
      const all = [...members.values()];
      const named = new Set([...names, ...all.map(({ queue }) => queue)]);
      return [...named].sort().map((name) => ({
        name,
        members: all.filter(({ queue }) => queue === name).map(({ queue: _, ...member }) => member),
      }));
    },
    reloaded(queues) {
      for (const name of queues) names.add(name);
    },
  };
}
