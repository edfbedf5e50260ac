import type { Control } from './ami/control.ts';
import type { Leg, Tracker } from './calls/tracker.ts';
import { ActionError } from './facts.ts';
import type { Actions } from './facts.ts';
import { FILE } from './order-values.ts';

/**
 * Recording by MixMonitor on the channel of the party outside: it stays through transfers, holds and parking, an operator's does not. Of a call
 * among operators it is the oldest channel.
 */
export function recordOrders({
  send,
  tracker,
}: {
  readonly send: Control['send'];
  readonly tracker: () => Tracker;
}): Pick<Actions, 'record' | 'recordPause' | 'recordStop'> {
  const recorded = (key: string): Leg => {
    const legs = tracker()
      .legs(key)
      .filter((leg) => leg.up || leg.bridge !== null);
    const leg = legs.find((one) => one.agent === null) ?? legs[0];
    if (!leg) throw new ActionError('refused', 'nobody is up in this call');
    return leg;
  };

  return {
    async record({ key, file }) {
      if (!FILE.test(file)) throw new ActionError('invalid', 'file: a path below the monitor folder, ending in .wav');
      await send('MixMonitor', { Channel: recorded(key).name, File: file });
    },

    async recordPause({ key, paused }) {
      await send('MixMonitorMute', { Channel: recorded(key).name, Direction: 'both', State: paused ? 1 : 0 });
    },

    async recordStop({ key }) {
      await send('StopMixMonitor', { Channel: recorded(key).name });
    },
  };
}
