import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { COMMON_SEVERITY } from './contract.ts';
import { numberIn } from './mail-read.ts';
import type { Letter } from './mail-read.ts';
import { clientSpoke, insertComplaint } from './register.ts';
import { complaints } from './rows.ts';
import type { ComplaintRow } from './rows.ts';
import { changeInside } from './service.ts';
import type { Change } from './service.ts';
import { readSettings } from './settings.ts';
import { readTiming } from './timing.ts';

/** Where it lay. */
export interface Place {
  readonly mailbox: string;
  readonly uidValidity: string;
  readonly uid: number;
}
export type Fate = 'registered' | 'added' | 'noted' | 'ignored' | 'again';

const DAY_MS = 86_400_000;

/** Where a merged one goes on. */
const goesOn = async (db: Knex, row: ComplaintRow | undefined): Promise<ComplaintRow | null> => {
  let at = row;
  for (let hops = 0; at?.merged_into != null && hops < 20; hops += 1) at = await complaints(db).where('id', at.merged_into).first();
  return at ?? null;
};

/** The complaint that a letter belongs to: by what it answers, or by the number in its subject where its sender is known to the complaint. */
const threadOf = async (deps: Deps, letter: Letter): Promise<ComplaintRow | null> => {
  const { db } = deps;
  if (letter.answers.length > 0) {
    const entry = (await db('complaint_entries').whereIn('message_id', [...letter.answers]).orderBy('id', 'desc').first('complaint_id')) as { complaint_id: number } | undefined; // prettier-ignore
    if (entry) return goesOn(db, await complaints(db).where('id', entry.complaint_id).first());
  }
  const number = numberIn(letter.subject);
  const named = number === null ? undefined : await complaints(db).where({ number }).first();
  if (!named) return null;
  const known = named.contact_email.toLowerCase() === letter.from || (named.client_id !== null && (await deps.clientsByEmail(db, letter.from)).includes(named.client_id)); // prettier-ignore
  return known || letter.kind === 'bounce' ? goesOn(db, named) : null;
};

const said = ({ text, subject, attachments }: Letter): string => {
  const files = attachments.map(({ name, content }) => `📎 ${name} (${Math.ceil(content.length / 1024)} KB)`);
  return [text || subject, ...(files.length > 0 ? [files.join('\n')] : [])].join('\n\n');
};

/** To a complaint that is there: the client's word, or a note where a program has answered. */
const add = async (change: Change, letter: Letter): Promise<void> => {
  const entry = { channel: 'email', text: said(letter), address: letter.from, message_id: letter.messageId, user_id: null };
  await change.entry({ ...entry, kind: letter.kind === 'letter' ? 'in' : 'note' });
  if (letter.kind === 'letter') await clientSpoke(change);
};

/** Kept before the transaction that hangs them on a complaint; what is too large stays in the mailbox, and the letter's words name it. */
const keepAttachments = async ({ keepFiles }: Deps, { attachments }: Letter) => {
  const kept = [];
  for (const { name, content } of attachments) {
    const file = await keepFiles.keep(name, content);
    if (file) kept.push(file);
  }
  return kept;
};

const tooOld = (row: ComplaintRow, now: number, days: number): boolean => row.is_open === 0 && now - (row.closed_at ?? 0) > days * DAY_MS;

/**
 * Takes a letter in, once: what it becomes and the row that says so are written together. Dies the process before that, the letter is taken from the
 * mailbox again.
 */
export const takeIn = async (deps: Deps, place: Place, letter: Letter): Promise<Fate> => {
  const { db } = deps;
  const had = async () => (await db('complaint_mails').where('message_id', letter.messageId).first('id')) !== undefined;
  if (await had()) return 'again';
  const own = deps.config.mail?.from.address.toLowerCase();
  const settings = await readSettings(db);
  const timing = await readTiming(deps);
  const thread = await threadOf(deps, letter);
  const open = thread !== null && !tooOld(thread, deps.now(), settings.reopenDays) ? thread : null;
  const senders = await deps.clientsByEmail(db, letter.from);
  const category = timing.categories.find(({ kind, code, retired }) => kind === 'category' && code === 'other' && !retired) ?? timing.categories.find(({ kind, retired }) => kind === 'category' && !retired); // prettier-ignore
  const loop = letter.from === own;
  const why = loop ? 'loop' : letter.kind === 'letter' ? '' : letter.kind;
  const ignored = loop || (letter.kind !== 'letter' && !open);
  const files = ignored ? [] : await keepAttachments(deps, letter);

  const row = (fate: Fate, complaintId: number | null) => ({ mailbox: place.mailbox, uid_validity: place.uidValidity, uid: place.uid, message_id: letter.messageId, from_address: letter.from, subject: letter.subject, fate, why, complaint_id: complaintId, at: deps.now() }); // prettier-ignore
  const write = () =>
    inTransaction(db, async (trx): Promise<{ fate: Fate; tell: () => void }> => {
      const keep = (fate: Fate, id: number | null) => trx('complaint_mails').insert(row(fate, id));
      const hang = async (id: number) => {
        for (const file of files) await deps.keepFiles.hang(trx, { kind: 'complaint', ref: String(id) }, file);
      };
      if (ignored) {
        await keep('ignored', null);
        return { fate: 'ignored', tell: () => {} };
      }
      if (open) {
        const fate = letter.kind === 'letter' ? 'added' : 'noted';
        const tell = await changeInside(
          deps,
          trx,
          { id: open.id, actorId: null, seen: null, what: `complaint.mail.${fate}` },
          timing,
          (change) => add(change, letter),
        );
        await hang(open.id);
        await keep(fate, open.id);
        return { fate, tell };
      }
      const matter = { client_id: senders.length === 1 ? senders[0]! : null, contact_name: letter.fromName, contact_phone: '', contact_email: letter.from, category_id: category!.id, severity: COMMON_SEVERITY, product: '', channel: 'email' as const, queue: null, subject: letter.subject.slice(0, 200) || letter.text.slice(0, 80) || letter.from, wish: '', department_id: settings.departmentId, registered_by: null, owner_id: null, once_key: null }; // prettier-ignore
      const words = { text: said(letter), html: null, address: letter.from, message_id: letter.messageId };
      const made = await insertComplaint(deps, trx, { matter, said: words, call: null }, timing, settings.repeatDays);
      await hang(made.id);
      await keep('registered', made.id);
      return { fate: 'registered', tell: made.tell };
    });
  try {
    const { fate, tell } = await write();
    tell();
    return fate;
  } catch (err) {
    if (isDuplicate(err) && (await had())) return 'again'; // another worker has taken it at the same time
    throw err;
  }
};
