import type { Client, ClientDraft } from '../../server/clients/contract.ts';
import { t } from './strings.ts';

/** A client as one types it: every field is text, lists have a line to spare. */
export interface FormData {
  kind: 'company' | 'person';
  name: string;
  company: string;
  position: string;
  note: string;
  phones: readonly { raw: string; purpose: string }[];
  emails: readonly { address: string }[];
}

export const BLANK: FormData = {
  kind: 'person',
  name: '',
  company: '',
  position: '',
  note: '',
  phones: [{ raw: '', purpose: '' }],
  emails: [{ address: '' }],
};

export const fromClient = (c: Client): FormData => ({
  kind: c.kind,
  name: c.name,
  company: c.company,
  position: c.position,
  note: c.note,
  phones: c.phones.length ? c.phones.map(({ raw, purpose }) => ({ raw, purpose })) : BLANK.phones,
  emails: c.emails.length ? c.emails.map(({ address }) => ({ address })) : BLANK.emails,
});

export const toDraft = (f: FormData): ClientDraft => ({
  kind: f.kind,
  name: f.name.trim(),
  company: f.kind === 'company' ? '' : f.company.trim(),
  position: f.kind === 'company' ? '' : f.position.trim(),
  note: f.note.trim(),
  phones: f.phones.filter((p) => p.raw.trim()).map((p) => ({ raw: p.raw.trim(), purpose: p.purpose.trim() })),
  emails: f.emails.filter((e) => e.address.trim()).map((e) => ({ address: e.address.trim() })),
});

/** Words for each field that cannot be sent so, by the id of its input; the server checks again. */
export const faults = (f: FormData): Record<string, string> => {
  const found: Record<string, string> = {};
  if (!f.name.trim()) found.name = t().nameMissing;
  f.phones.forEach((p, i) => {
    if (p.raw.trim() && !/\d/.test(p.raw)) found[`phone-${i}`] = t().badPhone;
  });
  f.emails.forEach((e, i) => {
    if (e.address.trim() && !/^\S+@[^\s@]+\.[^\s@.]{2,}$/.test(e.address.trim())) found[`email-${i}`] = t().badEmail;
  });
  return found;
};

/** The server names a field as "body.phones.1.raw". */
export const faultField = (path: string): string | null => {
  const parts = path.replace(/^body\./, '').split('.');
  if (parts[0] === 'phones') return `phone-${parts[1] ?? 0}`;
  if (parts[0] === 'emails') return `email-${parts[1] ?? 0}`;
  return parts[0] ?? null;
};
