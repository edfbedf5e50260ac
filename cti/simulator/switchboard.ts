import { escapeName } from './wire.ts';
import type { Header } from './wire.ts';

/** Classes by which a client's EventMask lets events through. */
export type EventClass = 'system' | 'call' | 'agent' | 'user' | 'reporting' | 'cdr';
export type Emit = (event: string, eventClass: EventClass, headers: readonly Header[]) => void;

const STATES = { 0: 'Down', 4: 'Ring', 5: 'Ringing', 6: 'Up' } as const;
export type ChannelState = keyof typeof STATES;

/** phone: the party put the receiver down. command: the action Hangup; Asterisk tells it in other words. */
/** Who waits is taken by somebody, or sent elsewhere in the dialplan. */
export type LetGo = 'taken' | 'sent';
export type HungUpBy = 'phone' | 'command';

export interface Channel {
  readonly name: string;
  /** The part of the name between the technology and the counter: the extension, or the trunk. */
  readonly endpoint: string;
  readonly uniqueid: string;
  linkedid: string;
  state: ChannelState;
  readonly createdAt: number;
  callerNum: string;
  callerName: string;
  connectedNum: string;
  connectedName: string;
  context: string;
  exten: string;
  priority: number;
  application: string;
  applicationData: string;
  bridge: Bridge | null;
  /** What becomes of the call when this channel's party hangs up, or a command does. */
  hungUp: (by: HungUpBy) => void;
  /** Picks this ringing phone up; null while there is nothing to pick up. */
  pickUp: (() => void) | null;
  /** Lets this caller go, to whoever takes it, from where it waits or rings; null while it does neither. */
  letGo: ((how: LetGo) => void) | null;
  /** What this channel and its other side are in; null while nobody hears it. */
  talk: Talk | null;
}

/** Two parties talk until one of them hangs up, or is taken out. */
export interface Talk {
  /** Nobody hangs up by himself any more, and whoever does is the taker's business. */
  suspend(): void;
  /** It goes on as before. */
  resume(): void;
  /** It is over, and neither channel is closed by it. */
  release(): void;
}

export interface Bridge {
  readonly id: string;
  /** holding: its members hear music, not one another. */
  readonly technology: 'simple_bridge' | 'holding_bridge';
  readonly channels: Set<Channel>;
}

export type DeviceState = 'NOT_INUSE' | 'INUSE' | 'RINGING' | 'RINGINUSE';

/** As app_queue counts them in `Status`. */
export const DEVICE_NUMBERS: Record<DeviceState, number> = { NOT_INUSE: 1, INUSE: 2, RINGING: 6, RINGINUSE: 7 };

const unknown = (text: string) => text || '<unknown>';

/** The headers by which every channel event describes a channel. */
export const snapshot = (channel: Channel, prefix = ''): Header[] => [
  [`${prefix}Channel`, channel.name],
  [`${prefix}ChannelState`, channel.state],
  [`${prefix}ChannelStateDesc`, STATES[channel.state]],
  [`${prefix}CallerIDNum`, unknown(channel.callerNum)],
  [`${prefix}CallerIDName`, unknown(escapeName(channel.callerName))],
  [`${prefix}ConnectedLineNum`, unknown(channel.connectedNum)],
  [`${prefix}ConnectedLineName`, unknown(escapeName(channel.connectedName))],
  [`${prefix}Language`, 'en'],
  [`${prefix}AccountCode`, ''],
  [`${prefix}Context`, channel.context],
  [`${prefix}Exten`, channel.exten],
  [`${prefix}Priority`, channel.priority],
  [`${prefix}Uniqueid`, channel.uniqueid],
  [`${prefix}Linkedid`, channel.linkedid],
  // channelvars of the manager.conf that ships with Allo; nothing is recorded here
  [`${prefix}ChanVariable`, 'MIXMONITOR_FILENAME='],
];

const callAndLeg = (caller: Channel | null, leg: Channel): Header[] => [...(caller ? snapshot(caller) : []), ...snapshot(leg, 'Dest')];

