import { createHash } from 'node:crypto';
import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';

/** What of a letter matters here. */
export interface Letter {
  /** Without angle brackets; of one that has none, a name made of its text. */
  readonly messageId: string;
  /** Lower case. */
  readonly from: string;
  readonly fromName: string;
  readonly subject: string;
  readonly text: string;
  /** Message-IDs that it answers, the nearest first. */
  readonly answers: readonly string[];
  readonly attachments: readonly { name: string; content: Buffer }[];
  readonly kind: 'letter' | 'automatic' | 'bounce';
}

const MOST_TEXT = 100_000;

const bare = (id: string): string => id.trim().replace(/^<|>$/g, '').slice(0, 300);
const line = (text: string | undefined, most: number): string => (text ?? '').replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim().slice(0, most); // prettier-ignore
const clean = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '').replace(/\n{4,}/g, '\n\n\n').trim().slice(0, MOST_TEXT); // prettier-ignore
/** A name that came with a path, or hides its end behind a change of direction. */
const fileName = (name: string | undefined): string => line(name, 200).replace(/^.*[/\\]/, '').replace(/[\u202a-\u202e\u2066-\u2069]/g, '') || 'attachment'; // prettier-ignore

const header = (mail: ParsedMail, name: string): string => {
  const value = mail.headers.get(name);
  return typeof value === 'string' ? value.toLowerCase() : value === undefined ? '' : JSON.stringify(value).toLowerCase();
};

/** RFC 3834 and what programs did before it. Pure. */
const kindOf = (mail: ParsedMail, from: string): Letter['kind'] => {
  const type = header(mail, 'content-type');
  if (type.includes('multipart/report') || /^(mailer-daemon|postmaster)@/.test(from) || from === '') return 'bounce';
  const submitted = header(mail, 'auto-submitted');
  if (submitted !== '' && !submitted.startsWith('no')) return 'automatic';
  if (mail.headers.has('x-autoreply') || mail.headers.has('x-autorespond') || mail.headers.has('x-auto-response-suppress'))
    return 'automatic';
  if (/bulk|junk|list|auto_reply/.test(header(mail, 'precedence')) || mail.headers.has('list') || mail.headers.has('list-id'))
    return 'automatic';
  return 'letter';
};

/** Of any bytes: what is broken is read as far as it goes. HTML is read as text alone: no script runs, no picture is fetched. */
export const readLetter = async (source: Buffer): Promise<Letter> => {
  const mail = await simpleParser(source, { skipImageLinks: true, skipTextLinks: true, skipTextToHtml: true });
  const sender = mail.from?.value[0];
  const from = line(sender?.address, 254).toLowerCase();
  const references = mail.references === undefined ? [] : [mail.references].flat();
  return {
    messageId: mail.messageId ? bare(mail.messageId) : `${createHash('sha256').update(source).digest('hex')}@no-message-id`,
    from,
    fromName: line(sender?.name, 200),
    subject: line(mail.subject, 500),
    text: clean(mail.text ?? ''),
    answers: [...new Set([mail.inReplyTo ?? '', ...references.reverse()].map(bare).filter(Boolean))].slice(0, 50),
    attachments: mail.attachments.map((one) => ({ name: fileName(one.filename), content: one.content })).slice(0, 100),
    kind: kindOf(mail, from),
  };
};

const NUMBER = /\bC-\d{4}-\d{6,9}\b/;
/** The number that stands in the subject of our letters, and of the answers to them. */
export const numberIn = (subject: string): string | null => NUMBER.exec(subject.toUpperCase())?.[0] ?? null;
