import { openLeg, ringPhone, talk, TRUNK } from './plant.ts';
import type { CallOrder, Plant } from './plant.ts';
import { memberInterface } from './queues.ts';
import type { Member, Offer, Queue, Waiting } from './queues.ts';
import { snapshot } from './switchboard.ts';
import type { Channel, HungUpBy, LetGo } from './switchboard.ts';
import type { Timers } from './timers.ts';
import type { Header } from './wire.ts';

/** A caller in a queue, as this file needs it: with its timers, and in groups of theirs those of each round of ringing. */
interface Visit extends Waiting {
  readonly timers: Timers;
  readonly order: CallOrder;
  readonly offers: Offer[];
  /** Members who have refused in this round: not asked again before the next. */
  readonly refused: Set<string>;
  /** Members who have let it ring. */
  readonly missedBy: Set<string>;
  /** Not offered before this. */
  retryAt: number;
}

/** What whoever asks to be called back hears before the line is closed. */
const THANKS_MS = 1_500;
/** After two pips. */
const ANSWERS_ITSELF_MS = 400;

/** app_queue counts from one second's beginning to another's. */
const wholeSeconds = (from: number, to: number) => Math.floor(to / 1000) - Math.floor(from / 1000);

/** Callers who wait in queues, and the phones that ring for them: app_queue's part. The order of events is that of Asterisk 22. */
export function createQueueCalls(plant: Plant) {
  const { board, emit, queues, random, behaviour, now } = plant;
  const visits = new Map<Waiting, Visit>();
  const kicked = new Set<string>();

  const offerHeaders = (visit: Visit, offer: Offer): Header[] => [
    ...snapshot(visit.channel),
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
      for (const waiting of [...queue.waiting]) {
        const visit = visits.get(waiting)!;
        if (visit.offers.length === 0 && visit.retryAt <= now()) ring(queue, visit);
      }
    });
  }

  /** A round of ringing. @returns false when there is nobody to ring */
  function ring(queue: Queue, visit: Visit): boolean {
    const members = queues.next(queue, visit.missedBy).filter((m) => !visit.refused.has(m.extension));
    if (members.length === 0) return false;
    queue.last = members.at(-1)!.extension;
    const round = visit.timers.group();
    for (const member of members) visit.offers.push(offer(queue, visit, member));
    const alone = members.length === 1 && queue.options.strategy !== 'ringall';
    for (const { member, leg } of visit.offers) {
      board.setState(leg, 5);
      if (alone) board.connect(visit.channel, { num: leg.callerNum, name: leg.callerName });
      board.dialState(visit.channel, leg);
      ringPhone(plant, round, leg, () => {
        round.clear();
        answered(
          queue,
          visit,
          visit.offers.find((o) => o.member === member)!,
        );
      });
      if (visit.order.answersItself) round.after(ANSWERS_ITSELF_MS, () => leg.pickUp?.());
    }
    round.after(queue.options.ringMs, () => {
      for (const unanswered of [...visit.offers]) rangOut(queue, visit, unanswered);
    });
    return true;
  }

  function offer(queue: Queue, visit: Visit, member: Member): Offer {
    const caller = visit.channel;
    const leg = openLeg(plant, caller, { endpoint: member.extension, context: 'from-internal', application: 'AppQueue' });
    board.connect(leg, { num: caller.callerNum, name: caller.callerName });
    const made: Offer = { member, leg, since: now() };
    emit('AgentCalled', 'agent', offerHeaders(visit, made));
    board.dialBegin(caller, leg, memberInterface(member));
    leg.hungUp = (by) => refused(queue, visit, made, by);
    return made;
  }

  function missed(visit: Visit, offer: Offer): void {
    const ringMs = wholeSeconds(offer.since, now()) * 1000;
    emit('AgentRingNoAnswer', 'agent', [...offerHeaders(visit, offer), ['RingTime', ringMs]]);
  }

  function rangOut(queue: Queue, visit: Visit, offer: Offer): void {
    visit.missedBy.add(offer.member.extension);
    missed(visit, offer);
    board.dialEnd(visit.channel, offer.leg, 'NOANSWER');
    board.dialEnd(visit.channel, offer.leg, 'CANCEL');
    board.close(offer.leg, 'unknown');
    visit.offers.splice(visit.offers.indexOf(offer), 1);
    if (visit.offers.length === 0) pause(queue, visit);
  }

  /** The phone said 486, or was hung up: the next member rings at once. */
  function refused(queue: Queue, visit: Visit, offer: Offer, by: HungUpBy): void {
    if (by === 'phone') board.request(offer.leg, 'busy');
    board.dialEnd(visit.channel, offer.leg, 'NOANSWER');
    missed(visit, offer);
    board.close(offer.leg, by === 'phone' ? 'busy' : 'unknown');
    visit.offers.splice(visit.offers.indexOf(offer), 1);
    visit.refused.add(offer.member.extension);
    visit.missedBy.add(offer.member.extension);
    if (visit.offers.length === 0 && !ring(queue, visit)) pause(queue, visit);
  }

  function pause(queue: Queue, visit: Visit): void {
    visit.refused.clear();
    visit.retryAt = now() + queue.options.retryMs;
    visit.timers.after(queue.options.retryMs, () => kick(queue));
  }

  function leave(queue: Queue, visit: Visit): void {
    visits.delete(visit);
    const position = queues.leave(queue, visit);
    emit('QueueCallerLeave', 'agent', [
      ...snapshot(visit.channel),
      ['Queue', queue.options.name],
      ['Position', position],
      ['Count', queue.waiting.length],
    ]);
  }

  function abandoned(queue: Queue, visit: Visit, by: HungUpBy): void {
    visit.timers.clear();
    const caller = visit.channel;
    if (by === 'phone') board.request(caller);
    emit('MusicOnHoldStop', 'call', snapshot(caller));
    for (const { leg } of visit.offers) {
      board.dialEnd(caller, leg, 'CANCEL');
      board.dialEnd(caller, leg, 'CANCEL'); // so does Asterisk
    }
    emit('QueueCallerAbandon', 'agent', [
      ...snapshot(caller),
      ['Queue', queue.options.name],
      ['Position', queue.waiting.indexOf(visit) + 1],
      ['OriginalPosition', visit.originalPosition],
      ['HoldTime', wholeSeconds(visit.joinedAt, now())],
    ]);
    queue.abandoned++;
    leave(queue, visit);
    board.softRequest(caller);
    for (const { leg } of visit.offers) board.close(leg, 'unknown');
    board.close(caller, 'unknown');
  }

  function answered(queue: Queue, visit: Visit, taken: Offer): void {
    visit.timers.clear();
    const caller = visit.channel;
    const { leg, member } = taken;
    const others = visit.offers.filter((o) => o !== taken);
    member.inCall = true;
    caller.letGo = null;
    board.setState(leg, 6);
    board.dialEnd(caller, leg, 'ANSWER');
    for (const other of others) board.dialEnd(caller, other.leg, 'CANCEL');
    if (caller.connectedNum !== leg.callerNum) board.connect(caller, { num: leg.callerNum, name: leg.callerName });
    for (const other of others) {
      board.dialEnd(caller, other.leg, 'CANCEL'); // a second time, as Asterisk
      board.close(other.leg, 'elsewhere');
    }
    emit('MusicOnHoldStop', 'call', snapshot(caller));
    leave(queue, visit);
    const holdSeconds = wholeSeconds(visit.joinedAt, now());
    const ringSeconds = Math.floor((now() - taken.since) / 1000);
    emit('AgentConnect', 'agent', [...offerHeaders(visit, taken), ['HoldTime', holdSeconds], ['RingTime', ringSeconds]]);
    const since = now();
    const count = () => {
      member.callsTaken++;
      member.lastCall = Math.floor(now() / 1000);
      member.inCall = false;
      queue.completed++;
    };
    const complete = (reason: string) =>
      emit('AgentComplete', 'agent', [
        ...offerHeaders(visit, taken),
        ['HoldTime', holdSeconds],
        ['TalkTime', wholeSeconds(since, now())],
        ['Reason', reason],
      ]);
    talk(
      plant,
      { called: leg, calling: caller, operator: leg, talkMs: visit.order.talkMs },
      ({ first, second, side, by }) => {
        count();
        if (by === 'phone') {
          board.request(first);
          complete(side === 'agent' ? 'agent' : 'caller');
        }
        board.unbridge(first, second);
        board.softRequest(caller);
        // whoever was hung up by command, app_queue takes it for the caller
        if (by === 'command') complete('caller');
        board.close(caller, 'clearing');
        board.close(leg, 'clearing');
      },
      () => {
        count();
        complete('transfer');
      },
    );
  }

  /** Somebody takes the caller who waits: app_queue says nothing of it. Sent elsewhere it says that the caller has left. */
  function letGo(queue: Queue, visit: Visit, how: LetGo): void {
    visit.timers.clear();
    visits.delete(visit);
    visit.channel.letGo = null;
    emit('MusicOnHoldStop', 'call', snapshot(visit.channel));
    for (const { leg } of visit.offers) board.close(leg, 'unknown');
    if (how === 'sent') leave(queue, visit);
    else queues.leave(queue, visit);
  }

  /** The caller presses the key; unless a phone rings for them already. As the dialplan that ships with Allo tells it. */
  function asksBack(queue: Queue, visit: Visit): void {
    if (visit.offers.length > 0) return;
    visit.timers.clear();
    const caller = visit.channel;
    caller.letGo = null;
    emit('MusicOnHoldStop', 'call', snapshot(caller));
    leave(queue, visit);
    Object.assign(caller, { context: 'allo-ask-back', exten: 's' });
    emit('UserEvent', 'user', [...snapshot(caller), ['UserEvent', 'AlloQueueEnd'], ['Status', 'CALLBACK'], ['Queue', queue.options.name]]);
    const thanked = plant.timers.group();
    const over = (by: HungUpBy | null) => {
      thanked.clear();
      if (by === 'phone') board.request(caller);
      board.softRequest(caller);
      board.close(caller, 'clearing');
    };
    caller.hungUp = over;
    thanked.after(THANKS_MS, () => over(null));
  }

  /** The caller joins the queue, from wherever it comes. */
  function wait(queue: Queue, caller: Channel, order: CallOrder): void {
    board.run(caller, 'Queue', queue.options.name);
    caller.priority = 2;
    const visit: Visit = {
      channel: caller,
      joinedAt: now(),
      originalPosition: order.first ? 1 : queue.waiting.length + 1,
      retryAt: 0,
      offers: [],
      refused: new Set(),
      missedBy: new Set(),
      timers: plant.timers.group(),
      order,
    };
    visits.set(visit, visit);
    queues.join(queue, visit, order.first ?? false);
    emit('QueueCallerJoin', 'agent', [
      ...snapshot(caller),
      ['Queue', queue.options.name],
      ['Position', visit.originalPosition],
      ['Count', queue.waiting.length],
    ]);
    emit('MusicOnHoldStart', 'call', [...snapshot(caller), ['Class', 'default']]);
    caller.hungUp = (by) => abandoned(queue, visit, by);
    caller.letGo = (how) => letGo(queue, visit, how);
    visit.timers.after(order.patienceMs ?? random.between(behaviour.patienceMs), () => abandoned(queue, visit, 'phone'));
    if (queue.options.callBack && !order.first && random.between([0, 1]) < behaviour.callBackShare)
      visit.timers.after(random.between(behaviour.callBackAfterMs), () => asksBack(queue, visit));
    kick(queue);
  }

  return {
    kick,
    wait,

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
      board.setState(caller, 6);
      wait(queue, caller, order);
      return caller.linkedid;
    },
  };
}