export const bridgeHeaders = (bridge: Bridge): Header[] => [
  ['BridgeUniqueid', bridge.id],
  ['BridgeType', 'basic'],
  ['BridgeTechnology', bridge.technology],
  ['BridgeCreator', '<unknown>'],
  ['BridgeName', '<unknown>'],
  ['BridgeNumChannels', bridge.channels.size],
  ['BridgeVideoSourceMode', 'none'],
];

/** Q.850's number and words, and what SIP said. */
const CAUSES = {
  unknown: { number: 0, text: 'Unknown', sip: null },
  clearing: { number: 16, text: 'Normal Clearing', sip: null },
  busy: { number: 17, text: 'User busy', sip: 486 },
  'no-answer': { number: 19, text: 'User alerting, no answer', sip: 480 },
  elsewhere: { number: 26, text: 'Answered elsewhere', sip: null },
  cancelled: { number: 127, text: 'Interworking, unspecified', sip: 487 },
} as const;
export type Cause = keyof typeof CAUSES;

const techCause = (cause?: Cause): Header[] => {
  const sip = cause && CAUSES[cause].sip;
  return sip ? [['TechCause', sip]] : [];
};

export type ChannelOrder = Partial<Omit<Channel, 'name' | 'bridge'>> & { endpoint: string; context: string; exten: string };

export interface Party {
  readonly num: string;
  readonly name: string;
}

export type Switchboard = ReturnType<typeof createSwitchboard>;

