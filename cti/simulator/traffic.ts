import type { Floor } from './floor.ts';
import type { Traffic } from './options.ts';
import type { Timers } from './timers.ts';

/** Lets the world call the queues, at a given pace. */
export function startTraffic(floor: Floor, traffic: Traffic, timers: Timers): void {
  const meanMs = 3_600_000 / traffic.callsPerHour;
  let made = 0;
  let due = Date.now();

  const onShift = (queue: string) =>
    [...floor.queues.get(queue)!.members.values()].some((m) => !m.paused && (!traffic.onShiftOnly || m.membership === 'dynamic'));

  async function call(): Promise<void> {
    const open = floor.queues.all().filter((q) => onShift(q.options.name));
    const waiting = floor.queues.all().reduce((sum, q) => sum + q.waiting.length, 0);
    if (waiting >= (traffic.maxWaiting ?? Infinity)) return;
    const queue = floor.random.pick(open);
    if (!queue) return;
    made++;
    const { number, name } = await traffic.caller();
    floor.callIn(queue.options.name, { from: number, name });
  }

  /** Timers are late under load: what has become due meanwhile comes at once, so that the pace holds. */
  function next(): void {
    due += floor.random.between([meanMs * (2 / 3), meanMs * (4 / 3)]);
    timers.after(Math.max(0, due - Date.now()), () => {
      if (made >= (traffic.limit ?? Infinity)) return;
      call().catch(traffic.failed);
      next();
    });
  }
  next();
}
