import { ImapFlow } from 'imapflow';
import type { Deps } from '../deps.ts';
import { takeIn } from './mail-in.ts';
import type { Fate } from './mail-in.ts';
import { readLetter } from './mail-read.ts';

/** Beyond it a letter is not fetched; what its envelope says is registered, so that nobody is left without an answer. */
const MOST_BYTES = 40 * 1024 * 1024;
/** Letters asked for at once. */
const BATCH = 50;

const envelopeOnly = (subject: string, from: string, messageId: string): Buffer =>
  Buffer.from(`From: ${from.replace(/[\r\n]/g, '')}\r\nSubject: ${subject.replace(/[\r\n]/g, ' ')}\r\n${messageId ? `Message-ID: ${messageId}\r\n` : ''}\r\n`); // prettier-ignore

/** The last letter of this mailbox that was taken in, as its server counts them. */
const lastUid = async (deps: Deps, mailbox: string, uidValidity: string): Promise<number> =>
  Number(((await deps.db('complaint_mails').where({ mailbox, uid_validity: uidValidity }).max({ last: 'uid' })) as [{ last: number | null }])[0].last ?? 0); // prettier-ignore

/**
 * Takes in what came since the last time; the mailbox is left as it is. A mailbox that counts anew (another UIDVALIDITY) is read from its beginning:
 * what is known by its Message-ID stays one.
 * @returns how many came to what
 */
export const emptyMailbox = async (deps: Deps): Promise<Record<Fate, number>> => {
  const counts: Record<Fate, number> = { registered: 0, added: 0, noted: 0, ignored: 0, again: 0 };
  const box = deps.config.complaintMailbox;
  if (!box) return counts;
  const imap = new ImapFlow({ host: box.host, port: box.port, secure: box.secure, auth: box.auth, logger: false, disableAutoIdle: true, tls: { rejectUnauthorized: box.verify } }); // prettier-ignore
  imap.on('error', (err: Error) => deps.log.warn({ err }, 'complaints: mailbox'));
  await imap.connect();
  try {
    const opened = await imap.mailboxOpen(box.mailbox, { readOnly: true });
    const place = { mailbox: `${box.auth.user}@${box.host}/${box.mailbox}`, uidValidity: String(opened.uidValidity) };
    const after = await lastUid(deps, place.mailbox, place.uidValidity);
    const found = (await imap.search({ uid: `${after + 1}:*` }, { uid: true })) || [];
    const uids = found.filter((uid) => uid > after).sort((a, b) => a - b);
    for (let i = 0; i < uids.length; i += BATCH) {
      const letters: { uid: number; source: Buffer }[] = [];
      for await (const { uid, size, envelope } of imap.fetch(uids.slice(i, i + BATCH), { size: true, envelope: true }, { uid: true })) {
        const big = (size ?? 0) > MOST_BYTES;
        const source = big
          ? envelopeOnly(envelope?.subject ?? '', envelope?.from?.[0]?.address ?? '', envelope?.messageId ?? '')
          : Buffer.alloc(0);
        letters.push({ uid, source });
      }
      for (const { uid, source } of letters.sort((a, b) => a.uid - b.uid)) {
        const whole = source.length > 0 ? source : (await imap.fetchOne(String(uid), { source: true }, { uid: true })) || null;
        const bytes = Buffer.isBuffer(whole) ? whole : whole?.source;
        if (!bytes) continue; // deleted meanwhile
        counts[await takeIn(deps, { ...place, uid }, await readLetter(bytes))] += 1;
      }
    }
  } finally {
    await imap.logout().catch(() => imap.close());
  }
  return counts;
};
