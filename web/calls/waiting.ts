import type { WaitingCall } from '../../server/calls/contract.ts';
import { learn } from '../core/known.ts';
import { fetchBeside, liveLostSince, onLive, onReset } from '../core/live.ts';
import { createStore } from '../core/store.ts';
import { callsApi } from './api.ts';

/** The callers whom I may take; whoever has waited longest is first. */
export const waiting = createStore<readonly WaitingCall[]>([]);

const take = (items: readonly WaitingCall[]) => {
  learn(items.flatMap((c) => c.client ?? []));
  waiting.set(items);
};

const load = async () => {
  try {
    const { reply, told } = await fetchBeside('waiting', callsApi.waiting);
    if (told.length === 0) take(reply.items);
  } catch {
    // the next push says it all; that the server is away the banner tells
  }
};

/** @returns stop */
export const startWaiting = (): (() => void) => {
  const stops = [
    onLive('waiting', ({ items }) => take(items)),
    onReset(() => void load()),
    // what was pushed meanwhile is not kept for those who were away
    liveLostSince.subscribe((lost) => {
      if (lost === null) void load();
    }),
  ];
  return () => {
    stops.forEach((stop) => stop());
    waiting.set([]);
  };
};
