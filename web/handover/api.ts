import type {
  Deputy,
  DeputyDraft,
  DeputyList,
  Handover,
  HandoverDraft,
  HandoverList,
  HandoverPreview,
  Holder,
  MyDeputies,
  PeopleReply,
} from '../../server/handover/contract.ts';
import { api } from '../core/api.ts';

export const handoverApi = {
  people: () => api.get<PeopleReply>('/api/handover/people'),
  holder: (id: number) => api.get<Holder>(`/api/handover/people/${id}`),
  leave: (id: number) => api.post(`/api/handover/people/${id}/leave`),
  preview: (draft: HandoverDraft) => api.post<HandoverPreview>('/api/handover/preview', draft),
  begin: (draft: HandoverDraft) => api.post<{ handover: Handover }>('/api/handover', draft),
  list: (before?: number) => api.get<HandoverList>('/api/handover', before === undefined ? {} : { before }),
  undo: (id: number) => api.post<{ handover: Handover }>(`/api/handover/${id}/undo`),
  deputies: () => api.get<DeputyList>('/api/handover/deputies'),
  mine: () => api.get<MyDeputies>('/api/handover/deputies/mine'),
  appoint: (draft: DeputyDraft) => api.post<{ deputy: Deputy }>('/api/handover/deputies', draft),
  end: (id: number) => api.post<{ deputy: Deputy }>(`/api/handover/deputies/${id}/end`),
};
