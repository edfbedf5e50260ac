import { ringPhone, talk, TRUNK } from './plant.ts';
import type { CallOrder, Plant } from './plant.ts';
import { memberInterface } from './queues.ts';
import type { Member, Offer, Queue, Waiting } from './queues.ts';
import { snapshot } from './switchboard.ts';
import type { Channel } from './switchboard.ts';
import type { Timers } from './timers.ts';
import type { Header } from './wire.ts';

/** Callers who wait in queues, and the phones that ring for them: app_queue's part. */
export function createQueueCalls(plant: Plant) {
  const { board, emit, queues, random, behaviour, now } = plant;
  const kicked = new Set<string>();

  const offerHeaders = (waiting: Waiting, offer: Offer): Header[] => [
    ...snapshot(waiting.channel),
    ...snapshot(offer.leg, 'Dest'),
    ['Queue', offer.member.queue],
    ['Interface', memberInterface(offer.member)],
    ['MemberName', offer.member.name],
  ];

  /** Looks, as soon as what is happening has happened, whether somebody can be rung for somebody. */
  function kick(queue: Queue): void {
    if (kicked.has(queue.options.name)) return;
    kicked.add(queue.options.name);
    plant.timers.after(0, () => {
      kicked.delete(queue.options.name);
      for (const waiting of [...queue.waiting]) if (waiting.offers.length === 0 && waiting.retryAt <= now()) offerRound(queue, waiting);
    });
  }

  function offerRound(queue: Queue, waiting: Waiting): void {
    const members = queues.next(queue);
    if (members.length === 0) return;
    queue.last = members.at(-1)!.extension;
    const timers = rounds.get(waiting)!.group();
    for (const member of members) waiting.offers.push(offer(queue, waiting, member, timers));
    timers.after(queue.options.ringMs, () => {
      timers.clear();
      for (const unanswered of [...waiting.offers]) notAnswered(queue, waiting, unanswered, 'ring');
    });
  }

  /** Timers of a waiting caller, and in groups of theirs those of each round of ringing. */
  const rounds = new WeakMap<Waiting, Timers>();

  function offer(queue: Queue, waiting: Waiting, member: Member, timers: Timers): Offer {
    const caller = waiting.channel;
    const leg = board.open({
      endpoint: member.extension,
      context: 'from-internal',
      exten: caller.exten,
      linkedid: caller.linkedid,
      callerNum: caller.exten,
      connectedNum: caller.callerNum,
      connectedName: caller.callerName,
    });
    board.run(leg, 'AppQueue', '(Outgoing Line)');
    const made: Offer = { member, leg, since: now() };
    emit('AgentCalled', 'agent', offerHeaders(waiting, made));
    board.dialBegin(caller, leg, member.extension);
    leg.hungUp = (cause) => {
      board.request(leg, cause);
      notAnswered(queue, waiting, made, 'rejected');
    };
    board.setState(leg, 5);
    board.dialState(caller, leg, 'RINGING');
    ringPhone(plant, timers, leg, () => {
      timers.clear();
      answered(queue, waiting, made);
    });
    return made;
  }

  function notAnswered(queue: Queue, waiting: Waiting, missed: Offer, why: 'ring' | 'rejected'): void {
    waiting.offers.splice(waiting.offers.indexOf(missed), 1);
    board.dialEnd(waiting.channel, missed.leg, 'NOANSWER');
    emit('AgentRingNoAnswer', 'agent', [...offerHeaders(waiting, missed), ['RingTime', now() - missed.since]]);
    board.close(missed.leg, why === 'ring' ? 0 : 16);
    if (waiting.offers.length > 0) return;
    waiting.retryAt = now() + queue.options.retryMs;
    rounds.get(waiting)!.after(queue.options.retryMs, () => kick(queue));
  }

  function leave(queue: Queue, waiting: Waiting): void {
    const position = queue.waiting.indexOf(waiting) + 1;
    queue.waiting.splice(position - 1, 1);
    emit('QueueCallerLeave', 'agent', [
      ...snapshot(waiting.channel),
      ['Queue', queue.options.name],
      ['Count', queue.waiting.length],
      ['Position', position],
    ]);
  }

  function cancelOffers(waiting: Waiting, cause: number, except?: Offer): void {
    for (const other of waiting.offers.splice(0)) {
      if (other === except) continue;
      board.dialEnd(waiting.channel, other.leg, 'CANCEL');
      board.close(other.leg, cause);
    }
  }

  function abandoned(queue: Queue, waiting: Waiting, cause: number): void {
    rounds.get(waiting)!.clear();
    const caller = waiting.channel;
    board.request(caller, cause);
    emit('QueueCallerAbandon', 'agent', [
      ...snapshot(caller),
      ['Queue', queue.options.name],
      ['Position', queue.waiting.indexOf(waiting) + 1],
      ['OriginalPosition', waiting.originalPosition],
      ['HoldTime', Math.floor((now() - waiting.joinedAt) / 1000)],
    ]);
    queue.abandoned++;
    cancelOffers(waiting, 0);
    leave(queue, waiting);
    board.close(caller, cause);
  }

  function answered(queue: Queue, waiting: Waiting, taken: Offer): void {
    const timers = rounds.get(waiting)!;
    timers.clear();
    const caller = waiting.channel;
    const { leg, member } = taken;
    board.setState(leg, 6);
    board.dialEnd(caller, leg, 'ANSWER');
    cancelOffers(waiting, 26, taken);
    emit('MusicOnHoldStop', 'call', snapshot(caller));
    leave(queue, waiting);
    const holdSeconds = Math.floor((now() - waiting.joinedAt) / 1000);
    emit('AgentConnect', 'agent', [
      ...offerHeaders(waiting, taken),
      ['HoldTime', holdSeconds],
      ['RingTime', Math.floor((now() - taken.since) / 1000)],
    ]);
    member.inCall = true;
    queues.tell('QueueMemberStatus', member);
    const since = now();
    talk(plant, plant.timers.group(), { customer: caller, operator: leg, talkMs: orders.get(caller)?.talkMs }, (by, cause) => {
      const complete = () =>
        emit('AgentComplete', 'agent', [
          ...offerHeaders(waiting, taken),
          ['HoldTime', holdSeconds],
          ['TalkTime', Math.floor((now() - since) / 1000)],
          ['Reason', by === 'agent' ? 'agent' : 'caller'],
        ]);
      member.callsTaken++;
      member.lastCall = Math.floor(now() / 1000);
      member.inCall = false;
      queue.completed++;
      complete();
      board.close(leg, cause);
      board.close(caller, cause);
      queues.tell('QueueMemberStatus', member);
      kick(queue);
    });
  }

  const orders = new WeakMap<Channel, CallOrder>();

  return {
    kick,

    /** A caller comes in over the trunk. @returns the Linkedid */
    enter(queue: Queue, order: CallOrder): string {
      const caller = board.open({
        endpoint: TRUNK,
        state: 4,
        context: 'from-trunk',
        exten: queue.options.number,
        callerNum: order.from,
        callerName: order.name,
      });
      orders.set(caller, order);
      board.setState(caller, 6);
      board.run(caller, 'Queue', queue.options.name);
      const waiting: Waiting = { channel: caller, joinedAt: now(), originalPosition: queue.waiting.length + 1, retryAt: 0, offers: [] };
      queue.waiting.push(waiting);
      emit('QueueCallerJoin', 'agent', [
        ...snapshot(caller),
        ['Queue', queue.options.name],
        ['Position', waiting.originalPosition],
        ['Count', queue.waiting.length],
      ]);
      emit('MusicOnHoldStart', 'call', [...snapshot(caller), ['Class', 'default']]);
      const timers = plant.timers.group();
      rounds.set(waiting, timers);
      caller.hungUp = (cause) => abandoned(queue, waiting, cause);
      timers.after(order.patienceMs ?? random.between(behaviour.patienceMs), () => abandoned(queue, waiting, 16));
      kick(queue);
      return caller.linkedid;
    },
  };
}
