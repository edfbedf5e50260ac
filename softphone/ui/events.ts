import type { PhoneCall, Registration } from '../phone.ts';

export type PhoneStateEvent = CustomEvent<{ registration: Registration; since: number }>;
export type PhoneCallEvent = CustomEvent<{ call: PhoneCall }>;

export type PhoneTransferEvent = CustomEvent<{ open: boolean }>;

/** What the element tells the page. */
export interface SoftphoneEvents {
  'phone-state': PhoneStateEvent;
  'phone-call': PhoneCallEvent;
  'phone-transfer': PhoneTransferEvent;
}

declare global {
  interface GlobalEventHandlersEventMap {
    'phone-state': PhoneStateEvent;
    'phone-call': PhoneCallEvent;
    'phone-transfer': PhoneTransferEvent;
  }
}
