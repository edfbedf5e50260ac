import type { CallPage, CallReply, DialReply, LiveCall, Outcome } from '../../server/calls/contract.ts';
import { api } from '../core/api.ts';

const of = (ref: string) => `/api/calls/${encodeURIComponent(ref)}`;

export const callsApi = {
  mine: (after?: string) => api.get<CallPage>('/api/calls/mine', { after }),
  live: () => api.get<{ items: LiveCall[] }>('/api/calls/live'),
  outcomes: () => api.get<{ items: Outcome[] }>('/api/calls/outcomes'),
  read: (ref: string) => api.get<CallReply>(of(ref)),
  file: (ref: string, outcome: string, note: string) => api.put(`${of(ref)}/outcome`, { outcome, note }),
  attach: (ref: string, clientId: number) => api.post(`${of(ref)}/attach`, { clientId }),
  dial: (number: string, clientId?: number) =>
    api.post<DialReply>('/api/calls/dial', { number, ...(clientId !== undefined && { clientId }) }),
  hangUp: (ref: string) => api.post(`${of(ref)}/hangup`),
  answer: (ref: string) => api.post(`${of(ref)}/answer`),
};
