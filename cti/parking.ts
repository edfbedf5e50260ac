import type { AmiMessage } from './ami/message.ts';
import { ActionError } from './facts.ts';

export const PARKING_EVENTS: readonly string[] = ['ParkedCall', 'UnParkedCall', 'ParkedCallTimeOut', 'ParkedCallGiveUp'];

export interface Parking {
  event(message: AmiMessage): void;
  /** The space of this channel; null: not parked, as far as was heard. */
  at(channel: string): string | null;
  /** Where this channel is parked, as soon as Asterisk tells. @throws ActionError timeout */
  spaceOf(channel: string, withinMs: number): Promise<string>;
}

/** Who is parked where. The action Park answers before the space is known: it comes with the event. */
export function createParking(): Parking {
  const spaces = new Map<string, string>();
  const waiting = new Map<string, (space: string) => void>();
  return {
    event(message) {
      const channel = message.get('ParkeeChannel');
      if (message.event === 'ParkedCall') {
        spaces.set(channel, message.get('ParkingSpace'));
        waiting.get(channel)?.(message.get('ParkingSpace'));
      } else if (PARKING_EVENTS.includes(message.event)) {
        spaces.delete(channel);
      }
    },
    at: (channel) => spaces.get(channel) ?? null,
    spaceOf: (channel, withinMs) =>
      new Promise((resolve, reject) => {
        const over = () => {
          clearTimeout(timer);
          waiting.delete(channel);
        };
        const timer = setTimeout(() => {
          over();
          reject(new ActionError('timeout', `Park: no space in ${withinMs} ms`));
        }, withinMs);
        waiting.set(channel, (space) => {
          over();
          resolve(space);
        });
      }),
  };
}
