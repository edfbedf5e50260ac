import type { Session } from 'sip.js';
import type { PhoneCall } from '../phone.ts';

/** What names a SIP dialog to the server (RFC 3261 section 12): with it a new call may take the place of the old one. */
export interface DialogIds {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

/** @returns null before the dialog is confirmed. */
export function dialogOf(session: Session): DialogIds | null {
  const { dialog } = session;
  return dialog ? { callId: dialog.callId, localTag: dialog.localTag, remoteTag: dialog.remoteTag } : null;
}

/** The headers of an INVITE that takes the place of a dialog (RFC 3891); a server that cannot do it says so instead of ringing somebody. */
export const replacing = ({ callId, localTag, remoteTag }: DialogIds): string[] => [
  `Replaces: ${callId};to-tag=${remoteTag};from-tag=${localTag}`,
  'Require: replaces',
];

/** A call that is talked, as the page keeps it for the time after its reload. */
export interface KeptCall {
  readonly dialog: DialogIds;
  readonly view: Pick<
    PhoneCall,
    'id' | 'direction' | 'number' | 'name' | 'alloCall' | 'startedAt' | 'answeredAt' | 'muted' | 'held' | 'conference'
  >;
}

/** What was kept longer ago is no call any more; of younger ones the server knows. */
const KEEP_MS = 4 * 3600_000;

const isKept = (value: unknown): value is KeptCall => {
  const { dialog, view } = (value ?? {}) as Partial<KeptCall>;
  const names = [dialog?.callId, dialog?.localTag, dialog?.remoteTag];
  const texts = [view?.id, view?.number, view?.name];
  return (
    names.every((name) => typeof name === 'string' && /^[^\s;,<>"]+$/.test(name)) && // they become part of a header
    texts.every((text) => typeof text === 'string') &&
    typeof view?.startedAt === 'number'
  );
};

/** Calls in the session storage of the tab: they outlive a reload, and end with the tab. No secret is in them. */
export class CallStore {
  private readonly key: string;

  /** @param owner the address of record, so that another account's calls are not taken for ours */
  constructor(owner: string) {
    this.key = `allo-softphone ${owner}`;
  }

  save(calls: readonly KeptCall[]): void {
    if (calls.length > 0) sessionStorage.setItem(this.key, JSON.stringify({ at: Date.now(), calls }));
    else sessionStorage.removeItem(this.key);
  }

  load(): KeptCall[] {
    const text = sessionStorage.getItem(this.key);
    if (!text) return [];
    try {
      const { at, calls } = JSON.parse(text) as { at?: unknown; calls?: unknown };
      if (typeof at !== 'number' || Date.now() - at > KEEP_MS || !Array.isArray(calls)) return [];
      return calls.filter(isKept);
    } catch (error) {
      if (error instanceof SyntaxError) return []; // somebody else's text
      throw error;
    }
  }
}
