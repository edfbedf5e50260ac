import type {
  CallPage,
  CallReply,
  DialReply,
  LiveList,
  MissingPage,
  ParkReply,
  SpyDraft,
  TransferDraft,
  WaitingList,
} from '../../server/calls/contract.ts';
import type { AgentState } from '../../server/agents/contract.ts';
import type { OutcomeList } from '../../server/outcomes/contract.ts';
import type { Colleague } from '../../server/users/contract.ts';
import { api } from '../core/api.ts';

const of = (ref: string) => `/api/calls/${encodeURIComponent(ref)}`;

/** The call-back that was promised. */
export interface NextStep {
  dueAt: number;
  text: string;
}

export const callsApi = {
  mine: (after?: string) => api.get<CallPage>('/api/calls/mine', { after }),
  live: () => api.get<LiveList>('/api/calls/live'),
  waiting: () => api.get<WaitingList>('/api/calls/waiting'),
  missing: (after?: string) => api.get<MissingPage>('/api/calls/missing', { after }),
  ready: () => api.post('/api/calls/wrap-up/ready'),
  moreTime: () => api.post('/api/calls/wrap-up/extend'),
  outcomes: () => api.get<OutcomeList>('/api/outcomes'),
  read: (ref: string) => api.get<CallReply>(of(ref)),
  file: (ref: string, outcome: string, note: string, next?: NextStep) => api.put(`${of(ref)}/outcome`, { outcome, note, next }),
  attach: (ref: string, clientId: number) => api.post(`${of(ref)}/attach`, { clientId }),
  dial: (number: string, clientId?: number) =>
    api.post<DialReply>('/api/calls/dial', { number, ...(clientId !== undefined && { clientId }) }),
  hangUp: (ref: string) => api.post(`${of(ref)}/hangup`),
  answer: (ref: string) => api.post(`${of(ref)}/answer`),
  hold: (ref: string) => api.post(`${of(ref)}/hold`),
  resume: (ref: string) => api.post(`${of(ref)}/resume`),
  transfer: (ref: string, to: TransferDraft) => api.post(`${of(ref)}/transfer`, to),
  attended: (ref: string, to: TransferDraft) => api.post(`${of(ref)}/attended`, to),
  cancelAttended: (ref: string) => api.post(`${of(ref)}/attended/cancel`),
  pickUp: (ref: string) => api.post(`${of(ref)}/pickup`),
  park: (ref: string) => api.post<ParkReply>(`${of(ref)}/park`),
  keys: (ref: string, digits: string) => api.post(`${of(ref)}/dtmf`, { digits }),
  record: (ref: string) => api.post(`${of(ref)}/record`),
  recordPause: (ref: string, paused: boolean) => api.post(`${of(ref)}/record/pause`, { paused }),
  recordStop: (ref: string) => api.post(`${of(ref)}/record/stop`),
  spy: (ref: string, mode: SpyDraft['mode']) => api.post<{ heard: string }>(`${of(ref)}/spy`, { mode }),
  colleagues: () => api.get<{ items: Colleague[] }>('/api/users/colleagues'),
  states: () => api.get<{ items: AgentState[] }>('/api/agents/states'),
};
