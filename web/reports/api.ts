import type { QueueList } from '../../server/queues/contract.ts';
import type { ExportDraft, ScheduleDraft, Staffing } from '../../server/reports/contract.ts';
import type { UserPage } from '../../server/users/contract.ts';
import { api } from '../core/api.ts';
import { locale } from '../core/i18n.ts';
import type { Report } from './columns.ts';
import type { ReportState } from './state.ts';

/** As the server's contract has it: lists are names that come again. */
const asked = (s: ReportState, [from, until]: readonly [number, number]): URLSearchParams => {
  const by = s.report === 'outcomes' || s.report === 'breaks' ? 'outcome' : s.by;
  const q = new URLSearchParams({ by, from: String(from), until: String(until), short: String(s.short) });
  if (s.target !== null) q.set('target', String(s.target));
  for (const queue of s.queues) q.append('queue', queue);
  for (const user of s.users) q.append('user', String(user));
  return q;
};

export const reportsApi = {
  read: (s: ReportState, bounds: readonly [number, number]) => api.get<Report>(`/api/reports/${s.report}?${asked(s, bounds)}`),
  /** What a file of it holds; the period stands beside it. */
  draft: (s: ReportState, format: 'csv' | 'xlsx', words: ExportDraft['words']): ScheduleDraft['draft'] => {
    const by = s.report === 'outcomes' || s.report === 'breaks' ? 'outcome' : s.by;
    const rule = {
      ...(s.target !== null && { target: s.target }),
      short: s.short,
      ...(s.queues.length && { queue: s.queues }),
      ...(s.users.length && { user: s.users }),
    };
    const report = s.report as ExportDraft['report'];
    return { report, format, language: locale.get(), query: { by, ...rule } as ScheduleDraft['draft']['query'], words };
  },
  save: (draft: ScheduleDraft['draft'], [from, until]: readonly [number, number]) =>
    api.file('/api/reports/export', { ...draft, query: { ...draft.query, from, until } }),
  staffing: (queue: string, { weeks, level, target, shrinkage }: ReportState) =>
    api.get<Staffing>('/api/reports/staffing', {
      queue,
      weeks,
      ...(target !== null && { target }),
      ...(level !== null && { level: level / 100 }),
      shrinkage: shrinkage / 100,
    }),
  queues: async () => (await api.get<QueueList>('/api/queues')).items,
  async users() {
    const users: UserPage['items'] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: UserPage = await api.get<UserPage>('/api/users', { after, limit: 200 });
      users.push(...page.items);
      after = page.next;
    }
    return users;
  },
};
