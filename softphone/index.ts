/** The one door of the softphone: registers <allo-softphone>. */
import type { Phone, PhoneAccount } from './phone.ts';
import type { SipPhoneOptions } from './sip/sip-phone.ts';

export { AlloSoftphone } from './ui/allo-softphone.ts';
export type { Refusal } from './ui/permissions.ts';
export type { PhoneCallEvent, PhoneStateEvent, PhoneTransferEvent } from './ui/events.ts';
export type { DirectoryEntry } from './ui/transfer-view.ts';
export type { SipPhoneOptions } from './sip/sip-phone.ts';
export { PhoneError } from './phone.ts';
export type { Phone, PhoneAccount, PhoneCall, PhoneEnd, PhoneProblem, PhoneState, PhoneStats, Registration } from './phone.ts';

/** SIP.js comes in a bundle of its own, fetched when the first phone is made. @throws Error when the account is not valid. */
export async function createSipPhone(account: PhoneAccount, options: SipPhoneOptions = {}): Promise<Phone> {
  return (await import('./sip/sip-phone.ts')).createSipPhone(account, options);
}
