import type { CallBackEnd, CallBackState } from './contract.ts';

export interface CallBackRow {
  id: number;
  pbx: string;
  linkedid: string;
  queue: string;
  number: string;
  open_number: string | null;
  name: string;
  entered_at: number;
  asked_at: number;
  state: CallBackState;
  closed_how: string | null;
  closed_by: number | null;
  closed_ref: string | null;
  closed_at: number | null;
  tries: number;
  attempts: number;
  next_at: number;
  created_at: number;
  version: number;
}

export interface AttemptRow {
  id: number;
  callback_id: number;
  n: number;
  pbx: string;
  channel_id: string;
  state: 'open' | 'settled' | 'refused';
  placed_at: number;
  answered_at: number | null;
  ended_at: number | null;
  result: string | null;
  cause: number | null;
  /** Ours; not called again before this. Null: never, or it goes on. */
  next_at: number | null;
}

/** Still to be called, or being called. */
export const OPEN: readonly CallBackState[] = ['waiting', 'dialling', 'answered'];

export interface Closing {
  state: 'reached' | 'failed' | 'cancelled';
  how: CallBackEnd;
  at: number;
  by?: number;
  ref?: string;
}

export const closing = ({ state, how, at, by, ref }: Closing): Partial<CallBackRow> => ({
  state,
  closed_how: how,
  closed_at: at,
  closed_by: by ?? null,
  closed_ref: ref ?? null,
  open_number: null,
});
