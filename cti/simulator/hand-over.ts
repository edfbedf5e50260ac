import { CANCELLED, dial, OPERATOR_GAVE_UP } from './dialling.ts';
import { plainTalk, TRUNK } from './plant.ts';
import type { Plant } from './plant.ts';
import { bridgeHeaders, snapshot } from './switchboard.ts';
import type { Channel, HungUpBy, Talk } from './switchboard.ts';

/** @returns what Asterisk says instead of doing it; null: done */
type Answer = string | null;

/** An operator asks somebody while the other side waits in the bridge. */
interface Consult {
  cancel(): void;
}

export const otherIn = (channel: Channel): Channel | undefined => [...(channel.bridge?.channels ?? [])].find((one) => one !== channel);

/** Hands a talk over to somebody else. `onward`: a channel goes its way in the dialplan. */
export function createHandOver(plant: Plant, onward: (caller: Channel, number: string) => void) {
  const { board, emit, timers } = plant;
  const consults = new Map<Channel, Consult>();

  const talkOf = (channel: Channel): { talk: Talk; other: Channel } | null => {
    const other = otherIn(channel);
    return channel.talk && other && !consults.has(channel) ? { talk: channel.talk, other } : null;
  };

  function blind(channel: Channel, number: string): Answer {
    const found = talkOf(channel);
    if (!found) return 'Channel is not in a bridge with somebody';
    const { talk, other } = found;
    talk.suspend();
    emit('BlindTransfer', 'call', [
      ['Result', 'Success'],
      ...snapshot(channel, 'Transferer'),
      ...snapshot(other, 'Transferee'),
      ...bridgeHeaders(channel.bridge!),
      ['IsExternal', 'Yes'],
      ['Context', 'allo-originate'],
      ['Extension', number],
    ]);
    board.leave(other);
    board.leave(channel);
    talk.release();
    board.close(channel, 'clearing');
    onward(other, number);
    return null;
  }

  function attended(channel: Channel, number: string): Answer {
    const found = talkOf(channel);
    if (!found) return 'Channel is not in a bridge with somebody';
    const { talk, other } = found;
    const bridge = channel.bridge!;
    const patience = timers.group();
    talk.suspend();
    emit('Hold', 'call', snapshot(channel));
    emit('MusicOnHoldStart', 'call', [...snapshot(other), ['Class', 'default']]);
    board.leave(channel);

    const over = () => {
      patience.clear();
      consults.delete(channel);
    };
    const back = () => {
      over();
      board.enter(bridge, channel);
      emit('MusicOnHoldStop', 'call', snapshot(other));
      emit('Unhold', 'call', snapshot(channel));
      talk.resume();
    };
    const asked = dial(plant, channel, {
      number,
      answered: (leg) => consult(leg),
      failed: (ending) => ending !== OPERATOR_GAVE_UP && back(),
    });
    consults.set(channel, { cancel: () => asked.fail(CANCELLED) });
    // whoever hangs up while it rings ends it for all
    const gone = (who: Channel, by: HungUpBy) => {
      if (by === 'phone') board.request(who);
      over();
      asked.fail(OPERATOR_GAVE_UP);
      board.leave(other);
      emit('MusicOnHoldStop', 'call', snapshot(other));
      talk.release();
      board.close(channel, 'clearing');
      board.close(other, 'clearing');
    };
    channel.hungUp = (by) => gone(channel, by);
    other.hungUp = (by) => gone(other, by);
    patience.after(plant.random.between(plant.behaviour.patienceMs), () => other.hungUp('phone'));

    function consult(leg: Channel): void {
      const end = () => {
        board.unbridge(leg, channel);
        board.close(leg, 'clearing');
        back();
      };
      consults.set(channel, { cancel: end });
      board.bridge(leg, channel);
      leg.hungUp = (by) => {
        if (by === 'phone') board.request(leg);
        end();
      };
      channel.hungUp = (by) => {
        if (by === 'phone') board.request(channel);
        over();
        board.leave(channel);
        emit('MusicOnHoldStop', 'call', snapshot(other));
        board.leave(leg);
        board.enter(bridge, leg);
        emit('AttendedTransfer', 'call', [
          ['Result', 'Success'],
          ...snapshot(channel, 'OrigTransferer'),
          ...snapshot(channel, 'SecondTransferer'),
          ...snapshot(other, 'Transferee'),
          ...snapshot(leg, 'TransferTarget'),
          ['IsExternal', 'No'],
          ['DestType', 'Bridge'],
        ]);
        talk.release();
        board.close(channel, 'clearing');
        plainTalk(plant, { called: leg, calling: other, operator: leg.endpoint === TRUNK ? other : leg });
      };
      other.hungUp = (by) => {
        if (by === 'phone') board.request(other);
        over();
        board.leave(other);
        talk.release();
        board.close(other, 'clearing');
        plainTalk(plant, { called: leg, calling: channel, operator: channel });
      };
    }
    return null;
  }

  return {
    blind,
    attended,
    cancel(channel: Channel): Answer {
      const consult = consults.get(channel);
      consult?.cancel();
      return consult ? null : 'Channel is not in an attended transfer';
    },
  };
}
