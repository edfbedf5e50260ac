import type { Floor } from './floor.ts';
import type { Traffic } from './options.ts';
import type { Queue } from './queues.ts';
import type { Timers } from './timers.ts';

/** How soon the world looks again when there was nobody to call: the first call comes right after the start of a shift. */
const LOOK_AGAIN_MS = 3_000;

/** Lets the world call the queues, at a given pace. */
export function startTraffic(floor: Floor, traffic: Traffic, timers: Timers): void {
  const meanMs = 3_600_000 / traffic.callsPerHour;
  let made = 0;

  const isOpen = (queue: Queue) =>
    [...queue.members.values()].some((m) => !m.paused && (!traffic.onShiftOnly || m.membership === 'dynamic'));

  function toCall(): Queue | undefined {
    const waiting = floor.queues.all().reduce((sum, queue) => sum + queue.waiting.length, 0);
    return waiting < (traffic.maxWaiting ?? Infinity) ? floor.random.pick(floor.queues.all().filter(isOpen)) : undefined;
  }

  async function call(queue: Queue): Promise<void> {
    const { number, name } = await traffic.caller();
    floor.callIn(queue.options.name, { from: number, name });
  }

  /** Timers are late under load: what has become due meanwhile comes at once, so that the pace holds. */
  function plan(due: number): void {
    timers.after(Math.max(0, due - Date.now()), () => {
      if (made >= (traffic.limit ?? Infinity)) return;
      const queue = toCall();
      if (!queue) return plan(Date.now() + Math.min(meanMs, LOOK_AGAIN_MS));
      made++;
      call(queue).catch(traffic.failed);
      plan(due + floor.random.between([meanMs * (2 / 3), meanMs * (4 / 3)]));
    });
  }
  plan(Date.now());
}
