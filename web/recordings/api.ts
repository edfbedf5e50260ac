import type { Waveform } from '../../server/recordings/contract.ts';
import { api } from '../core/api.ts';

export const recordingsApi = {
  waveform: (id: number) => api.get<Waveform>(`/api/recordings/${id}/waveform`),
};

export const soundOf = (id: number): string => `/api/recordings/${id}/audio`;
export const downloadOf = (id: number): string => `/api/recordings/${id}/download`;
