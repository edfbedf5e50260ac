import type { AgentState, BreakReason, BreakWatch, Shift, SipAccount } from '../../server/agents/contract.ts';
import type { Colleague } from '../../server/users/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { clock } from '../core/format.ts';
import { fetchBeside, onLive, onReset } from '../core/live.ts';
import { me } from '../core/session.ts';
import { createStore } from '../core/store.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { t } from './strings.ts';

/** Mine; null until it is known. */
export const shift = createStore<Shift | null>(null);

/** For whoever leads the floor. */
export const breakWatch = createStore<BreakWatch>({ asked: [], late: [] });

const loadWatch = async () => {
  if (!['supervisor', 'administrator'].includes(me()?.user.role ?? '')) return;
  try {
    const { reply, told } = await fetchBeside('break-watch', () => api.get<BreakWatch>('/api/agents/breaks'));
    if (told.length === 0) breakWatch.set(reply);
  } catch (err) {
    toast('danger', errorText(err));
  }
};

const load = async () => {
  try {
    const { reply, told } = await fetchBeside('shift', () => api.get<Shift>('/api/agents/me'));
    if (told.length === 0) take(reply);
  } catch (err) {
    toast('danger', errorText(err));
  }
};

/** A phone that comes back says that it was away: a laptop that slept hears of the loss and of the return in one breath. */
const take = (now: Shift) => {
  const lostAt = shift.get()?.unreachableSince ?? null;
  shift.set(now);
  if (lostAt !== null && now.unreachableSince === null && now.since !== null)
    toast('info', t().reachable(clock(lostAt), clock(serverNow())));
};

/** @returns stop */
export const startAgents = (): (() => void) => {
  const stops = [
    onLive('shift', (m) => take(m.shift)),
    onReset(() => void load()),
    onLive('break-watch', (m) => breakWatch.set(m.watch)),
    onReset(() => void loadWatch()),
  ];
  return () => {
    stops.forEach((stop) => stop());
    shift.set(null);
    breakWatch.set({ asked: [], late: [] });
  };
};

/** What is pushed while the answer is on its way (a phone that was lost at once) is newer than the answer. */
const order = async (send: () => Promise<Shift>): Promise<void> => {
  const { reply, told } = await fetchBeside('shift', send);
  if (told.length === 0) shift.set(reply);
};

export const setShift = async (on: boolean, mode?: Shift['mode']): Promise<void> => {
  await order(() => api.post<Shift>('/api/agents/shift', { on, ...(mode && { mode }) }));
};

export const breakReasons = async (): Promise<readonly BreakReason[]> =>
  (await api.get<{ items: BreakReason[] }>('/api/agents/break-reasons')).items;

/** null: back to work. */
export const setBreak = async (reason: string | null): Promise<void> => {
  await order(() => api.post<Shift>('/api/agents/break', { reason }));
};

export const sipAccount = (): Promise<SipAccount> => api.get<SipAccount>('/api/agents/sip');

const agentStates = (): Promise<{ items: AgentState[] }> => api.get('/api/agents/states');

interface Entry {
  readonly name: string;
  readonly extension: string;
  readonly state: 'free' | 'busy' | 'ringing' | 'away' | 'offline';
}

/** To whom a call can be handed over, and who of them is free. A lost phone cannot be rung. */
export const readDirectory = async (): Promise<readonly Entry[]> => {
  const [{ items: colleagues }, { items: states }] = await Promise.all([
    api.get<{ items: Colleague[] }>('/api/users/colleagues'),
    agentStates(),
  ]);
  const byExtension = new Map(states.map((one) => [one.extension, one.state]));
  return colleagues.map(({ name, extension }) => {
    const state = byExtension.get(extension) ?? 'offline';
    return { name, extension, state: state === 'unreachable' ? 'offline' : state };
  });
};
