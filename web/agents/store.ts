import type { Shift, SipAccount } from '../../server/agents/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { fetchBeside, onLive, onReset } from '../core/live.ts';
import { createStore } from '../core/store.ts';
import { toast } from '../core/toasts.ts';

/** Mine; null until it is known. */
export const shift = createStore<Shift | null>(null);

const load = async () => {
  try {
    const { reply, told } = await fetchBeside('shift', () => api.get<Shift>('/api/agents/me'));
    if (told.length === 0) shift.set(reply);
  } catch (err) {
    toast('danger', errorText(err));
  }
};

/** @returns stop */
export const startAgents = (): (() => void) => {
  const stops = [onLive('shift', (m) => shift.set(m.shift)), onReset(() => void load())];
  return () => {
    stops.forEach((stop) => stop());
    shift.set(null);
  };
};

export const setShift = async (on: boolean, mode?: Shift['mode']): Promise<void> => {
  shift.set(await api.post<Shift>('/api/agents/shift', { on, ...(mode && { mode }) }));
};

export const sipAccount = (): Promise<SipAccount> => api.get<SipAccount>('/api/agents/sip');
