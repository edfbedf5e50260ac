import { createCallActions, createHolding } from './call-actions.ts';
import { APPLICATIONS } from './floor.ts';
import type { Floor } from './floor.ts';
import type { Refusal } from './queues.ts';
import { bridgeHeaders, snapshot } from './switchboard.ts';
import type { Channel, Emit } from './switchboard.ts';
import type { Tapes } from './tape.ts';
import type { Header, Message } from './wire.ts';

/** Writes one block to the client who asked, its ActionID put in the second line. */
export type Reply = (headers: readonly Header[]) => void;
type Handler = (message: Message, reply: Reply) => void;

const success = (text: string): Header[] => [
  ['Response', 'Success'],
  ['Message', text],
];
const error = (text: string): Header[] => [
  ['Response', 'Error'],
  ['Message', text],
];

function list(reply: Reply, message: string, complete: string, items: readonly (readonly Header[])[]): void {
  reply([
    ['Response', 'Success'],
    ['EventList', 'start'],
    ['Message', message],
  ]);
  for (const item of items) reply(item);
  reply([
    ['Event', complete],
    ['EventList', 'Complete'],
    ['ListItems', items.length],
  ]);
}

const answer = (reply: Reply, refusal: Refusal | null, done: string) => reply(refusal ? error(refusal.refused) : success(done));
const extensionOf = (dial: string) => /^PJSIP\/([\w+-]+)$/i.exec(dial)?.[1] ?? '';
const isTrue = (value: string) => /^(1|y|yes|t|true|on)$/i.test(value);
const twoDigits = (n: number) => String(n).padStart(2, '0');

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

/** `"Ivan Petrov" <79161234567>`, or the number alone. */
function parseCallerId(text: string): { name: string; num: string } {
  const m = /^\s*"?([^"<]*?)"?\s*<([^>]*)>\s*$/.exec(text);
  return m ? { name: m[1]!, num: m[2]! } : { name: '', num: text };
}

