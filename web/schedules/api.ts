import type { Absence, MonthReply, Proposal, Schedule } from '../../server/schedules/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { t } from './strings.ts';

export const schedulesApi = {
  mine: () => api.get<{ schedule: Schedule }>('/api/schedules/mine'),
  one: (id: number) => api.get<{ schedule: Schedule }>(`/api/schedules/${id}`),
  put: (id: number, draft: object) => api.put<{ schedule: Schedule }>(`/api/schedules/${id}`, draft),
  month: (month: string, departmentId: number) => api.get<MonthReply>('/api/schedules/month', { month, ...(departmentId > 0 && { departmentId }) }),
  proposal: (userId: number, from: string, to: string) => api.get<Proposal>('/api/schedules/proposal', { userId, from, to }),
  absent: (draft: object) => api.post<{ absence: Absence }>('/api/schedules/absences', draft),
  end: (id: number) => api.post<object>(`/api/schedules/absences/${id}/end`),
}; // prettier-ignore

export const faultText = (err: unknown): string => {
  if (!(err instanceof ApiError)) return errorText(err);
  const code = (err.data.issues as { code: string }[] | undefined)?.[0]?.code ?? (err.data.reason as string | undefined) ?? '';
  return t().faults[code] ?? errorText(err);
};
