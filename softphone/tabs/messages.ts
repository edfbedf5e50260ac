import type { PhoneErrorCode, PhoneState } from '../phone.ts';
import type { KeptCall } from '../sip/dialog.ts';

/** What the tabs of one browser tell each other about the phone that they share. */
export type TabMessage =
  /** A tab has come, and wants to know how things are. */
  | { readonly kind: 'hello' }
  /** `kept`: with it another tab can take the calls up when this one is closed. */
  | { readonly kind: 'state'; readonly state: PhoneState; readonly kept: readonly KeptCall[] }
  | { readonly kind: 'ask'; readonly id: string; readonly what: Ask; readonly args: readonly unknown[] }
  | { readonly kind: 'answer'; readonly id: string; readonly value: unknown; readonly error: PhoneErrorCode | 'failed' | null };

export const ASKS = ['call', 'answer', 'hangup', 'mute', 'hold', 'dtmf', 'transfer', 'join', 'merge', 'stats'] as const;
export type Ask = (typeof ASKS)[number];
