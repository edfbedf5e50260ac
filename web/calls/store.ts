import type { LiveCall, WrapUp } from '../../server/calls/contract.ts';
import type { ClientBrief } from '../../server/clients/contract.ts';
import type { OutcomeList } from '../../server/outcomes/contract.ts';
import { dirtyAt, typingHere } from '../core/drafts.ts';
import { errorText } from '../core/error-words.ts';
import { learn } from '../core/known.ts';
import { leads } from '../core/lead.ts';
import { fetchBeside, onLive, onReset } from '../core/live.ts';
import { formatNumber } from '../core/numbers.ts';
import { navigate, place } from '../core/router.ts';
import { createStore } from '../core/store.ts';
import { endTab, popTab, tabs } from '../core/tabs.ts';
import { toast } from '../core/toasts.ts';
import { callsApi } from './api.ts';
import type { NextStep } from './api.ts';
import { EMPTY, cardPath, filed, hear, isActive, pathOf, reload } from './desk.ts';
import type { Around, Heard } from './desk.ts';
import { orderFault } from '../core/order-faults.ts';
import { learnOutcomes, t } from './strings.ts';
import { startWaiting } from './waiting.ts';

export const desk = createStore(EMPTY);
export const outcomes = createStore<OutcomeList>({ items: [], only: {}, labels: {} });
/** The time after my last call; null: none. */
export const wrapUp = createStore<WrapUp | null>(null);
/** Rises when the log may have changed: lists that are open load again. */
export const logVersion = createStore(0);

/** Who it is, in a few words: the client, or the likeliest of several, or what the line says, or the number. */
export const callerWords = ({ clients, callerName, number }: Pick<LiveCall, 'clients' | 'callerName' | 'number'>): string => {
  const name = clients?.[0]?.name;
  if (name) return clients!.length > 1 ? t().orOthers(name, clients!.length - 1) : name;
  return callerName || formatNumber(number) || t().unknownNumber;
};

/** My conversation with this client that is going on, or waits for its outcome. */
export const callWith = (clientId: number): string | null =>
  desk
    .get()
    .calls.findLast((c) => (c.phase === 'talking' || c.phase === 'ended') && c.clients?.length === 1 && c.clients[0]!.id === clientId)
    ?.ref ?? null;

const around = (): Around => {
  const { path, query } = place.get();
  return { path, query, dirty: dirtyAt(path) || typingHere() };
};

/** Each call that is up has its card among the tabs, also where its page may not open by itself. */
const keepTabs = (gone: (ref: string) => boolean) => {
  const { calls } = desk.get();
  for (const call of calls.filter(isActive)) {
    const path = pathOf(call);
    if (path !== null) popTab(path, callerWords(call), call.ref);
  }
  const { path } = place.get();
  for (const { call } of tabs.get()) if (call !== null && !calls.some((c) => c.ref === call && isActive(c))) endTab(call, gone(call), path);
};

const apply = ({ desk: next, move }: Heard, gone: (ref: string) => boolean) => {
  desk.set(next);
  if (move && leads.get()) navigate(move.to, { replace: move.replace, focus: move.focus });
  keepTabs(gone);
};

const take = (call: LiveCall) => {
  learn(call.clients ?? []);
  const rang = desk.get().calls.some((c) => c.ref === call.ref && c.phase === 'ringing');
  apply(hear(desk.get(), call, around()), (ref) => ref === call.ref && (call.phase === 'missed' || call.phase === 'elsewhere'));
  if (rang && leads.get()) {
    if (call.phase === 'missed') toast('info', t().missedToast(callerWords(call)), { href: '/calls', text: t().show });
    if (call.phase === 'elsewhere') toast('info', t().elsewhereToast(callerWords(call)));
  }
  if (call.phase !== 'ringing' && call.phase !== 'dialling') logVersion.update((n) => n + 1);
};

const load = async () => {
  try {
    const toldWrapUp: (WrapUp | null)[] = [];
    const stop = onLive('wrap-up', (m) => toldWrapUp.push(m.wrapUp));
    // taken as soon as it is there: a call pushed while something else is waited for would be overwritten by what was asked before
    const { reply, told } = await fetchBeside('calls', callsApi.live).finally(stop);
    if (toldWrapUp.length === 0) wrapUp.set(reply.wrapUp);
    const newer = new Map(told.map(({ call }) => [call.ref, call]));
    const calls = [...reply.items.filter((c) => !newer.has(c.ref)), ...newer.values()];
    learn(calls.flatMap((c) => c.clients ?? []));
    // What rang before a gap and waits for no outcome was never ours.
    apply(reload(desk.get(), calls, around()), (ref) => !calls.some((c) => c.ref === ref));
    logVersion.update((n) => n + 1);
  } catch (err) {
    toast('danger', errorText(err));
  }
};

const loadOutcomes = async () => {
  try {
    const list = await callsApi.outcomes();
    outcomes.set(list);
    learnOutcomes(list.labels);
  } catch (err) {
    toast('danger', errorText(err));
  }
};

/** @returns stop */
export const startCalls = (): (() => void) => {
  const stops = [
    startWaiting(),
    onLive('calls', ({ call }) => take(call)),
    onLive('wrap-up', (m) => wrapUp.set(m.wrapUp)),
    onReset(() => {
      void load();
      void loadOutcomes();
    }),
  ];
  return () => {
    stops.forEach((stop) => stop());
    desk.set(EMPTY);
    wrapUp.set(null);
  };
};

export const fileOutcome = async (ref: string, outcome: string, note: string, next?: NextStep): Promise<void> => {
  await callsApi.file(ref, outcome, note, next);
  desk.update((d) => filed(d, ref));
  logVersion.update((n) => n + 1);
};

/** The call belongs to this client; the card opens. */
export const attachCall = async (ref: string, client: ClientBrief): Promise<void> => {
  await callsApi.attach(ref, client.id);
  learn([client]);
  desk.update((d) => ({ ...d, calls: d.calls.map((c) => (c.ref === ref ? { ...c, clients: [client] } : c)) }));
  popTab(cardPath(client.id), client.name, ref);
  navigate(cardPath(client.id), { replace: true });
};

/** A command to the PBX; what it refuses is told. */
export const command = async (run: Promise<unknown>): Promise<void> => {
  try {
    await run;
  } catch (err) {
    toast('danger', orderFault(err));
  }
};
