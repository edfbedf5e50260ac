import type { Catalogue } from '../../server/clients/contract.ts';
import type { DryRun, ImportEdit, ImportList, ImportReply, ImportUndone } from '../../server/imports/contract.ts';
import { api } from '../core/api.ts';
import { sendFile } from '../ui/upload.ts';

/** Of a file's name the end, which tells its kind: the server takes so much. */
const MOST_NAME = 200;

export const importsApi = {
  list: () => api.get<ImportList>('/api/imports'),
  read: (id: number) => api.get<ImportReply>(`/api/imports/${id}`),
  /** What columns may become. */
  fields: async () => (await api.get<Catalogue>('/api/clients/catalogue')).items,
  upload: (file: File, onProgress: (percent: number) => void) =>
    sendFile<ImportReply>(`/api/imports?${new URLSearchParams({ name: file.name.slice(-MOST_NAME) })}`, file, onProgress),
  edit: (id: number, edit: ImportEdit) => api.patch<ImportReply>(`/api/imports/${id}`, edit),
  check: (id: number) => api.post<DryRun>(`/api/imports/${id}/check`),
  start: (id: number) => api.post<ImportReply>(`/api/imports/${id}/start`),
  stop: (id: number) => api.post<ImportReply>(`/api/imports/${id}/stop`),
  undo: (id: number) => api.post<ImportUndone>(`/api/imports/${id}/undo`),
};
