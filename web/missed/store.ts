import type { CloseReason, MissedList } from '../../server/missed/contract.ts';
import type { Colleague } from '../../server/users/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { liveLostSince, onLive, onReset } from '../core/live.ts';
import { createStore } from '../core/store.ts';
import { t } from './strings.ts';

/** How many callers are mine to call back; `version` rises when anything about them may have changed. */
export const missed = createStore({ open: 0, version: 0 });

export interface Filters {
  queue?: string | undefined;
  minutes?: number | undefined;
  tries?: number | undefined;
}

export const missedApi = {
  list: (filters: Filters, after?: string) => api.get<MissedList>('/api/missed', { ...filters, after }),
  take: (id: number) => api.post(`/api/missed/${id}/take`),
  release: (id: number) => api.post(`/api/missed/${id}/release`),
  assign: (id: number, draft: { userId: number; dueAt: number; text: string }) => api.post(`/api/missed/${id}/assign`, draft),
  close: (id: number, reason: CloseReason, note: string) => api.post(`/api/missed/${id}/close`, { reason, note }),
  colleagues: () => api.get<{ items: Colleague[] }>('/api/users/colleagues'),
};

const load = async () => {
  try {
    const { total } = await missedApi.list({});
    missed.update(({ version }) => ({ open: total, version: version + 1 }));
  } catch {
    // the number comes with the next push; that the server is away the banner tells
  }
};

/** @returns stop */
export const startMissed = (): (() => void) => {
  const stops = [
    onLive('missed', ({ open }) => missed.update(({ version }) => ({ open, version: version + 1 }))),
    onReset(() => void load()),
    // what was pushed meanwhile is not kept for those who were away
    liveLostSince.subscribe((lost) => {
      if (lost === null) void load();
    }),
  ];
  return () => {
    stops.forEach((stop) => stop());
    missed.set({ open: 0, version: 0 });
  };
};

export const fault = (err: unknown): string => {
  if (err instanceof ApiError && err.data.reason === 'taken') return t().taken;
  if (err instanceof ApiError && (err.data.reason === 'closed' || err.code === 'not_found')) return t().gone;
  return errorText(err);
};
