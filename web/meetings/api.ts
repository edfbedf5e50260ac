import type { AskedList, Directory, FreeList, InvitedList, MeetingReply, SlotList } from '../../server/meetings/contract.ts';
import { api } from '../core/api.ts';

export const meetingsApi = {
  between: (from: number, to: number, users: readonly number[], resources: readonly number[] = []) =>
    api.get<SlotList>('/api/meetings', { from, to, users: users.join(), resources: resources.join() }),
  /** From now, or from then, on. */
  free: (ask: { from: number; minutes: number; users: readonly number[]; resources: readonly number[]; except: number | null }) =>
    api.get<FreeList>('/api/meetings/free', { from: ask.from, minutes: ask.minutes, users: ask.users.join(), resources: ask.resources.join(), ...(ask.except !== null && { except: ask.except }) }), // prettier-ignore
  addRoom: (draft: object) => api.post<{ resource: object }>('/api/meetings/resources', draft),
  editRoom: (id: number, edit: object) => api.patch<{ resource: object }>(`/api/meetings/resources/${id}`, edit),
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
