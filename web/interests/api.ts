import type { InterestList, TopicDraft, TopicEdit, TopicList, TopicReply } from '../../server/interests/contract.ts';
import { api } from '../core/api.ts';

const topic = (id: number) => `/api/interests/topics/${id}`;
const interest = (clientId: number, topicId: number) => `/api/interests/${clientId}/${topicId}`;

/** `call`: the conversation in which it was said; null: it was not in a call. */
export const interestsApi = {
  of: (client: number) => api.get<InterestList>('/api/interests', { client }),
  set: (clientId: number, topicId: number, strength: number, call: string | null) =>
    api.put(interest(clientId, topicId), { strength, ...(call !== null && { call }) }),
  takeBack: (clientId: number, topicId: number, call: string | null) =>
    api.delete(interest(clientId, topicId) + (call === null ? '' : `?${new URLSearchParams({ call })}`)),
  topics: () => api.get<TopicList>('/api/interests/topics'),
  create: (draft: TopicDraft) => api.post<TopicReply>('/api/interests/topics', draft),
  edit: (id: number, edit: TopicEdit) => api.patch<TopicReply>(topic(id), edit),
  move: (id: number, by: -1 | 1) => api.post(`${topic(id)}/move`, { by }),
  remove: (id: number) => api.delete(topic(id)),
};
