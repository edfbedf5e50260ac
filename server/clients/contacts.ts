import type { Knex } from 'knex';
import type { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { parsePhone } from '../core/phone.ts';
import { wordsOf } from '../core/words.ts';
import type { EmailDraft, PhoneDraft } from './contract.ts';
import { saveNear } from './near.ts';
import { cleanLine, emailKey, reversed } from './normalise.ts';

/** The rows that hang on a client: phones, e-mails, and the words it is found by. */

export interface PhoneRow {
  client_id: number;
  ordinal: number;
  raw: string;
  purpose: string;
  best_time: string;
  bad_since: number | null;
  e164: string | null;
  extension: string | null;
  digits: string;
  reversed: string;
}
export interface EmailRow {
  client_id: number;
  ordinal: number;
  address: string;
  address_key: string;
  domain: string;
}

/** @throws AppError invalid when there is no digit in it */
export const phoneRow = (clientId: number, ordinal: number, draft: z.output<typeof PhoneDraft>, country: string): PhoneRow => {
  const raw = cleanLine(draft.raw);
  const { e164, extension, digits: all } = parsePhone(raw, country);
  const digits = all.slice(0, 60);
  if (digits === '')
    throw new AppError('invalid', 'a phone without digits', { issues: [{ path: `body.phones.${ordinal}.raw`, code: 'no_digits' }] });
  return {
    client_id: clientId,
    ordinal,
    raw,
    purpose: cleanLine(draft.purpose),
    best_time: cleanLine(draft.bestTime),
    bad_since: draft.badSince,
    e164,
    extension: extension?.slice(0, 20) ?? null,
    digits,
    reversed: reversed(digits),
  };
};

/** By which clients of one firm are found. */
const domainOf = (address: string): string => emailKey(address).slice(emailKey(address).lastIndexOf('@') + 1);

export const emailRow = (clientId: number, ordinal: number, draft: z.output<typeof EmailDraft>): EmailRow => ({
  client_id: clientId,
  ordinal,
  address: draft.address,
  address_key: emailKey(draft.address),
  domain: domainOf(draft.address),
});

/** `more`: what searchable fields hold. */
export interface Named {
  name: string;
  company: string;
  more?: readonly string[];
}

export const wordRows = (clientId: number, { name, company, more = [] }: Named) =>
  wordsOf(name, company, ...more).map((word) => ({ word, client_id: clientId }));

/** Makes `table` hold exactly these rows of the client; a row that is as it was keeps its id. */
const replace = async <R extends { ordinal: number }>(
  db: Knex,
  table: 'phones' | 'emails',
  clientId: number,
  written: 'raw' | 'address',
  rows: R[],
) => {
  const had = (await db(table).where({ client_id: clientId }).orderBy('ordinal')) as (R & { id: number })[];
  const kept = new Set<number>();
  for (const row of rows) {
    const same = had.find((old) => !kept.has(old.id) && old[written as keyof R] === row[written as keyof R]);
    if (same) {
      kept.add(same.id);
      await db(table).where({ id: same.id }).update(row);
    } else await db(table).insert(row);
  }
  const gone = had.filter((old) => !kept.has(old.id)).map((old) => old.id);
  // What a row held stands in the audit entry of the edit.
  if (gone.length > 0) await db(table).whereIn('id', gone).delete();
};

export const savePhones = (db: Knex, clientId: number, rows: PhoneRow[]) => replace(db, 'phones', clientId, 'raw', rows);
export const saveEmails = (db: Knex, clientId: number, rows: EmailRow[]) => replace(db, 'emails', clientId, 'address', rows);

export const saveWords = async (db: Knex, clientId: number, named: Named | null): Promise<void> => {
  await db('search_words').where({ client_id: clientId }).delete();
  const rows = named ? wordRows(clientId, named) : [];
  if (rows.length === 0) return;
  await db('search_words').insert(rows);
  await saveNear(db, rows.map((row) => row.word)); // prettier-ignore
};
