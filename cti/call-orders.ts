import { setTimeout as sleep } from 'node:timers/promises';
import type { Control } from './ami/control.ts';
import type { Leg, Tracker } from './calls/tracker.ts';
import { ActionError } from './facts.ts';
import type { Actions, SpyMode } from './facts.ts';
import { ATTENDED_CONTEXT, check, NAME, NUMBER, ORIGINATE_CONTEXT, ORIGINATE_RING_MS, QUEUE_CONTEXT } from './order-values.ts';
import type { Parking } from './parking.ts';

export interface CallOrderDeps {
  readonly send: Control['send'];
  readonly tracker: () => Tracker;
  readonly parking: Parking;
  /** @throws ActionError refused: the operator has no phone in this call */
  readonly channelOf: (key: string, extension: string) => string;
  readonly memberInterface: (extension: string) => string;
  readonly newCallId: () => string;
  /** Epoch ms by Asterisk's clock. */
  readonly now: () => number;
}

type CallOrders = Pick<
  Actions,
  'hold' | 'resume' | 'transfer' | 'attended' | 'cancelAttended' | 'move' | 'end' | 'park' | 'pickup' | 'dtmf' | 'spy'
>;

/** A phone that knows the request holds at once. */
const HOLD_MS = 3_000;
const PARK_MS = 5_000;
/** Asterisk says a word before it listens to the keys of an attended transfer. */
const ASK_MS = 8_000;
const KEYS = /^[0-9*#A-D]{1,32}$/;
const KEY_MS = 120;
const GAP_MS = 100;

/** q: no beep, E: ends with the channel that is listened to, S: or when it is gone already, w: that channel hears the supervisor, B: both sides do. */
const SPY_OPTIONS: Record<SpyMode, string> = { listen: 'qES', whisper: 'qwES', barge: 'qBES' };

/** Atxfer presses the number as keys: A stands for the plus, # ends it. */
const keyed = (number: string): string => {
  if (!/^\+?[0-9*]+$/.test(number)) throw new ActionError('unsupported', 'a number with # cannot be asked first');
  return `${number.replace('+', 'A')}#`;
};

/** What is done with a call that is up. */
export function callOrders({ send, tracker, parking, channelOf, memberInterface, newCallId, now }: CallOrderDeps): CallOrders {
  const legOf = (key: string, extension: string): Leg => {
    const name = channelOf(key, extension);
    const leg = tracker()
      .legs(key)
      .find((one) => one.name === name);
    if (!leg?.bridge) throw new ActionError('refused', 'this operator talks with nobody in this call');
    return leg;
  };

  /** Who hears this operator: the party outside before a colleague. */
  const otherSide = (key: string, extension: string): Leg => {
    const { bridge, name } = legOf(key, extension);
    const others = tracker()
      .legs(key)
      .filter((leg) => leg.bridge === bridge && leg.name !== name);
    const other = others.find((leg) => leg.agent === null) ?? others[0];
    if (!other) throw new ActionError('refused', 'nobody is at the other side');
    return other;
  };

  const isHolding = (key: string, name: string) =>
    tracker()
      .legs(key)
      .some((leg) => leg.name === name && leg.holding);

  /** Asterisk cannot hold for a phone: the phone is asked, and what the call shows afterwards is the answer. */
  const notify = async (key: string, extension: string, event: 'hold' | 'talk') => {
    const { name } = legOf(key, extension);
    const wanted = event === 'hold';
    if (isHolding(key, name) === wanted) return;
    if (!name.startsWith('PJSIP/')) throw new ActionError('unsupported', 'only a PJSIP phone can be asked to hold');
    await send('PJSIPNotify', { Channel: name, Variable: { Event: event } });
    for (const until = Date.now() + HOLD_MS; isHolding(key, name) !== wanted; await sleep(25))
      if (Date.now() > until) throw new ActionError('unsupported', 'the phone did not heed the request');
  };

  /** Atxfer only presses keys: that the operator leaves the other side shows that Asterisk calls the number. */
  const left = async (key: string, name: string) => {
    const legNow = () =>
      tracker()
        .legs(key)
        .find((leg) => leg.name === name);
    for (const until = Date.now() + ASK_MS; legNow()?.consult === 'ordered'; await sleep(25))
      if (Date.now() > until) throw new ActionError('refused', 'Asterisk does not call the number');
    if (legNow()?.consult !== 'asking') throw new ActionError('unreachable', 'the number could not be reached');
  };

  /** Rings the operator's own phone, which then runs an application on a channel of the call. */
  const ringInto = (extension: string, callerId: string, application: string, data: string, id = newCallId()) =>
    send('Originate', {
      ActionID: id,
      Channel: memberInterface(extension),
      Application: application,
      Data: data,
      CallerID: callerId,
      Timeout: ORIGINATE_RING_MS,
      ChannelId: id,
      Async: 'true',
    });

  return {
    hold: ({ key, extension }) => notify(key, extension, 'hold'),

    resume: ({ key, extension }) => notify(key, extension, 'talk'),

    async transfer({ key, extension, number }) {
      check('number', number, NUMBER);
      const { name } = legOf(key, extension);
      await send('BlindTransfer', { Channel: name, Context: ORIGINATE_CONTEXT, Exten: number });
    },

    async attended({ key, extension, number }) {
      check('number', number, NUMBER);
      const { name } = legOf(key, extension);
      const keys = keyed(number);
      const consulting = (ordered: boolean) => tracker().signal({ kind: 'consult.ordered', at: now(), key, name, ordered });
      consulting(true);
      try {
        await send('Atxfer', { Channel: name, Context: ATTENDED_CONTEXT, Exten: keys });
        await left(key, name);
      } catch (err) {
        consulting(false);
        throw err;
      }
    },

    async cancelAttended({ key, extension }) {
      await send('CancelAtxfer', { Channel: channelOf(key, extension) });
    },

    async move({ key, to }) {
      const goal =
        'queue' in to
          ? { Context: QUEUE_CONTEXT, Exten: check('queue', to.queue, NAME) }
          : { Context: ORIGINATE_CONTEXT, Exten: check('number', to.number, NUMBER) };
      const legs = tracker().legs(key);
      const talks = legs.find((leg) => leg.agent !== null && leg.bridge !== null && !leg.parked && legs.some((l) => l !== leg && l.bridge === leg.bridge)); // prettier-ignore
      if (talks) return void (await send('BlindTransfer', { Channel: talks.name, ...goal }));
      const caller = legs.find((leg) => leg.agent === null) ?? legs.find((leg) => leg.up);
      if (!caller) throw new ActionError('refused', 'nobody waits in this call');
      const moving = (ordered: boolean) => tracker().signal({ kind: 'move.ordered', at: now(), key, name: caller.name, ordered });
      moving(true);
      try {
        await send('Redirect', { Channel: caller.name, ...goal, Priority: 1 });
      } catch (err) {
        moving(false);
        throw err;
      }
    },

    async end({ key }) {
      const legs = [...tracker().legs(key)].sort((a, b) => Number(a.agent !== null) - Number(b.agent !== null));
      if (legs.length === 0) throw new ActionError('refused', 'no phone in this call');
      const answers = await Promise.allSettled(legs.map(({ name }) => send('Hangup', { Channel: name, Cause: 16 })));
      // The others go with the first; Asterisk then says that it knows no such channel.
      const fault = answers.find((one) => one.status === 'rejected' && (one.reason as ActionError).code !== 'refused');
      if (answers.every((one) => one.status === 'rejected')) throw (answers[0] as PromiseRejectedResult).reason;
      if (fault) throw (fault as PromiseRejectedResult).reason;
    },

    async park({ key, extension }) {
      const { name } = legOf(key, extension);
      const other = otherSide(key, extension);
      const space = parking.spaceOf(other.name, PARK_MS);
      space.catch(() => {}); // heard below, unless the order itself is refused
      await send('Park', { Channel: other.name, AnnounceChannel: name, TimeoutChannel: name });
      const parked = { space: await space };
      // Asterisk leaves the operator alone in the bridge
      await send('Hangup', { Channel: name, Cause: 16 }).catch((err: ActionError) => {
        if (err.code !== 'refused') throw err;
      });
      return parked;
    },

    async pickup({ key, extension }) {
      const legs = tracker().legs(key);
      if (legs.some((leg) => leg.agent === extension && leg.up)) throw new ActionError('refused', 'this operator is in the call');
      const talk = ({ bridge, parked }: Leg) => bridge !== null && !parked && legs.filter((leg) => leg.bridge === bridge).length > 1;
      if (legs.some(talk)) throw new ActionError('refused', 'somebody talks already');
      const caller = legs.find((leg) => leg.agent === null) ?? legs.find((leg) => leg.up);
      if (!caller) throw new ActionError('refused', 'nobody waits in this call');
      const space = parking.at(caller.name);
      if (space !== null) return void (await ringInto(extension, space, 'ParkedCall', `,${space}`));
      const id = newCallId();
      tracker().signal({ kind: 'pickup.ordered', at: now(), id, key });
      try {
        // x: when the talk is over the caller does not go back to where it waited; T: the operator may transfer by keys
        await ringInto(extension, 'Pick up', 'Bridge', `${caller.name},xT`, id);
      } catch (err) {
        if (!(err instanceof ActionError && err.code === 'timeout')) tracker().signal({ kind: 'originate.refused', at: now(), id });
        throw err;
      }
    },

    async dtmf({ key, extension, digits }) {
      check('digits', digits, KEYS);
      const { name } = otherSide(key, extension);
      for (const [i, digit] of [...digits].entries()) {
        if (i > 0) await sleep(KEY_MS + GAP_MS);
        await send('PlayDTMF', { Channel: name, Digit: digit, Duration: KEY_MS });
      }
    },

    async spy({ key, extension, agent, mode }) {
      if (!Object.hasOwn(SPY_OPTIONS, mode)) throw new ActionError('invalid', 'mode: listen, whisper or barge');
      if (agent === extension) throw new ActionError('refused', 'this is the supervisor’s own call');
      const { name } = legOf(key, agent);
      await ringInto(extension, mode, 'ChanSpy', `${name},${SPY_OPTIONS[mode]}`);
    },
  };
}
