import type { Knex } from 'knex';
import type { MailState, OutboxQuery } from './contract.ts';

export interface MailRow {
  id: number;
  effect: string;
  message_id: string;
  to_address: string;
  to_name: string;
  reply_to: string | null;
  subject: string;
  text: string;
  html: string | null;
  in_reply_to: string | null;
  /** JSON. */
  thread: string | null;
  kind: string;
  ref: string;
  asked_by: number | null;
  created_at: number;
  state: MailState;
  attempts: number;
  next_at: number;
  sent_at: number | null;
  error: string;
}

export interface AttachmentRow {
  mail_id: number;
  position: number;
  name: string;
  type: string;
  content: Buffer | null;
  file: string | null;
}

const outbox = (db: Knex) => db<MailRow>('mail_outbox');

/** @returns the letter of this effect as it stands, the new one or one written before */
export const insertMail = async (
  trx: Knex,
  row: Omit<MailRow, 'id'>,
  attachments: readonly Omit<AttachmentRow, 'mail_id' | 'position'>[],
): Promise<Pick<MailRow, 'id' | 'message_id'>> => {
  await outbox(trx).insert(row).onConflict('effect').ignore();
  const stored = (await outbox(trx).where('effect', row.effect).first('id', 'message_id'))!;
  if (stored.message_id === row.message_id)
    for (const [position, one] of attachments.entries())
      await trx<AttachmentRow>('mail_attachments').insert({ ...one, mail_id: stored.id, position });
  return stored;
};

/** Longest due first. */
export const dueMail = (db: Knex, now: number, limit: number): Promise<MailRow[]> =>
  outbox(db).where('state', 'queued').where('next_at', '<=', now).orderBy('next_at').limit(limit);

/** Makes the attempt ours until `until`. @returns false: another process has it */
export const claimMail = async (db: Knex, { id, attempts, next_at }: MailRow, until: number): Promise<boolean> =>
  (await outbox(db)
    .where({ id, state: 'queued', attempts, next_at })
    .update({ attempts: attempts + 1, next_at: until })) > 0;

/** How the attempt ended. One that another process has taken over meanwhile is only ended by success. */
export const endAttempt = async (db: Knex, { id, attempts }: MailRow, end: Partial<MailRow>): Promise<void> => {
  const mine = outbox(db).where({ id, state: 'queued' });
  await (end.state === 'sent' ? mine : mine.where('attempts', attempts + 1)).update(end);
};

export const attachmentsOf = (db: Knex, mailId: number): Promise<AttachmentRow[]> =>
  db<AttachmentRow>('mail_attachments').where('mail_id', mailId).orderBy('position');

/** Their names alone. */
export const attachmentNames = async (db: Knex, mailIds: readonly number[]): Promise<Map<number, string[]>> => {
  const rows = await db<AttachmentRow>('mail_attachments').whereIn('mail_id', mailIds).orderBy('position').select('mail_id', 'name');
  const names = new Map<number, string[]>();
  for (const { mail_id, name } of rows) names.set(mail_id, [...(names.get(mail_id) ?? []), name]);
  return names;
};

/** Newest first; one more than asked for, if there is. */
export const listMail = (db: Knex, { state, after, limit }: OutboxQuery): Promise<MailRow[]> => {
  const rows = outbox(db)
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (state) void rows.where('state', state);
  if (after) void rows.where('id', '<', after);
  return rows;
};

export const countMail = async (db: Knex): Promise<Record<MailState, number>> => {
  const rows = await db('mail_outbox').groupBy('state').select<{ state: MailState; n: number }[]>('state', db.raw('COUNT(*) AS n'));
  const of = (state: MailState) => Number(rows.find((row) => row.state === state)?.n ?? 0);
  return { queued: of('queued'), sent: of('sent'), failed: of('failed'), refused: of('refused') };
};

/** From the beginning, at once. @returns false: it is not there, or sent */
export const retryMail = async (trx: Knex, id: number, now: number): Promise<boolean> =>
  (await outbox(trx).where({ id }).whereNot('state', 'sent').update({ state: 'queued', attempts: 0, next_at: now })) > 0;

/** The bytes of what was sent before; that it went, and what, stays. @returns how many */
export const dropSentContents = (db: Knex, before: number): Promise<number> =>
  db('mail_attachments')
    .whereNotNull('content')
    .whereIn('mail_id', outbox(db).where('state', 'sent').where('sent_at', '<', before).select('id'))
    .update({ content: null });
