import type { AmiMessage } from '../ami/message.ts';
import { agentOfInterface } from '../calls/state.ts';
import type { Fact } from '../facts.ts';

export const QUEUE_EVENTS: readonly string[] = ['QueueMemberAdded', 'QueueMemberRemoved', 'QueueMemberPause', 'QueueMemberStatus'];

interface Member {
  readonly queue: string;
  readonly agent: string;
  readonly paused: boolean;
  readonly reason: string;
}

export interface QueueMembers {
  event(message: AmiMessage, at: number): void;
  /** All members of all queues as they are now: events QueueMember; others among them are passed over. */
  snapshot(queues: readonly AmiMessage[], at: number): void;
}

/** Who is in which queue, and paused. */
export function createQueueMembers(pbx: string, extensions: RegExp | undefined, onFact: (fact: Fact) => void): QueueMembers {
  /** By queue and agent: a member of several queues is one in each. */
  const members = new Map<string, Member>();

  const read = (message: AmiMessage): Member | null => {
    const queue = message.get('Queue');
    // Added, Removed, Pause and Status say Interface; the list says Location
    const agent = agentOfInterface(message.get('Interface') || message.get('Location'), extensions);
    if (queue === '' || agent === null) return null;
    const paused = message.get('Paused') === '1';
    return { queue, agent, paused, reason: paused ? message.get('PausedReason') : '' };
  };
  const keyOf = ({ queue, agent }: Member) => JSON.stringify([queue, agent]);

  function present(member: Member, at: number): void {
    const known = members.get(keyOf(member));
    if (known && known.paused === member.paused && known.reason === member.reason) return;
    members.set(keyOf(member), member);
    onFact({ kind: 'queue.member', pbx, at, ...member, present: true });
  }

  function absent(member: Member, at: number): void {
    if (members.delete(keyOf(member))) onFact({ kind: 'queue.member', pbx, at, ...member, paused: false, reason: '', present: false });
  }

  return {
    event(message, at) {
      const member = read(message);
      if (!member) return;
      if (message.event === 'QueueMemberRemoved') absent(member, at);
      else present(member, at);
    },
    snapshot(queues, at) {
      const found = queues
        .filter((m) => m.event === 'QueueMember')
        .map(read)
        .filter((m) => m !== null);
      const keys = new Set(found.map(keyOf));
      for (const member of [...members.values()]) if (!keys.has(keyOf(member))) absent(member, at);
      for (const member of found) present(member, at);
    },
  };
}
