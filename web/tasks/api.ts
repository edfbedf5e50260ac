import type { ParsedLine, TaskDraft, TaskPage, TaskReply } from '../../server/tasks/contract.ts';
import { api } from '../core/api.ts';

export const tasksApi = {
  /** Mine that are open and due before `to`. */
  mine: (to: number) => api.get<TaskPage>('/api/tasks', { to, limit: 100 }),
  ofClient: (clientId: number) => api.get<TaskPage>('/api/tasks', { scope: 'client', clientId, limit: 20 }),
  parse: (text: string) => api.post<ParsedLine>('/api/tasks/parse', { text }),
  create: (draft: TaskDraft) => api.post<TaskReply>('/api/tasks', draft),
  done: (id: number, note = '') => api.post<TaskReply>(`/api/tasks/${id}/done`, { note }),
  undone: (id: number) => api.post<TaskReply>(`/api/tasks/${id}/undone`),
};
