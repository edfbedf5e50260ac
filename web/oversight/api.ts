import type { AlertList, DayReply, RecordList, RulesReply, SightRule } from '../../server/oversight/contract.ts';
import { api } from '../core/api.ts';

export const oversightApi = {
  alerts: (before?: string) => api.get<AlertList>('/api/oversight/alerts', before === undefined ? {} : { before }),
  seen: (id: number) => api.post(`/api/oversight/alerts/${id}/seen`),
  day: (day?: string) => api.get<DayReply>('/api/oversight/day', day === undefined ? {} : { day }),
  records: (before?: string) => api.get<RecordList>('/api/oversight/records', before === undefined ? {} : { before }),
  rules: () => api.get<RulesReply>('/api/oversight/rules'),
  saveRules: (items: readonly SightRule[]) => api.put<RulesReply>('/api/oversight/rules', { items }),
};
