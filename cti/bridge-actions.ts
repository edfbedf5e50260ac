import { setTimeout as sleep } from 'node:timers/promises';
import type { Control } from './ami/control.ts';
import type { Tracker } from './calls/tracker.ts';
import { ActionError } from './facts.ts';
import type { DialOrder } from './dialler/ports.ts';
import type { Actions } from './facts.ts';
import { callOrders } from './call-orders.ts';
import { recordOrders } from './record-orders.ts';
import {
  CALL_BACK_CONTEXT,
  CAMPAIGN_CONTEXT,
  check,
  checkText,
  NAME,
  NUMBER,
  ORIGINATE_CONTEXT,
  ORIGINATE_RING_MS,
  TRUNK,
} from './order-values.ts';
import type { Parking } from './parking.ts';
import type { QueueMembers } from './queues/members.ts';

export interface ActionDeps {
  readonly pbx: string;
  readonly extensions: RegExp;
  /** Null while the lease is another's. */
  readonly control: () => Control | null;
  readonly tracker: () => Tracker;
  readonly parking: Parking;
  readonly members: () => QueueMembers;
  /** Epoch ms by Asterisk's clock. */
  readonly now: () => number;
}

/** Ids of calls that others have chosen: they are Uniqueids. */
const CALL_ID = /^allo-c[\w.-]{1,80}$/;
/** A sound below Asterisk's folder of sounds. */
const SOUND = /^[\w-]+(\/[\w-]+){0,5}$/;
/** A phone that knows the request answers at once. */
const ANSWER_MS = 4_000;

