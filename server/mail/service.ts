import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Core } from '../deps.ts';
import { isAddress } from '../core/mail.ts';
import { MOST_CARRIED } from './contract.ts';
import { insertMail } from './queries.ts';

/** A letter to one person, as another feature asks for it. */
export interface NewMail {
  /** The natural key: what this letter is the effect of, "complaint:12:received:3". Asked for again, nothing is written. */
  effect: string;
  to: { address: string; name?: string };
  subject: string;
  text: string;
  html?: string;
  replyTo?: string;
  /** Of the letter that this one answers, and of those before it; with or without angle brackets. */
  inReplyTo?: string;
  references?: readonly string[];
  /** `file`: a path that the worker can read when the letter goes. */
  attachments?: readonly ({ name: string; type: string } & ({ content: Buffer } | { file: string; size: number }))[];
  /** Who asks, for the administrator's list: "complaint", "12". */
  kind: string;
  ref: string;
  askedBy: number | null;
}

export interface QueuedMail {
  id: number;
  /** Without angle brackets; what the answer will name. */
  messageId: string;
  /** Once the transaction has committed: sends it without waiting for the sweep. */
  wake: () => void;
}

/** No line break may get into a header, whoever wrote the text. */
const line = (text: string, most: number): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim().slice(0, most); // prettier-ignore
const bare = (id: string): string => line(id, 900).replace(/^<|>$/g, '');

/**
 * Writes a letter into the outbox, in the caller's transaction. Its Message-ID is fixed here, so that a letter sent twice is known as one. Without
 * SMTP_URL it is written as failed ("mail_off"), for the administrator to see; an address that cannot be one as refused ("bad_address").
 */
export const queueMail = async (core: Pick<Core, 'config' | 'now' | 'jobs' | 'log'>, trx: Knex, mail: NewMail): Promise<QueuedMail> => {
  const { config, now, jobs, log } = core;
  const bytes = (mail.attachments ?? []).reduce((sum, one) => sum + ('content' in one ? one.content.length : one.size), 0);
  if (bytes > MOST_CARRIED) throw new Error(`mail ${mail.effect}: ${bytes} bytes of attachments are more than a letter may carry`);
  const fault = config.mail === null ? 'mail_off' : isAddress(mail.to.address) ? '' : 'bad_address';
  const at = now();
  const stored = await insertMail(
    trx,
    {
      effect: mail.effect,
      message_id: `${randomUUID()}@${config.mail?.from.address.split('@')[1] ?? 'allo.invalid'}`,
      to_address: line(mail.to.address, 320),
      to_name: line(mail.to.name ?? '', 200),
      reply_to: mail.replyTo === undefined ? null : line(mail.replyTo, 320),
      subject: line(mail.subject, 500),
      text: mail.text,
      html: mail.html ?? null,
      in_reply_to: mail.inReplyTo === undefined ? null : bare(mail.inReplyTo),
      thread: mail.references === undefined ? null : JSON.stringify(mail.references.map(bare)),
      kind: mail.kind,
      ref: mail.ref,
      asked_by: mail.askedBy,
      created_at: at,
      state: fault === '' ? 'queued' : fault === 'mail_off' ? 'failed' : 'refused',
      attempts: 0,
      next_at: at,
      sent_at: null,
      error: fault,
    },
    (mail.attachments ?? []).map((one) => ({
      name: line(one.name, 200),
      type: line(one.type, 100),
      content: 'content' in one ? one.content : null,
      file: 'file' in one ? one.file : null,
    })),
  );
  return {
    id: stored.id,
    messageId: stored.message_id,
    wake: () => void jobs.add('mail.send', {}).catch((err: unknown) => log.warn({ err }, 'mail: waits for the sweep')),
  };
};
