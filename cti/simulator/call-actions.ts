import type { Floor } from './floor.ts';
import { snapshot } from './switchboard.ts';
import type { Channel, Emit } from './switchboard.ts';
import type { Tapes } from './tape.ts';
import type { Header, Message } from './wire.ts';

type Reply = (headers: readonly Header[]) => void;
type Handler = (message: Message, reply: Reply) => void;

const success = (text: string): Header[] => [
  ['Response', 'Success'],
  ['Message', text],
];
const error = (text: string): Header[] => [
  ['Response', 'Error'],
  ['Message', text],
];

/** Atxfer presses keys: a plus is A, # ends the number. */
const keyed = (keys: string): string => keys.replace(/#$/, '').replace(/^A/, '+');

/** Orders to a call that is up. */
export function createCallActions(floor: Floor, tapes: Tapes | null): readonly (readonly [string, Handler])[] {
  const onChannel =
    (act: (channel: Channel, message: Message) => Header[]): Handler =>
    (message, reply) => {
      const channel = floor.board.find(message.get('Channel'));
      reply(channel ? act(channel, message) : error('No such channel'));
    };
  const answer = (refusal: string | null, done: string) => (refusal === null ? success(done) : error(refusal));
  return [
    [
      'playdtmf',
      onChannel((_, m) => (/^[0-9*#A-D]$/.test(m.get('Digit')) ? success('DTMF successfully queued') : error('No digit specified'))),
    ],
    [
      'mixmonitor',
      onChannel((channel, m) => {
        if (!tapes) return error('there is no folder for recordings');
        if (!m.get('File').endsWith('.wav')) return error('File not specified');
        tapes.start(channel, m.get('File'));
        return success('Success');
      }),
    ],
    [
      'mixmonitormute',
      onChannel((channel, m) => (tapes?.mute(channel, m.get('State') === '1') ? success('Success') : error('Cannot set mute flag'))),
    ],
    ['stopmixmonitor', onChannel((channel) => (tapes?.stop(channel) ? success('Success') : error('Could not stop MixMonitor')))],
    ['redirect', onChannel((channel, m) => answer(floor.redirect(channel, m.get('Context'), m.get('Exten')), 'Redirect successful'))],
    ['blindtransfer', onChannel((channel, m) => answer(floor.handOver.blind(channel, m.get('Exten')), 'Transfer succeeded'))],
    ['atxfer', onChannel((channel, m) => answer(floor.handOver.attended(channel, keyed(m.get('Exten'))), 'Atxfer successfully queued'))],
    ['cancelatxfer', onChannel((channel) => answer(floor.handOver.cancel(channel), 'CancelAtxfer successfully queued'))],
    ['park', onChannel((channel) => answer(floor.parking.park(channel), 'Park successful'))],
  ];
}

/** A phone on the desk that is asked to hold, and to take the call back: it does, as its INVITE would have told. */
export function createHolding(emit: Emit) {
  const held = new WeakSet<Channel>();
  const other = (channel: Channel) => [...(channel.bridge?.channels ?? [])].find((one) => one !== channel);
  return {
    hold(channel: Channel): void {
      const party = other(channel);
      if (!party || held.has(channel)) return;
      held.add(channel);
      emit('Hold', 'call', snapshot(channel));
      emit('MusicOnHoldStart', 'call', [...snapshot(party), ['Class', 'default']]);
    },
    resume(channel: Channel): void {
      const party = other(channel);
      if (!held.delete(channel) || !party) return;
      emit('MusicOnHoldStop', 'call', snapshot(party));
      emit('Unhold', 'call', snapshot(channel));
    },
  };
}
