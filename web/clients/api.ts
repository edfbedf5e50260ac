import type {
  ClientDraft,
  ClientEdit,
  ClientFigures,
  ClientPage,
  ClientReply,
  StageList,
  TimelinePage,
  TimelinePeople,
} from '../../server/clients/contract.ts';
import { api } from '../core/api.ts';
import { learn } from '../core/known.ts';

const learnt = (page: ClientPage): ClientPage => {
  learn(page.items);
  return page;
};

export const clientsApi = {
  search: async (q: string, o: { after?: string | undefined; limit?: number; signal?: AbortSignal } = {}) =>
    learnt(await api.get<ClientPage>('/api/clients', { q, after: o.after, limit: o.limit }, o.signal)),
  read: (id: number) => api.get<ClientReply>(`/api/clients/${id}`),
  create: (draft: ClientDraft) => api.post<ClientReply>('/api/clients', draft),
  edit: (id: number, edit: ClientEdit) => api.patch<ClientReply>(`/api/clients/${id}`, edit),
  /** The last conversations, newest first; what nobody answered is none. */
  talks: async (id: number) => {
    const { items } = await api.get<TimelinePage>(`/api/clients/${id}/timeline`, { kind: 'call', limit: 12 });
    return items.filter(({ data }) => data.endReason != null && typeof data.talkMs === 'number' && data.talkMs > 0);
  },
  timeline: (id: number, ask: Record<string, string | number | undefined> = {}) =>
    api.get<TimelinePage>(`/api/clients/${id}/timeline`, ask),
  historyPeople: (id: number) => api.get<TimelinePeople>(`/api/clients/${id}/timeline/people`),
  note: (id: number, text: string) => api.post(`/api/clients/${id}/notes`, { text }),
  pin: (id: number, entry: number, pinned: boolean) => api.put(`/api/clients/${id}/timeline/${entry}/pin`, { pinned }),
  stages: () => api.get<StageList>('/api/clients/stages'),
  move: (id: number, move: { to: string; reason: string; version: number }) => api.post<ClientReply>(`/api/clients/${id}/stage`, move),
  figures: (id: number) => api.get<ClientFigures>(`/api/clients/${id}/figures`),
};
