import type {
  MoveDraft,
  MoveReply,
  MovesAsked,
  ParsedLine,
  SeriesEdit,
  TaskCard,
  TaskDraft,
  TaskEdit,
  TaskPage,
  TaskReply,
  TaskReport,
  TaskReportExport,
  TaskReportQuery,
} from '../../server/tasks/contract.ts';
import { api } from '../core/api.ts';

export type Ask = Readonly<Record<string, string | number | undefined>>;

export const tasksApi = {
  /** Mine that are open and due before `to`. */
  mine: (to: number) => api.get<TaskPage>('/api/tasks', { to, limit: 100 }),
  ofClient: (clientId: number) => api.get<TaskPage>('/api/tasks', { scope: 'client', clientId, limit: 20 }),
  list: (ask: Ask) => api.get<TaskPage>('/api/tasks', ask),
  card: (id: number) => api.get<TaskCard>(`/api/tasks/${id}`),
  parse: (text: string) => api.post<ParsedLine>('/api/tasks/parse', { text }),
  create: (draft: TaskDraft) => api.post<TaskReply>('/api/tasks', draft),
  edit: (id: number, edit: TaskEdit) => api.patch<TaskReply>(`/api/tasks/${id}`, edit),
  done: (id: number, note: string, cancelled = false) => api.post<TaskReply>(`/api/tasks/${id}/done`, { note, cancelled }),
  undone: (id: number) => api.post<TaskReply>(`/api/tasks/${id}/undone`),
  accept: (id: number) => api.post<TaskReply>(`/api/tasks/${id}/accept`),
  giveBack: (id: number, note: string) => api.post<TaskReply>(`/api/tasks/${id}/return`, { note }),
  move: (id: number, draft: MoveDraft) => api.post<MoveReply>(`/api/tasks/${id}/move`, draft),
  moves: () => api.get<MovesAsked>('/api/tasks/moves'),
  decide: (move: number, granted: boolean, note: string) => api.post<TaskReply>(`/api/tasks/moves/${move}`, { granted, note }),
  watch: (id: number, userIds: number[]) => api.put<TaskCard>(`/api/tasks/${id}/watchers`, { userIds }),
  addItem: (id: number, text: string) => api.post<TaskCard>(`/api/tasks/${id}/items`, { text }),
  tick: (id: number, item: number, done: boolean) => api.patch<TaskCard>(`/api/tasks/${id}/items/${item}`, { done }),
  dropItem: (id: number, item: number) => api.delete(`/api/tasks/${id}/items/${item}`),
  comment: (id: number, text: string, mentions: number[]) => api.post<TaskCard>(`/api/tasks/${id}/comments`, { text, mentions }),
  repeat: (id: number, rule: string) => api.post<TaskCard>(`/api/tasks/${id}/series`, { rule }),
  editSeries: (id: number, edit: SeriesEdit) => api.patch<TaskCard>(`/api/tasks/${id}/series`, edit),
  skip: (id: number, note: string) => api.post<TaskCard>(`/api/tasks/${id}/series/skip`, { note }),
  endSeries: (id: number) => api.post<TaskCard>(`/api/tasks/${id}/series/end`),
  report: (query: TaskReportQuery) => api.get<TaskReport>('/api/tasks/report', query),
  save: (draft: TaskReportExport) => api.file('/api/tasks/report/export', draft),
};
