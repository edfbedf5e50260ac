import type { AskedList, Directory, InvitedList, MeetingReply, SlotList } from '../../server/meetings/contract.ts';
import { api } from '../core/api.ts';

export const meetingsApi = {
  between: (from: number, to: number, users: readonly number[]) => api.get<SlotList>('/api/meetings', { from, to, users: users.join() }),
  directory: () => api.get<Directory>('/api/meetings/directory'),
  invited: () => api.get<InvitedList>('/api/meetings/invited'),
  asked: () => api.get<AskedList>('/api/meetings/asked'),
  one: (id: number) => api.get<MeetingReply>(`/api/meetings/${id}`),
  create: (draft: object) => api.post<MeetingReply>('/api/meetings', draft),
  edit: (id: number, edit: object) => api.patch<MeetingReply>(`/api/meetings/${id}`, edit),
  cancel: (id: number, which: object) => api.post<MeetingReply>(`/api/meetings/${id}/cancel`, which),
  restore: (id: number, which: object) => api.post<MeetingReply>(`/api/meetings/${id}/restore`, which),
  answer: (id: number, answer: string) => api.post<MeetingReply>(`/api/meetings/${id}/answer`, { answer }),
  result: (id: number, occurrence: string | null, text: string) =>
    api.put<MeetingReply>(`/api/meetings/${id}/result`, { occurrence, text }),
};
