import type { Call, Fact } from '../facts.ts';

/** The operators of the queues and the calls of the campaigns, as the facts of the bridge tell them. Pure. */

interface Member {
  present: boolean;
  paused: boolean;
  wrapUp: boolean;
  /** Since when as it is. */
  since: number;
}

export interface Placed {
  /** CALL_BACK: nobody's. */
  readonly campaign: number;
  readonly queue: string;
  readonly at: number;
  /** A person answered and was put into the queue. */
  answeredAt: number | null;
  agent: string | null;
  talkingSince: number | null;
}

export interface QueueFloor {
  /** Members who are in the queue, whatever they are at. */
  readonly present: number;
  readonly idle: readonly string[];
  /** Since when. */
  readonly wrapUp: readonly number[];
  /** Callers who wait and were not called by us: the operators are theirs first. Since when each of them does, by the PBX's clock. */
  readonly inbound: readonly number[];
}

/** In the place of a campaign's id. */
export const CALL_BACK = 0;

export const createDialFloor = () => {
  const members = new Map<string, Map<string, Member>>();
  const devices = new Map<string, string>();
  const placed = new Map<string, Placed>();
  /** Calls that wait in a queue and that we did not place, by key. */
  const waiting = new Map<string, { readonly queue: string; readonly since: number }>();

  const waitOf = ({ answeredAt, endedAt, segments }: Call) =>
    endedAt === null && answeredAt === null ? segments.find(({ kind, to }) => kind === 'queue' && to === null) : undefined;

  const hear = (fact: Fact): void => {
    if (fact.kind === 'queue.member') {
      const queue = members.get(fact.queue) ?? new Map<string, Member>();
      members.set(fact.queue, queue);
      const before = queue.get(fact.agent);
      const next = { present: fact.present, paused: fact.paused, wrapUp: fact.paused && /wrap/i.test(fact.reason) };
      const same = before && before.present === next.present && before.paused === next.paused && before.wrapUp === next.wrapUp;
      queue.set(fact.agent, { ...next, since: same ? before.since : fact.at });
    } else if (fact.kind === 'agent.state') devices.set(fact.agent, fact.state);
    else if ('call' in fact && !placed.has(fact.key)) {
      const wait = waitOf(fact.call);
      if (wait) waiting.set(fact.key, { queue: wait.queue ?? '', since: wait.from });
      else waiting.delete(fact.key);
      if (fact.kind === 'call.ended') waiting.delete(fact.key);
    } else if (fact.kind === 'pbx.synced') {
      const live = new Set(fact.live);
      for (const key of waiting.keys()) if (!live.has(key)) waiting.delete(key);
    }
  };

  const queue = (name: string): QueueFloor => {
    const all = [...(members.get(name) ?? [])].filter(([, { present }]) => present);
    const busy = new Set([...placed.values()].flatMap(({ agent }) => agent ?? []));
    const idle = all.filter(([agent, { paused }]) => !paused && devices.get(agent) === 'idle' && !busy.has(agent)).map(([agent]) => agent);
    const wrapUp = all
      .filter(([agent, one]) => one.wrapUp && devices.get(agent) === 'idle' && !busy.has(agent))
      .map(([, { since }]) => since);
    return { present: all.length, idle, wrapUp, inbound: [...waiting.values()].flatMap((each) => (each.queue === name ? each.since : [])) };
  };

  return {
    hear,
    queue,
    place: (key: string, call: Omit<Placed, 'answeredAt' | 'agent' | 'talkingSince'>) =>
      placed.set(key, { ...call, answeredAt: null, agent: null, talkingSince: null }),
    drop: (key: string) => placed.delete(key),
    find: (key: string): Placed | undefined => placed.get(key),
    /** Of a queue's calls: those that no operator has yet. */
    unanswered: (name: string): number => [...placed.values()].filter((each) => each.queue === name && each.agent === null).length,
    of: (campaign: number): Placed[] => [...placed.values()].filter((each) => each.campaign === campaign),
    keys: () => placed.keys(),
    lines: () => placed.size,
    /** Another bridge had the PBX meanwhile: what it heard is not known here. */
    forget: () => {
      members.clear();
      devices.clear();
      placed.clear();
      waiting.clear();
    },
  };
};