/** The channels and bridges that are up, and the events of their coming and going. Whose call they are, the floor knows. */
export function createSwitchboard({ emit, now, onDevice }: { emit: Emit; now: () => number; onDevice: (endpoint: string) => void }) {
  const channels = new Map<string, Channel>();
  const bridges = new Set<Bridge>();
  const devices = new Map<string, DeviceState>();
  const closing = new Set<(channel: Channel) => void>();
  let channelCount = 0;
  let uniqueCount = 0;
  let bridgeCount = 0;

  function deviceState(endpoint: string): DeviceState {
    const states = [...channels.values()].filter((c) => c.endpoint === endpoint).map((c) => c.state);
    const ringing = states.includes(5);
    if (states.some((s) => s === 4 || s === 6)) return ringing ? 'RINGINUSE' : 'INUSE';
    return ringing ? 'RINGING' : 'NOT_INUSE';
  }

  function noteDevice(endpoint: string): void {
    const state = deviceState(endpoint);
    if ((devices.get(endpoint) ?? 'NOT_INUSE') === state) return;
    devices.set(endpoint, state);
    emit('DeviceStateChange', 'call', [
      ['Device', `PJSIP/${endpoint}`],
      ['State', state],
    ]);
    onDevice(endpoint);
  }

  function openBridge(technology: Bridge['technology'] = 'simple_bridge'): Bridge {
    const id = `${(bridgeCount++).toString(16).padStart(8, '0')}-0000-4000-8000-${Math.floor(now()).toString(16).padStart(12, '0')}`;
    const bridge: Bridge = { id, technology, channels: new Set() };
    bridges.add(bridge);
    emit('BridgeCreate', 'call', bridgeHeaders(bridge));
    return bridge;
  }

  function enter(bridge: Bridge, channel: Channel): void {
    bridge.channels.add(channel);
    channel.bridge = bridge;
    emit('BridgeEnter', 'call', [...bridgeHeaders(bridge), ...snapshot(channel)]);
  }

  /** The last one to leave ends the bridge. */
  function leave(channel: Channel): void {
    const { bridge } = channel;
    if (!bridge) return;
    bridge.channels.delete(channel);
    channel.bridge = null;
    emit('BridgeLeave', 'call', [...bridgeHeaders(bridge), ...snapshot(channel)]);
    if (bridge.channels.size > 0) return;
    bridges.delete(bridge);
    emit('BridgeDestroy', 'call', bridgeHeaders(bridge));
  }

  return {
    openBridge,
    enter,
    leave,
    channels: () => [...channels.values()],
    bridges: () => [...bridges],
    /** Hears of every channel that is gone. @returns stop */
    onClosed(listener: (channel: Channel) => void): () => void {
      closing.add(listener);
      return () => void closing.delete(listener);
    },
    find: (name: string) => channels.get(name),
    hasUniqueid: (id: string) => [...channels.values()].some((c) => c.uniqueid === id),
    deviceState,
    busy: (endpoint: string) => [...channels.values()].some((c) => c.endpoint === endpoint),

    open(order: ChannelOrder): Channel {
      const uniqueid = order.uniqueid ?? `${Math.floor(now() / 1000)}.${uniqueCount++}`;
      const channel: Channel = {
        linkedid: uniqueid,
        state: 0,
        createdAt: now(),
        callerNum: '',
        callerName: '',
        connectedNum: '',
        connectedName: '',
        priority: 1,
        application: '',
        applicationData: '',
        hungUp: () => {},
        pickUp: null,
        letGo: null,
        talk: null,
        ...order,
        name: `PJSIP/${order.endpoint}-${(channelCount++).toString(16).padStart(8, '0')}`,
        uniqueid,
        bridge: null,
      };
      channels.set(channel.name, channel);
      emit('Newchannel', 'call', snapshot(channel));
      noteDevice(channel.endpoint);
      return channel;
    },

    setState(channel: Channel, state: ChannelState): void {
      channel.state = state;
      emit('Newstate', 'call', snapshot(channel));
      noteDevice(channel.endpoint);
    },

    /** This side is told who the other is. */
    connect(channel: Channel, party: Party): void {
      channel.connectedNum = party.num;
      channel.connectedName = party.name;
      emit('NewConnectedLine', 'call', snapshot(channel));
    },

    /** Whom this channel speaks for; `other` where the same step tells who the other side is. */
    identify(channel: Channel, party: Party, other?: Party): void {
      if (other) Object.assign(channel, { connectedNum: other.num, connectedName: other.name });
      channel.callerNum = party.num;
      channel.callerName = party.name;
      emit('NewCallerid', 'call', [...snapshot(channel), ['CID-CallingPres', '0 (Presentation Allowed, Not Screened)']]);
    },

    run(channel: Channel, application: string, data: string): void {
      channel.application = application;
      channel.applicationData = data;
    },

    dialBegin(caller: Channel | null, leg: Channel, dialString: string): void {
      emit('DialBegin', 'call', [...callAndLeg(caller, leg), ['DialString', dialString]]);
    },

    dialState(caller: Channel | null, leg: Channel): void {
      emit('DialState', 'call', [...callAndLeg(caller, leg), ['DialStatus', 'RINGING']]);
    },

    dialEnd(caller: Channel | null, leg: Channel, status: 'ANSWER' | 'BUSY' | 'CANCEL' | 'NOANSWER'): void {
      emit('DialEnd', 'call', [...callAndLeg(caller, leg), ['DialStatus', status]]);
    },

    bridge(first: Channel, second: Channel): void {
      const bridge = openBridge();
      enter(bridge, first);
      enter(bridge, second);
    },

    /** `first` is whoever hung up. */
    unbridge(first: Channel, second: Channel): void {
      leave(first);
      leave(second);
    },

    /** Its party put the receiver down; with a cause when the phone gave one. */
    request(channel: Channel, cause?: Cause): void {
      const told: Header[] = cause ? [['Cause', CAUSES[cause].number], ...techCause(cause)] : [];
      emit('HangupRequest', 'call', [...snapshot(channel), ...told]);
    },

    /** The dialplan has come to its end. */
    softRequest(channel: Channel, cause?: Cause): void {
      emit('SoftHangupRequest', 'call', [...snapshot(channel), ['Cause', 16], ...techCause(cause)]);
    },

    close(channel: Channel, cause: Cause): void {
      if (!channels.delete(channel.name)) return;
      channel.hungUp = () => {};
      channel.pickUp = channel.letGo = channel.talk = null;
      const { number, text } = CAUSES[cause];
      emit('Hangup', 'call', [...snapshot(channel), ['Cause', number], ['Cause-txt', text], ...techCause(cause)]);
      noteDevice(channel.endpoint);
      for (const listener of closing) listener(channel);
    },
  };
}
