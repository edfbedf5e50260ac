import type { QueueOptions } from './options.ts';
import { DEVICE_NUMBERS } from './switchboard.ts';
import type { Channel, DeviceState, Emit } from './switchboard.ts';
import type { Header } from './wire.ts';

export interface Member {
  readonly queue: string;
  readonly extension: string;
  name: string;
  /** static: of the configuration, worked by the simulator. dynamic: a person came by QueueAdd. */
  membership: 'static' | 'dynamic';
  penalty: number;
  paused: boolean;
  pausedReason: string;
  callsTaken: number;
  /** Seconds, as Asterisk counts them; 0: never. */
  lastCall: number;
  lastPause: number;
  loginTime: number;
  inCall: boolean;
}

/** A caller in a queue. */
export interface Waiting {
  readonly channel: Channel;
  readonly joinedAt: number;
  readonly originalPosition: number;
}

/** One member's phone rings for a caller. */
export interface Offer {
  readonly member: Member;
  readonly leg: Channel;
  readonly since: number;
}

export interface Queue {
  readonly options: QueueOptions;
  readonly members: Map<string, Member>;
  /** In the order of their turn. */
  readonly waiting: Waiting[];
  completed: number;
  abandoned: number;
  /** rrmemory: the extension that was offered the last call. */
  last: string | null;
}

/** People come first; colleagues take what they leave. */
const COLLEAGUE_PENALTY = 1;

export type Refusal = { refused: string };

export const memberInterface = (member: Member): string => `PJSIP/${member.extension}`;

const description = (m: Member, status: number, nameKey: 'MemberName' | 'Name'): Header[] => [
  ['Queue', m.queue],
  [nameKey, m.name],
  [nameKey === 'Name' ? 'Location' : 'Interface', memberInterface(m)],
  ['StateInterface', memberInterface(m)],
  ['Membership', m.membership],
  ['Penalty', m.penalty],
  ['CallsTaken', m.callsTaken],
  ['LastCall', m.lastCall],
  ['LastPause', m.lastPause],
  ['LoginTime', m.loginTime],
  ['InCall', m.inCall ? 1 : 0],
  ['Status', status],
  ['Paused', m.paused ? 1 : 0],
  ['PausedReason', m.pausedReason],
  ...(nameKey === 'Name' ? [] : ([['Ringinuse', 0]] as Header[])),
  ['Wrapuptime', 0],
];

export type Queues = ReturnType<typeof createQueues>;

