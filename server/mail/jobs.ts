import { readFile } from 'node:fs/promises';
import type { Deps, Feature } from '../deps.ts';
import { MailError, smtpMailer } from '../core/mail.ts';
import type { Attachment, Mailer } from '../core/mail.ts';
import { attachmentsOf, claimMail, dropSentContents, dueMail, endAttempt } from './queries.ts';
import type { MailRow } from './queries.ts';

type SendDeps = Pick<Deps, 'db' | 'now' | 'log'>;

/** An attempt that takes longer is of a process that died: the letter goes again, with the same Message-ID. */
export const ATTEMPT_MS = 5 * 60_000;
const FIRST_WAIT_MS = 15_000;
const MOST_WAIT_MS = 30 * 60_000;
/** Four days, as long as mail servers themselves keep trying. */
const MOST_ATTEMPTS = 200;
const BATCH = 100;

/** Before the next attempt: doubled each time, at most half an hour. Pure. */
export const waitAfter = (attempts: number): number => Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), MOST_WAIT_MS);

const carried = async (deps: SendDeps, id: number): Promise<Attachment[]> => {
  const rows = await attachmentsOf(deps.db, id);
  return Promise.all(
    rows.map(async ({ name, type, content, file }) => {
      if (content === null && file === null) throw new MailError(`the attachment "${name}" is kept no longer`, { permanent: true });
      try {
        return { name, type, content: content === null ? await readFile(file!) : Buffer.from(content) };
      } catch (err) {
        throw new MailError(`the attachment "${name}" cannot be read`, { cause: err });
      }
    }),
  );
};

const attempt = async (deps: SendDeps, mailer: Mailer, row: MailRow): Promise<void> => {
  await mailer.send({
    messageId: row.message_id,
    to: { name: row.to_name, address: row.to_address },
    replyTo: row.reply_to,
    subject: row.subject,
    text: row.text,
    html: row.html,
    inReplyTo: row.in_reply_to === null ? null : `<${row.in_reply_to}>`,
    references: row.thread === null ? [] : (JSON.parse(row.thread) as string[]),
    attachments: await carried(deps, row.id),
    date: row.created_at,
  });
};

const failedBy = (row: MailRow, err: MailError, now: number): Partial<MailRow> => {
  const error = err.message.slice(0, 500);
  if (err.permanent) return { state: 'refused', error };
  if (row.attempts + 1 >= MOST_ATTEMPTS) return { state: 'failed', error };
  return { next_at: now + waitAfter(row.attempts + 1), error };
};

/**
 * Sends what is due, one after another. At least once: the row says "sent" after the server has taken the letter, so whoever is killed between the two
 * sends it again.
 * @returns how many went
 */
export const sendDue = async (deps: SendDeps, mailer: Mailer): Promise<number> => {
  let sent = 0;
  for (const row of await dueMail(deps.db, deps.now(), BATCH)) {
    if (!(await claimMail(deps.db, row, deps.now() + ATTEMPT_MS))) continue;
    try {
      await attempt(deps, mailer, row);
    } catch (err) {
      if (!(err instanceof MailError)) throw err;
      deps.log.warn({ mail: row.id, attempt: row.attempts + 1, permanent: err.permanent }, 'mail: not taken');
      await endAttempt(deps.db, row, failedBy(row, err, deps.now()));
      if (err.away) break; // the others stay due
      continue;
    }
    await endAttempt(deps.db, row, { state: 'sent', sent_at: deps.now(), error: '' });
    sent += 1;
  }
  return sent;
};

const SWEEP_MS = 15_000;
const TIDY_MS = 3_600_000;
/** Bytes of what was sent are kept so long. */
const KEEP_MS = 30 * 86_400_000;

export const mailJobs =
  (deps: SendDeps & Pick<Deps, 'jobs' | 'config'>): NonNullable<Feature['start']> =>
  async (roles) => {
    const { config, jobs, log } = deps;
    if (!roles.has('worker')) return () => {};
    const mailer = config.mail === null ? null : smtpMailer(config.mail);
    jobs.handle('mail.send', async () => {
      if (mailer) await sendDue(deps, mailer);
    });
    jobs.handle('mail.tidy', async () => void (await dropSentContents(deps.db, deps.now() - KEEP_MS)));
    const sweep = (name: 'mail.send' | 'mail.tidy') => () =>
      void jobs.add(name, {}).catch((err: unknown) => log.warn({ err }, 'mail: sweep'));
    const timers = [setInterval(sweep('mail.send'), SWEEP_MS), setInterval(sweep('mail.tidy'), TIDY_MS)];
    return () => {
      timers.forEach((timer) => clearInterval(timer));
      mailer?.close();
    };
  };
