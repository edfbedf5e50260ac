import type { AmiMessage } from '../ami/message.ts';
import { amdOf } from './amd.ts';
import type { ChannelInfo, FoundChannel, FoundEntry, Signal, Touch } from './signals.ts';

const RING = '4';
const UP = '6';

const touch = (m: AmiMessage): Touch => ({ id: m.get('Uniqueid'), linkedid: m.get('Linkedid') });

const prefixed = (m: AmiMessage, prefix: string): Touch => ({ id: m.get(`${prefix}Uniqueid`), linkedid: m.get(`${prefix}Linkedid`) });

const maybe = (t: Touch): Touch | null => (t.id === '' ? null : t);

/** Asterisk writes "<unknown>" where it has nothing. */
const known = (value: string): string => (value === '<unknown>' ? '' : value);

/**
 * Names come escaped as in C (ast_escape_c in manager_channels.c), numbers do not. What is a control character after that is no part of
 * a name.
 */
const name = (value: string): string =>
  known(value)
    .replace(/\\([abfnrtv\\'"?])/g, (_, c: string) => (/[abfnrtv]/.test(c) ? ' ' : c))
    .replace(/[\x00-\x1f\x7f]/g, ' ');

const channelInfo = (m: AmiMessage): ChannelInfo => {
  const state = m.get('ChannelState');
  return {
    name: m.get('Channel'),
    calling: state === RING,
    up: state === UP,
    number: known(m.get('CallerIDNum')),
    callerName: name(m.get('CallerIDName')),
    exten: m.get('Exten'),
    id: m.get('Uniqueid'),
    linkedid: m.get('Linkedid'),
  };
};

/** "79000000002@trunk", "trunk/sip:79000000002@10.0.0.1" -> "79000000002" */
const dialled = (dialString: string): string =>
  dialString
    .replace(/^.*\//, '')
    .replace(/^sips?:/, '')
    .replace(/@.*$/, '');

type Translate = (m: AmiMessage, at: number) => Signal | null;

const queue =
  (kind: 'queue.join' | 'queue.leave'): Translate =>
  (m, at) => ({ kind, at, channel: touch(m), queue: m.get('Queue') });

const plain =
  (kind: 'hold' | 'unhold' | 'channel.hangup-requested'): Translate =>
  (m, at) => ({ kind, at, channel: touch(m) });

const unparked =
  (by: 'fetched' | 'timeout' | 'gave-up'): Translate =>
  (m, at) => ({ kind: 'unparked', at, by, channel: prefixed(m, 'Parkee') });

/** What our own dialplan tells (cti/asterisk/extensions.conf); those of others are not ours. */
const userEvent: Translate = (m, at) => {
  switch (m.get('UserEvent')) {
    case 'AlloQueueEnd':
      return { kind: 'queue.result', at, channel: touch(m), status: m.get('Status'), queue: m.get('Queue'), number: known(m.get('CallerIDNum')) }; // prettier-ignore
    case 'AlloIvr':
      return { kind: 'menu', at, channel: touch(m), choice: m.has('Choice') ? m.get('Choice') : null };
    case 'AlloAmd': {
      const verdict = amdOf(m.get('Status'));
      return verdict && { kind: 'amd', at, channel: touch(m), verdict };
    }
    default:
      return null;
  }
};

/** AMI event -> signal. What is not listed here is not wanted. */
const EVENTS: Readonly<Record<string, Translate>> = {
  Newchannel: (m, at) => ({ kind: 'channel.new', at, channel: channelInfo(m) }),
  Newstate: (m, at) => ({ kind: 'channel.state', at, up: m.get('ChannelState') === UP, channel: touch(m) }),
  NewCallerid: (m, at) => ({
    kind: 'channel.caller',
    at,
    number: known(m.get('CallerIDNum')),
    callerName: name(m.get('CallerIDName')),
    channel: touch(m),
  }),
  Rename: (m, at) => ({ kind: 'channel.renamed', at, name: m.get('Newname'), channel: touch(m) }),
  HangupRequest: plain('channel.hangup-requested'),
  Hangup: (m, at) => ({ kind: 'channel.gone', at, channel: touch(m), cause: Number(m.get('Cause')) || 0 }),
  DialBegin: (m, at) => {
    const from = maybe(touch(m));
    return { kind: 'dial.begin', at, exten: from ? m.get('Exten') : dialled(m.get('DialString')), from, dest: prefixed(m, 'Dest') };
  },
  DialEnd: (m, at) => ({
    kind: 'dial.end',
    at,
    from: maybe(touch(m)),
    dest: prefixed(m, 'Dest'),
    status: m.get('Forward') ? 'FORWARD' : m.get('DialStatus'),
  }),
  QueueCallerJoin: queue('queue.join'),
  // comes for answer, abandon and time-out alike; QueueCallerAbandon comes for a time-out as well: HangupRequest tells them apart
  QueueCallerLeave: queue('queue.leave'),
  BridgeEnter: (m, at) => ({
    kind: 'bridge.enter',
    at,
    bridge: m.get('BridgeUniqueid'),
    holding: m.get('BridgeTechnology') === 'holding_bridge',
    channel: touch(m),
  }),
  BridgeLeave: (m, at) => ({ kind: 'bridge.leave', at, bridge: m.get('BridgeUniqueid'), channel: touch(m) }),
  Pickup: (m, at) => ({ kind: 'pickup', at, channel: touch(m), target: prefixed(m, 'Target') }),
  ParkedCall: (m, at) => ({ kind: 'parked', at, channel: prefixed(m, 'Parkee'), space: m.get('ParkingSpace') }),
  UnParkedCall: unparked('fetched'),
  ParkedCallTimeOut: unparked('timeout'),
  ParkedCallGiveUp: unparked('gave-up'),
  UserEvent: userEvent,
  Hold: plain('hold'),
  Unhold: plain('unhold'),
  BlindTransfer: (m, at) => (m.get('Result') === 'Success' ? { kind: 'transfer', at, channels: [prefixed(m, 'Transferer')] } : null),
  AttendedTransfer: (m, at) => {
    if (m.get('Result') !== 'Success') return null;
    const [first, second] = [prefixed(m, 'OrigTransferer'), prefixed(m, 'SecondTransferer')];
    const place = m.get('DestType') === 'App' ? { place: { who: prefixed(m, 'Transferee'), of: second } } : {};
    return { kind: 'transfer', at, channels: [first, second], ...place };
  },
  ChanSpyStart: (m, at) => ({ kind: 'spy', at, channel: prefixed(m, 'Spyer') }),
  OriginateResponse: (m, at) => (m.get('Response') === 'Failure' ? { kind: 'originate.failed', at, id: m.get('ActionID') } : null),
};

export const CALL_EVENTS: readonly string[] = Object.keys(EVENTS);

/** @returns null when the event says nothing about calls. */
export const translate = (message: AmiMessage, at: number): Signal | null => EVENTS[message.event]?.(message, at) ?? null;

/** The lists of a snapshot: events CoreShowChannel and QueueEntry; others among them are passed over. */
export const translateSnapshot = (channels: readonly AmiMessage[], queues: readonly AmiMessage[], at: number): Signal => ({
  kind: 'snapshot',
  at,
  channels: channels.map(foundChannel),
  entries: queues.filter((m) => m.event === 'QueueEntry').map(foundEntry),
});

function foundChannel(m: AmiMessage): FoundChannel {
  const application = m.get('Application');
  return {
    ...channelInfo(m),
    dialled: m.get('ApplicationData') === '(Outgoing Line)',
    spying: application === 'ChanSpy' || application === 'ExtenSpy',
    bridge: m.get('BridgeId'),
    ageMs: durationMs(m.get('Duration')),
    queue: application === 'Queue' ? m.get('ApplicationData').split(',', 1)[0]! : '',
  };
}

const foundEntry = (m: AmiMessage): FoundEntry => ({
  id: m.get('Uniqueid'),
  queue: m.get('Queue'),
  waitMs: (Number(m.get('Wait')) || 0) * 1000,
});

/** "01:02:03" */
function durationMs(text: string): number {
  const [h = 0, m = 0, s = 0] = text.split(':').map(Number);
  return ((h * 60 + m) * 60 + s) * 1000 || 0;
}
