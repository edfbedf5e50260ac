import type { Client, ClientDraft } from '../../server/clients/contract.ts';
import type { FieldDef } from '../../server/fields/contract.ts';
import { t } from './strings.ts';
import { fromForm, mayWrite, toForm } from './typed.ts';
import type { FormValue } from './typed.ts';

export interface PhoneForm {
  raw: string;
  purpose: string;
  bestTime: string;
  /** Epoch ms, while it leads to nobody. */
  badSince: number | null;
}

/** A client as one types it: every field is text, lists have a line to spare. */
export interface FormData {
  kind: 'company' | 'person';
  name: string;
  company: string;
  position: string;
  note: string;
  roles: Client['roles'];
  phones: readonly PhoneForm[];
  emails: readonly { address: string }[];
  /** Of the typed fields, those that were touched; by key. */
  custom: Readonly<Record<string, FormValue>>;
}

export const BLANK_PHONE: PhoneForm = { raw: '', purpose: '', bestTime: '', badSince: null };
export const BLANK: FormData = {
  kind: 'person',
  name: '',
  company: '',
  position: '',
  note: '',
  roles: ['client'],
  phones: [BLANK_PHONE],
  emails: [{ address: '' }],
  custom: {},
};

export const fromClient = (c: Client, defs: readonly FieldDef[]): FormData => ({
  kind: c.kind,
  name: c.name,
  company: c.company,
  position: c.position,
  note: c.note,
  roles: c.roles,
  phones: c.phones.length ? c.phones.map(({ raw, purpose, bestTime, badSince }) => ({ raw, purpose, bestTime, badSince })) : BLANK.phones,
  emails: c.emails.length ? c.emails.map(({ address }) => ({ address })) : BLANK.emails,
  custom: Object.fromEntries(defs.filter((def) => c.custom[def.key] !== undefined).map((def) => [def.key, toForm(def, c.custom[def.key])])),
});

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** `before`: as the form was when it was opened; what was not touched since is not sent. */
export const toDraft = (f: FormData, defs: readonly FieldDef[], before: FormData = BLANK): ClientDraft => ({
  kind: f.kind,
  name: f.name.trim(),
  company: f.kind === 'company' ? '' : f.company.trim(),
  position: f.kind === 'company' ? '' : f.position.trim(),
  note: f.note.trim(),
  roles: f.roles,
  phones: f.phones.filter((p) => p.raw.trim()).map((p) => ({ ...p, raw: p.raw.trim(), purpose: p.purpose.trim(), bestTime: p.bestTime.trim() })), // prettier-ignore
  emails: f.emails.filter((e) => e.address.trim()).map((e) => ({ address: e.address.trim() })),
  custom: Object.fromEntries(
    defs
      .filter((def) => mayWrite(def) && f.custom[def.key] !== undefined && !same(f.custom[def.key], before.custom[def.key]))
      .map((def) => [def.key, fromForm(def, f.custom[def.key]!)]),
  ),
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

/** The server names a field as "body.phones.1.raw", a typed one as "body.custom.inn". */
export const faultField = (path: string): string | null => {
  const parts = path.replace(/^body\./, '').split('.');
  if (parts[0] === 'phones') return `phone-${parts[1] ?? 0}`;
  if (parts[0] === 'emails') return `email-${parts[1] ?? 0}`;
  if (parts[0] === 'custom') return `custom.${parts[1] ?? ''}`;
  return parts[0] ?? null;
};
