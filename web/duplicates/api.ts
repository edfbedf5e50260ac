import type { ClientDuplicates, DuplicatePage, LikelyReply, MergeList, MergeUndone } from '../../server/duplicates/contract.ts';
import { api } from '../core/api.ts';

/** What of a card that is being typed tells who it may be. */
export interface Typed {
  kind: 'company' | 'person';
  name: string;
  company: string;
  phones: readonly string[];
  emails: readonly string[];
  inn: string;
  address: string;
}

export const duplicatesApi = {
  list: (min: number, after?: string) => api.get<DuplicatePage>('/api/duplicates', { min, after }),
  ofClient: (id: number) => api.get<ClientDuplicates>(`/api/clients/${id}/duplicates`),
  likely: (typed: Typed) => api.post<LikelyReply>('/api/duplicates/likely', typed),
  dismiss: (one: number, other: number, dismissed: boolean) => api.post('/api/duplicates/dismiss', { one, other, dismissed }),
  scan: () => api.post('/api/duplicates/scan'),
  merges: async (before?: string) => {
    const page = await api.get<MergeList>('/api/duplicates/merges', { before });
    return { items: page.items, next: page.next === null ? null : String(page.next) };
  },
  undo: (id: number) => api.post<MergeUndone>(`/api/duplicates/merges/${id}/undo`),
};
