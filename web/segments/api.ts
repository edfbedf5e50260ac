import type { BulkAsk, BulkReply, ExportAsk, FilterGroup, RowsAsk, RowsPage, SegmentDraft, SegmentEdit, SegmentFields, SegmentList, SegmentReply } from '../../server/segments/contract.ts'; // prettier-ignore
import { api } from '../core/api.ts';
import { locale } from '../core/i18n.ts';

export const segmentsApi = {
  list: () => api.get<SegmentList>('/api/segments'),
  fields: () => api.get<SegmentFields>('/api/segments/fields'),
  rows: (ask: RowsAsk) => api.post<RowsPage>('/api/segments/rows', { ...ask, language: locale.get() }),
  count: (filter: FilterGroup) => api.post<{ count: number }>('/api/segments/count', { filter }),
  create: (draft: SegmentDraft) => api.post<SegmentReply>('/api/segments', draft),
  edit: (id: number, edit: SegmentEdit) => api.patch<SegmentReply>(`/api/segments/${id}`, edit),
  remove: (id: number) => api.delete(`/api/segments/${id}`),
  choose: (id: number | null) => api.put('/api/segments/default', { id }),
  bulk: (ask: BulkAsk) => api.post<BulkReply>('/api/segments/bulk', ask),
  undo: (batch: string) => api.post<{ restored: number; kept: number }>(`/api/segments/batches/${batch}/undo`),
  file: (ask: ExportAsk) => api.file('/api/segments/export', { ...ask, language: locale.get() }),
};
