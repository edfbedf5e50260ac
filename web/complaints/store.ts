import type {
  ComplaintBrief,
  ComplaintDraft,
  ComplaintMade,
  ComplaintPage,
  ComplaintReply,
  Setup,
  Status,
} from '../../server/complaints/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { onLive, onReset } from '../core/live.ts';
import { createStore } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { faultOf } from './ticket-strings.ts';
import { t } from './strings.ts';

/** Rises when something about complaints has changed; `id` of which, null: any may have. */
export const changes = createStore<{ version: number; id: number | null; clientId: number | null }>({
  version: 0,
  id: null,
  clientId: null,
});
export const setup = createStore<Setup | null>(null);

export interface Ask {
  scope: string;
  open?: 'true' | 'false';
  status?: Status;
  severity?: string;
  clientId?: number;
  number?: string;
  limit?: number;
}

export const complaintsApi = {
  list: (ask: Ask, after?: string) => api.get<ComplaintPage>('/api/complaints', { ...ask, after }),
  read: (id: number) => api.get<ComplaintReply>(`/api/complaints/${id}`),
  similar: (clientId: number, categoryId?: number) =>
    api.get<{ items: ComplaintBrief[] }>('/api/complaints/similar', { clientId, categoryId }),
  register: (draft: ComplaintDraft) => api.post<ComplaintMade>('/api/complaints', draft),
  act: (id: number, what: string, body: { version: number } & Record<string, unknown>) =>
    api.post<ComplaintReply>(`/api/complaints/${id}/${what}`, body),
  edit: (id: number, body: { version: number } & Record<string, unknown>) => api.patch<ComplaintReply>(`/api/complaints/${id}`, body),
  watch: (id: number, watch: boolean) => api.put(`/api/complaints/${id}/watch`, { watch }),
};

/** Categories, people, rules; read once, and again after they were changed. */
export const loadSetup = async (again = false): Promise<Setup | null> => {
  if (setup.get() && !again) return setup.get();
  try {
    setup.set(await api.get<Setup>('/api/complaints/setup'));
  } catch (err) {
    toast('danger', errorText(err));
  }
  return setup.get();
};

/** @returns stop */
export const startComplaints = (): (() => void) => {
  const bump = (id: number | null, clientId: number | null) => changes.update(({ version }) => ({ version: version + 1, id, clientId }));
  const stops = [
    onLive('complaints', ({ id, clientId }) => bump(id, clientId)),
    onLive('complaint-alarm', ({ id, number, clock, step }) => {
      const what = t().clocks[clock as keyof ReturnType<typeof t>['clocks']] ?? t().alarmOf[clock] ?? clock;
      const words = clock === 'call-back' && step === 'warn' ? t().promised(number) : t().alarms[step](number, what);
      toast(step === 'warn' ? 'info' : 'danger', words, { href: `/complaints/${id}`, text: t().open });
    }),
    onReset(() => bump(null, null)),
  ];
  return () => {
    stops.forEach((stop) => stop());
    setup.set(null);
  };
};

interface Since {
  kind: string;
  to: string;
  userId: number | null;
}

/** What to tell of a refusal; of one that came too late also what others did meanwhile. */
export const fault = (err: unknown): string => {
  if (!(err instanceof ApiError)) return errorText(err);
  const since = err.data.meanwhile as Since[] | undefined;
  if (since) {
    const people = setup.get()?.people ?? [];
    const said = since.map(({ kind, to, userId }) => [people.find(({ id }) => id === userId)?.name, t().statuses[to as Status] ?? (['in', 'out', 'note'].includes(kind) ? `“${to}”` : '')].filter(Boolean).join(': ')); // prettier-ignore
    return t().meanwhile(said.filter(Boolean).join('; '));
  }
  return faultOf(err.data.reason) ?? errorText(err);
};