/** Who is in which queue; which of them is next. The calls themselves are the floor's. */
export function createQueues({
  options,
  names,
  emit,
  now,
  deviceState,
}: {
  options: readonly QueueOptions[];
  names: ReadonlyMap<string, string>;
  emit: Emit;
  now: () => number;
  deviceState: (extension: string) => DeviceState;
}) {
  const seconds = () => Math.floor(now() / 1000);
  const status = (m: Member) => DEVICE_NUMBERS[deviceState(m.extension)];

  const newMember = (queue: string, extension: string, membership: Member['membership']): Member => ({
    queue,
    extension,
    name: names.get(extension) ?? `PJSIP/${extension}`,
    membership,
    penalty: membership === 'static' ? COLLEAGUE_PENALTY : 0,
    paused: false,
    pausedReason: '',
    callsTaken: 0,
    lastCall: 0,
    lastPause: 0,
    loginTime: seconds(),
    inCall: false,
  });

  const queues = new Map<string, Queue>(
    options.map((o) => [
      o.name,
      {
        options: o,
        members: new Map((o.members ?? []).map((extension) => [extension, newMember(o.name, extension, 'static')])),
        waiting: [],
        completed: 0,
        abandoned: 0,
        last: null,
      },
    ]),
  );

  const tell = (event: string, m: Member) => emit(event, 'agent', description(m, status(m), 'MemberName'));
  /** A queue is a device to Asterisk: it rings while somebody waits. */
  const tellDevice = (queue: Queue, state: DeviceState) =>
    emit('DeviceStateChange', 'call', [
      ['Device', `Queue:${queue.options.name}`],
      ['State', state],
    ]);
  const membershipsOf = (extension: string) => [...queues.values()].flatMap((q) => q.members.get(extension) ?? []);

  return {
    all: () => [...queues.values()],
    get: (name: string) => queues.get(name),
    byNumber: (number: string) => [...queues.values()].find((q) => q.options.number === number),
    membershipsOf,
    /** A person has this phone now. */
    attended: (extension: string) => membershipsOf(extension).some((m) => m.membership === 'dynamic'),
    tell,

    /** `first`: before all who wait. */
    join(queue: Queue, caller: Waiting, first: boolean): void {
      if (first) queue.waiting.unshift(caller);
      else queue.waiting.push(caller);
      if (queue.waiting.length === 1) tellDevice(queue, 'RINGING');
    },

    /** @returns the position it had */
    leave(queue: Queue, caller: Waiting): number {
      const index = queue.waiting.indexOf(caller);
      queue.waiting.splice(index, 1);
      if (queue.waiting.length === 0) tellDevice(queue, 'NOT_INUSE');
      return index + 1;
    },

    add(queueName: string, extension: string, order: { name: string; penalty: number; paused: boolean }): Member | Refusal {
      const queue = queues.get(queueName);
      if (!queue) return { refused: 'Unable to add interface to queue: No such queue' };
      const present = queue.members.get(extension);
      if (present?.membership === 'dynamic') return { refused: 'Unable to add interface: Already there' };
      if (present) {
        // Asterisk would say "Already there"; here the person takes the place that a simulated colleague kept warm.
        queue.members.delete(extension);
        tell('QueueMemberRemoved', present);
      }
      const member = { ...newMember(queueName, extension, 'dynamic'), penalty: order.penalty, paused: order.paused };
      if (order.name) member.name = order.name;
      queue.members.set(extension, member);
      tell('QueueMemberAdded', member);
      return member;
    },

    penalty(queueName: string, extension: string, penalty: number): Member | Refusal {
      const member = queues.get(queueName)?.members.get(extension);
      if (!member) return { refused: 'Invalid interface' };
      member.penalty = penalty;
      tell('QueueMemberPenalty', member);
      return member;
    },

    remove(queueName: string, extension: string): Member | Refusal {
      const queue = queues.get(queueName);
      if (!queue) return { refused: 'Unable to remove interface from queue: No such queue' };
      const member = queue.members.get(extension);
      if (!member) return { refused: 'Unable to remove interface: Not there' };
      if (member.membership === 'static') return { refused: 'Member not dynamic' };
      queue.members.delete(extension);
      tell('QueueMemberRemoved', member);
      if (queue.options.members?.includes(extension)) {
        const colleague = newMember(queueName, extension, 'static');
        queue.members.set(extension, colleague);
        tell('QueueMemberAdded', colleague);
      }
      return member;
    },

    pause(queueName: string, extension: string, paused: boolean, reason: string): Member[] | Refusal {
      const members = membershipsOf(extension).filter((m) => !queueName || m.queue === queueName);
      if (members.length === 0) return { refused: 'Interface not found' };
      for (const member of members) {
        member.paused = paused;
        member.pausedReason = reason;
        if (paused) member.lastPause = seconds();
        tell('QueueMemberPause', member);
      }
      return members;
    },

    /**
     * Whose phones to ring for this caller: of the free members those of the least penalty, as app_queue does; unless all of them have let it
     * ring, then the next. None when nobody is free.
     */
    next(queue: Queue, missedBy: ReadonlySet<string>): Member[] {
      const members = [...queue.members.values()];
      const able = members.filter((m) => !m.paused && deviceState(m.extension) === 'NOT_INUSE');
      const penalties = able.map((m) => m.penalty).sort((a, b) => a - b);
      const penalty = penalties.find((p) => able.some((m) => m.penalty === p && !missedBy.has(m.extension))) ?? penalties[0];
      const free = able.filter((m) => m.penalty === penalty);
      if (queue.options.strategy === 'ringall' || free.length === 0) return free;
      const turn = members.findIndex((m) => m.extension === queue.last) + 1;
      return [[...members.slice(turn), ...members.slice(0, turn)].find((m) => free.includes(m))!];
    },

    /** The blocks of the action QueueStatus. */
    describe(only: string): Header[][] {
      return [...queues.values()]
        .filter((q) => !only || q.options.name === only)
        .flatMap((q) => [
          [
            ['Event', 'QueueParams'],
            ['Queue', q.options.name],
            ['Max', 0],
            ['Strategy', q.options.strategy],
            ['Calls', q.waiting.length],
            ['Holdtime', 0],
            ['TalkTime', 0],
            ['Completed', q.completed],
            ['Abandoned', q.abandoned],
            ['ServiceLevel', 0],
            ['ServicelevelPerf', '0.0'],
            ['ServicelevelPerf2', '0.0'],
            ['Weight', 0],
          ],
          ...[...q.members.values()].map((m): Header[] => [['Event', 'QueueMember'], ...description(m, status(m), 'Name')]),
          ...q.waiting.map((w, i): Header[] => [
            ['Event', 'QueueEntry'],
            ['Queue', q.options.name],
            ['Position', i + 1],
            ['Channel', w.channel.name],
            ['Uniqueid', w.channel.uniqueid],
            ['CallerIDNum', w.channel.callerNum || 'unknown'],
            ['CallerIDName', w.channel.callerName || 'unknown'],
            ['ConnectedLineNum', w.channel.connectedNum || 'unknown'],
            ['ConnectedLineName', w.channel.connectedName || 'unknown'],
            ['Wait', Math.floor((now() - w.joinedAt) / 1000)],
            ['Priority', 0],
          ]),
        ]);
    },
  };
}
