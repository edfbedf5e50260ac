import type { MyDeputies } from '../../server/handover/contract.ts';
import { onLive, onReset } from '../core/live.ts';
import { createStore } from '../core/store.ts';
import { serverNow } from '../core/time.ts';
import { handoverApi } from './api.ts';

/** Whose work I have now, and who has mine. */
export const standing = createStore<MyDeputies>({ forMe: [], byMe: [] });
/** Rises when a hand-over of mine is done. */
export const handedOver = createStore(0);

const LONGEST_MS = 3_600_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Nobody tells that a time has begun or ended: it is looked at again then. */
const lookAgain = ({ forMe, byMe }: MyDeputies) => {
  const now = serverNow();
  const next = Math.min(
    ...[...forMe, ...byMe].flatMap(({ startsAt, endsAt }) => [startsAt, endsAt].filter((at) => at > now)),
    now + LONGEST_MS,
  );
  clearTimeout(timer);
  if (forMe.length + byMe.length > 0) timer = setTimeout(() => void load(), next - now + 500);
};

const load = async () => {
  try {
    const mine = await handoverApi.mine();
    standing.set(mine);
    lookAgain(mine);
  } catch {
    // that the server is away the banner tells; it is asked again when it is back
  }
};

/** @returns stop */
export const startStanding = (): (() => void) => {
  const stops = [
    onReset(() => void load()),
    onLive('deputies', () => void load()),
    onLive('handover', () => handedOver.update((n) => n + 1)),
  ];
  return () => {
    stops.forEach((stop) => stop());
    clearTimeout(timer);
    standing.set({ forMe: [], byMe: [] });
  };
};
