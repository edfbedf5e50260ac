import { otherIn } from './hand-over.ts';
import { plainTalk } from './plant.ts';
import type { Plant } from './plant.ts';
import { snapshot } from './switchboard.ts';
import type { Channel, HungUpBy } from './switchboard.ts';
import type { Header } from './wire.ts';

/** As in the res_parking.conf that ships with Allo. */
const FIRST = 701;
const LAST = 720;
const COMES_BACK_MS = 180_000;

interface Parked {
  readonly channel: Channel;
  readonly headers: () => Header[];
  /** It is taken out of the space. */
  free(): void;
}

/** Callers in parking spaces. `reach`: a caller whom nobody has fetched rings at the phone of whoever parked it. */
export function createParking(plant: Plant, reach: (caller: Channel, extension: string) => void) {
  const { board, emit } = plant;
  const spaces = new Map<string, Parked>();

  function freeSpace(): string | undefined {
    for (let space = FIRST; space <= LAST; space++) if (!spaces.has(String(space))) return String(space);
    return undefined;
  }

  return {
    has: (space: string) => spaces.has(space),

    /** @returns what Asterisk says instead of doing it; null: done */
    park(channel: Channel): string | null {
      const parker = otherIn(channel);
      const { talk } = channel;
      const space = freeSpace();
      if (!parker || !talk) return 'Channel is not in a bridge with somebody';
      if (space === undefined) return 'No parking space is free';
      talk.suspend();
      const headers = (): Header[] => [
        ...snapshot(channel, 'Parkee'),
        ['ParkerDialString', `PJSIP/${parker.endpoint}`],
        ['Parkinglot', 'default'],
        ['ParkingSpace', space],
        ['ParkingTimeout', COMES_BACK_MS / 1000],
      ];
      emit('ParkedCall', 'call', headers());
      board.leave(channel);
      board.enter(board.openBridge('holding_bridge'), channel);
      emit('MusicOnHoldStart', 'call', [...snapshot(channel), ['Class', 'default']]);
      talk.release();
      parker.hungUp = () => {
        board.leave(parker);
        board.close(parker, 'clearing');
      };

      const timers = plant.timers.group();
      const free = () => {
        timers.clear();
        spaces.delete(space);
        channel.letGo = null;
        emit('MusicOnHoldStop', 'call', snapshot(channel));
        board.leave(channel);
      };
      spaces.set(space, { channel, headers, free });
      channel.hungUp = (by: HungUpBy) => {
        if (by === 'phone') board.request(channel);
        emit('ParkedCallGiveUp', 'call', headers());
        free();
        board.close(channel, 'clearing');
      };
      channel.letGo = free;
      timers.after(COMES_BACK_MS, () => {
        emit('ParkedCallTimeOut', 'call', headers());
        free();
        reach(channel, parker.endpoint);
      });
      return null;
    },

    /** Whoever dials the space has the call. */
    fetch(space: string, fetcher: Channel): void {
      const { channel, headers, free } = spaces.get(space)!;
      emit('UnParkedCall', 'call', [...headers(), ...snapshot(fetcher, 'Retriever')]);
      free();
      fetcher.linkedid = channel.linkedid;
      plainTalk(plant, { called: fetcher, calling: channel, operator: fetcher });
    },
  };
}
