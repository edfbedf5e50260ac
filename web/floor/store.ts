import type { Floor, FloorChange, FloorFrame, FloorQueue, Threshold } from '../../server/floor/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { createStore } from '../core/store.ts';

export interface FloorState {
  floor: Floor | null;
  /** Since when the channel is away; null: it is there, or has not been there yet. */
  lostSince: number | null;
  failure: unknown;
}

const NOTHING: FloorState = { floor: null, lostSince: null, failure: null };
export const floorStore = createStore<FloorState>(NOTHING);

const merged = <T, K>(list: readonly T[], changed: readonly T[], gone: readonly K[], keyOf: (item: T) => K): T[] => {
  const items = new Map(list.map((item) => [keyOf(item), item]));
  for (const item of changed) items.set(keyOf(item), item);
  for (const key of gone) items.delete(key);
  return [...items.values()];
};

export const applied = (floor: Floor, { at, up, queues, calls, operators, gone }: FloorChange): Floor => ({
  ...floor,
  at,
  up,
  queues: merged(floor.queues, queues, gone.queues, (q) => q.ref).sort((a, b) => (a.ref < b.ref ? -1 : 1)),
  calls: merged(floor.calls, calls, gone.calls, (c) => c.ref),
  operators: merged(floor.operators, operators, gone.operators, (o) => o.userId),
});

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;

/** The channel, for as long as the page is open; it comes back by itself. @returns close */
export const watchFloor = (): (() => void) => {
  let ws: WebSocket;
  let tries = 0;
  let closed = false;
  let timer: ReturnType<typeof setTimeout>;
  const connect = () => {
    ws = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/live/floor`);
    ws.onmessage = (e: MessageEvent<string>) => {
      const frame = JSON.parse(e.data) as FloorFrame;
      tries = 0;
      if ('floor' in frame) floorStore.set({ floor: frame.floor, lostSince: null, failure: null });
      else floorStore.update((was) => (was.floor ? { ...was, floor: applied(was.floor, frame.change) } : was));
    };
    ws.onclose = (e) => {
      if (closed) return;
      if (e.code === 4403) return floorStore.set({ ...NOTHING, failure: new ApiError('forbidden', 403) });
      floorStore.update((was) => ({
        ...was,
        lostSince: was.lostSince ?? Date.now(),
        failure: was.floor ? null : new ApiError('offline', 0),
      }));
      timer = setTimeout(connect, Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** tries++) * (0.5 + Math.random() / 2));
    };
  };
  connect();
  return () => {
    closed = true;
    clearTimeout(timer);
    ws.close();
    floorStore.set(NOTHING);
  };
};

export const thresholds = createStore<readonly Threshold[]>([]);
export const loadThresholds = async (): Promise<void> =>
  thresholds.set((await api.get<{ items: Threshold[] }>('/api/floor/thresholds')).items);
export const saveThreshold = async (threshold: Threshold): Promise<void> =>
  thresholds.set((await api.put<{ items: Threshold[] }>('/api/floor/thresholds', threshold)).items);

/** Of a queue without a rule of its own the one for all, and of its service level its own goal, per cent. */
export const thresholdOf = (all: readonly Threshold[], { ref: queue, goal }: { ref: string; goal: number | null }): Threshold => {
  const own = all.find((one) => one.queue === queue);
  if (own) return own;
  const common = all.find((one) => one.queue === '');
  return common ? { ...common, serviceLevel: common.serviceLevel ?? goal, queue } : { queue, waitSeconds: null, serviceLevel: null };
};

export interface Breach {
  wait: boolean;
  level: boolean;
}

export const breachOf = ({ oldest, live }: FloorQueue, { waitSeconds, serviceLevel }: Threshold, now: number): Breach => ({
  wait: waitSeconds !== null && oldest !== null && now - oldest > waitSeconds * 1000,
  level: serviceLevel !== null && live.serviceLevel !== null && live.serviceLevel * 100 < serviceLevel,
});