/** The orders of facts.ts as AMI actions. */
export function createActions({
  pbx,
  extensions,
  control,
  tracker,
  parking,
  members,
  now,
}: ActionDeps): Actions & { dial(order: DialOrder): Promise<void> } {
  let orders = Math.floor(Math.random() * 1_000_000);

  const send: Control['send'] = (action, fields) => {
    const open = control();
    return open ? open.send(action, fields) : Promise.reject(new ActionError('offline', 'this bridge does not own the PBX now'));
  };

  /** Becomes Uniqueid and Linkedid of the call: unique over restarts, and with its age where Asterisk looks for it, after the last dash. */
  const newCallId = () => {
    orders = (orders + 1) % 1_000_000;
    return `allo-${pbx.replace(/[^\w-]/g, '_')}-${Math.floor(now() / 1000)}.${1_000_000 + orders}`;
  };

  const channelOf = (key: string, extension: string): string => {
    const [channel] = tracker().channels(key, check('extension', extension, extensions));
    if (channel === undefined) throw new ActionError('refused', 'this operator has no phone in this call');
    return channel;
  };

  const memberInterface = (extension: string) => `PJSIP/${check('extension', extension, extensions)}`;

  return {
    ...callOrders({ send, tracker, parking, channelOf, memberInterface, newCallId, now }),
    ...recordOrders({ send, tracker }),

    async originate({ extension, number, callerName = '', id: own }) {
      const phone = memberInterface(extension);
      check('number', number, NUMBER);
      checkText('callerName', callerName);
      const id = own === undefined ? newCallId() : check('id', own, CALL_ID);
      // the channel may be there before the answer
      tracker().signal({ kind: 'originate.ordered', at: now(), id, agent: extension, number });
      try {
        await send('Originate', {
          ActionID: id,
          Channel: phone,
          Context: ORIGINATE_CONTEXT,
          Exten: number,
          Priority: 1,
          CallerID: `"${callerName.replace(/["\\<>]/g, '')}" <${number}>`,
          Timeout: ORIGINATE_RING_MS,
          ChannelId: id,
          Async: 'true',
          Variable: { 'PJSIP_HEADER(add,X-Allo-Call)': id },
        });
      } catch (err) {
        if (!(err instanceof ActionError && err.code === 'timeout')) tracker().signal({ kind: 'originate.refused', at: now(), id });
        throw err;
      }
      return { key: id };
    },

    async dial({ id, number, name, queue, callerId, ringMs, connectWithinMs, message, campaign }) {
      check('id', id, CALL_ID);
      check('number', number, NUMBER);
      checkText('name', name);
      tracker().signal({ kind: 'originate.ordered', at: now(), id, agent: null, number });
      try {
        await send('Originate', {
          ActionID: id,
          Channel: `PJSIP/${number}@${TRUNK}`,
          Context: campaign === null ? CALL_BACK_CONTEXT : CAMPAIGN_CONTEXT,
          Exten: 's',
          Priority: 1,
          CallerID: callerId === '' ? undefined : check('callerId', callerId, NUMBER),
          Timeout: ringMs,
          ChannelId: id,
          Async: 'true',
          Variable: {
            DIAL_QUEUE: check('queue', queue, NAME),
            DIAL_WAIT: String(Math.max(1, Math.round(connectWithinMs / 1_000))),
            DIAL_MESSAGE: message === '' ? '' : check('message', message, SOUND),
            DIAL_CAMPAIGN: String(campaign ?? ''),
            DIAL_NUMBER: number,
            DIAL_NAME: name.replace(/[^\p{L}\p{N} .-]/gu, ''),
          },
        });
      } catch (err) {
        if (!(err instanceof ActionError && err.code === 'timeout')) tracker().signal({ kind: 'originate.refused', at: now(), id });
        throw err;
      }
    },

    async hangup({ key, extension }) {
      const channel = channelOf(key, extension);
      const refuse = (refused: boolean) => tracker().signal({ kind: 'offer.refused', at: now(), key, agent: extension, refused });
      // before the order: the event that follows it may overtake the answer
      refuse(true);
      try {
        await send('Hangup', { Channel: channel, Cause: 16 });
      } catch (err) {
        refuse(false);
        throw err;
      }
    },

    async answer({ key, extension }) {
      const channel = channelOf(key, extension);
      if (!channel.startsWith('PJSIP/')) throw new ActionError('unsupported', 'only a PJSIP phone can be asked to answer');
      await send('PJSIPNotify', { Channel: channel, Variable: { Event: 'talk' } });
      // Asterisk hands the request on and knows no more: the phone has heeded it when it is up
      for (const until = Date.now() + ANSWER_MS; ; await sleep(25)) {
        const leg = tracker()
          .legs(key)
          .find(({ name }) => name === channel);
        if (!leg || leg.up) return;
        if (Date.now() > until) throw new ActionError('unsupported', 'the phone did not heed the request');
      }
    },

    async queueAdd({ queue, extension, name, penalty, paused = false }) {
      checkText('name', name);
      if (penalty !== undefined && !(Number.isInteger(penalty) && penalty >= 0))
        throw new ActionError('invalid', 'penalty: a whole number from 0');
      const phone = memberInterface(extension);
      const adding = send('QueueAdd', {
        Queue: check('queue', queue, NAME),
        Interface: phone,
        StateInterface: phone,
        MemberName: name,
        Penalty: penalty,
        Paused: String(paused),
      });
      if (!(await unless(/already there/i, adding)) || penalty === undefined) return;
      const there = members()
        .queues()
        .find(({ name }) => name === queue)
        ?.members.find(({ agent }) => agent === extension);
      if (there?.fixed || there?.penalty === penalty) return;
      await send('QueuePenalty', { Queue: queue, Interface: phone, Penalty: penalty });
    },

    async queueRemove({ queue, extension }) {
      const removing = send('QueueRemove', { Queue: check('queue', queue, NAME), Interface: memberInterface(extension) });
      await unless(/not there/i, removing);
    },

    async queueReload({ queues }) {
      for (const queue of queues) check('queue', queue, NAME);
      await send('QueueReload', { Members: 'no', Rules: 'no', Parameters: 'yes' });
      members().reloaded(queues);
    },

    async queuePause({ queue, extension, paused, reason }) {
      checkText('reason', reason ?? '');
      await send('QueuePause', {
        Queue: queue === undefined ? undefined : check('queue', queue, NAME),
        Interface: memberInterface(extension),
        Paused: String(paused),
        Reason: reason,
      });
    },
  };
}

/** An order for what is so already has succeeded. @returns whether it was so already */
function unless(already: RegExp, order: Promise<unknown>): Promise<boolean> {
  return order.then(
    () => false,
    (err: unknown) => {
      if (!(err instanceof ActionError && err.code === 'refused' && already.test(err.message))) throw err;
      return true;
    },
  );
}