/** What an AMI client may ask, by action in lower case. The session adds Login, Logoff, Events. */
export function createActions(floor: Floor, emit: Emit, stamp: () => string, tapes: Tapes | null): ReadonlyMap<string, Handler> {
  const { board, queues } = floor;
  const holding = createHolding(emit);

  const originate: Handler = (message, reply) => {
    const extension = extensionOf(message.get('Channel'));
    const channelId = message.get('ChannelId');
    const { name, num } = parseCallerId(message.get('CallerID'));
    const application = APPLICATIONS.find((name) => name === message.get('Application'));
    const [context, exten] = [message.get('Context'), message.get('Exten')];
    if (!message.get('Channel')) return reply(error('Channel not specified'));
    if (!isTrue(message.get('Async'))) return reply(error('Originate failed: only Async is simulated'));
    if (!application && !(context && exten)) return reply(error('Originate failed: neither an extension nor a simulated application'));
    if (channelId && board.hasUniqueid(channelId)) return reply(error('Originate failed: ChannelId is in use'));
    reply(success('Originate successfully queued'));
    const id = message.get('ActionID');
    const tell = (channel: Channel | null, answered: boolean, reason: number) =>
      emit('OriginateResponse', 'call', [
        ...(id ? ([['ActionID', id]] as Header[]) : []),
        ['Response', answered ? 'Success' : 'Failure'],
        ['Channel', channel && answered ? channel.name : message.get('Channel')],
        ['Context', context],
        ['Exten', exten],
        ['Reason', reason],
        ['Uniqueid', channel?.uniqueid ?? '<unknown>'],
        ['CallerIDNum', num || '<unknown>'],
        ['CallerIDName', name || '<unknown>'],
        ...(channel && answered ? ([[`ChanVariable(${channel.name})`, 'MIXMONITOR_FILENAME=']] as Header[]) : []),
      ]);
    const timeoutMs = Number(message.get('Timeout')) || 30_000;
    const outside = /^PJSIP\/([0-9+*#]+)@/.exec(message.get('Channel'))?.[1];
    if (outside !== undefined && (context === 'allo-campaign' || context === 'allo-called-back')) {
      const variables = new Map(
        message.all('Variable').map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
      );
      const waitMs = (Number(variables.get('DIAL_WAIT')) || 2) * 1_000;
      const call = { number: outside, name: variables.get('DIAL_NAME') ?? '', back: context === 'allo-called-back', channelId, timeoutMs, waitMs, amd: variables.get('DIAL_AMD') === '1', done: tell }; // prettier-ignore
      if (!floor.callOut(variables.get('DIAL_QUEUE') ?? '', call)) tell(null, false, 0);
      return;
    }
    if (!floor.hasPhone(extension)) return tell(null, false, 0);
    const order = { extension, context, number: exten, channelId, callerNum: num, callerName: name, timeoutMs, done: tell };
    if (application) floor.ringInto(order, application, message.get('Data'));
    else floor.originate(order);
  };

  const hangup: Handler = (message, reply) => {
    const channel = board.find(message.get('Channel'));
    if (!message.get('Channel')) return reply(error('No channel specified'));
    if (!channel) return reply(error('No such channel'));
    reply(success('Channel Hungup'));
    channel.hungUp('command');
  };

  /** The NOTIFYs that are known here: `Event: talk`, on which the phone answers or resumes, and `Event: hold`. */
  const notify: Handler = (message, reply) => {
    const [extension, name, variables] = [message.get('Endpoint'), message.get('Channel'), message.all('Variable')];
    const channel = board.find(name);
    if (!extension && !name) return reply(error('PJSIPNotify requires either an endpoint name, a SIP URI, or a channel.'));
    if (extension && !floor.hasPhone(extension)) return reply(error(`Unable to retrieve endpoint ${extension}`));
    if (name && !channel) return reply(error(`No channel found with name ${name}`));
    if (variables.length === 0) return reply(error('PJSIPNotify requires either an Option or Variable(s).You must use only one of them.'));
    reply(success('NOTIFY sent'));
    const asks = (event: string) => variables.some((v) => new RegExp(`(^|,)\\s*Event\\s*=\\s*${event}\\s*(,|$)`, 'i').test(v));
    if (channel && asks('hold')) holding.hold(channel);
    if (!asks('talk')) return;
    if (channel?.bridge) holding.resume(channel);
    else if (channel) channel.pickUp?.();
    else floor.pickUp(extension);
  };

  const channelRow = (channel: Channel): Header[] => [
    ['Event', 'CoreShowChannel'],
    ...snapshot(channel),
    ['Application', channel.application],
    ['ApplicationData', channel.applicationData],
    ['Duration', duration(Date.now() - channel.createdAt)],
    ['BridgeId', channel.bridge?.id ?? ''],
  ];

  const queueAction =
    (act: (queue: string, extension: string, message: Message) => Refusal | null, done: string): Handler =>
    (message, reply) => {
      const [queue, dial] = [message.get('Queue'), message.get('Interface')];
      if (!queue) return reply(error("'Queue' not specified."));
      if (!dial) return reply(error("'Interface' not specified."));
      const extension = extensionOf(dial);
      if (!floor.hasPhone(extension)) return reply(error(`${dial} is not a phone of the simulated PBX`));
      answer(reply, act(queue, extension, message), done);
    };

  return new Map<string, Handler>([
    [
      'ping',
      (_message, reply) =>
        reply([
          ['Response', 'Success'],
          ['Ping', 'Pong'],
          ['Timestamp', stamp()],
        ]),
    ],
    [
      'coreshowchannels',
      (_message, reply) => list(reply, 'Channels will follow', 'CoreShowChannelsComplete', board.channels().map(channelRow)),
    ],
    [
      'bridgelist',
      (_message, reply) =>
        list(
          reply,
          'Bridge listing will follow',
          'BridgeListComplete',
          board.bridges().map((bridge) => [['Event', 'BridgeListItem'], ...bridgeHeaders(bridge)]),
        ),
    ],
    [
      'queuestatus',
      (message, reply) => list(reply, 'Queue status will follow', 'QueueStatusComplete', queues.describe(message.get('Queue'))),
    ],
    [
      'devicestatelist',
      (_message, reply) =>
        list(
          reply,
          'Device State Changes will follow',
          'DeviceStateListComplete',
          floor.phones().map((extension) => [
            ['Event', 'DeviceStateChange'],
            ['Device', `PJSIP/${extension}`],
            ['State', board.deviceState(extension)],
          ]),
        ),
    ],
    [
      'queueadd',
      queueAction(
        (queue, extension, m) =>
          floor.queueAdd(queue, extension, {
            name: m.get('MemberName'),
            penalty: Math.max(0, Number(m.get('Penalty')) || 0),
            paused: isTrue(m.get('Paused')),
          }),
        'Added interface to queue',
      ),
    ],
    ['queueremove', queueAction((queue, extension) => floor.queueRemove(queue, extension), 'Removed interface from queue')],
    [
      'queuepenalty',
      queueAction(
        (queue, extension, m) => floor.queuePenalty(queue, extension, Number(m.get('Penalty')) || 0),
        'Interface penalty set successfully',
      ),
    ],
    // its queues are options of the program: there is nothing to read anew
    ['queuereload', (_message, reply) => reply(success('Queue reloaded successfully'))],
    [
      'queuepause',
      (message, reply) => {
        const extension = extensionOf(message.get('Interface'));
        if (!message.get('Interface') || !message.get('Paused')) return reply(error("Need 'Interface' and 'Paused' parameters."));
        const paused = isTrue(message.get('Paused'));
        const refusal = floor.queuePause(message.get('Queue'), extension, paused, message.get('Reason'));
        answer(reply, refusal, `Interface ${paused ? 'paused' : 'unpaused'} successfully`);
      },
    ],
    ['originate', originate],
    ['hangup', hangup],
    ['pjsipnotify', notify],
    ...createCallActions(floor, tapes),
  ]);
}
