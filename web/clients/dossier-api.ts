import type { Dossier, DossierDraft } from '../../server/dossier/contract.ts';
import { api } from '../core/api.ts';

const of = (id: number) => `/api/clients/${id}/dossier`;

export const dossierApi = {
  read: (id: number) => api.get<Dossier>(of(id)),
  add: (id: number, draft: DossierDraft) => api.post<{ id: number }>(of(id), draft),
  edit: (id: number, entry: number, edit: { answer?: string; archived?: boolean }) => api.patch(`${of(id)}/${entry}`, edit),
};
