import { randomUUID } from 'node:crypto';
import type { Deps, Feature } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { isAddress } from '../core/mail.ts';
import { IdParam } from '../users/contract.ts';
import { Outbox, OutboxQuery, TestLetter } from './contract.ts';
import type { OutboxItem } from './contract.ts';
import { mailJobs } from './jobs.ts';
import { mailPolicy } from './policy.ts';
import { attachmentNames, countMail, listMail, retryMail } from './queries.ts';
import type { MailRow } from './queries.ts';

const present = async (deps: Pick<Deps, 'db' | 'directory'>, rows: readonly MailRow[]): Promise<OutboxItem[]> => {
  const users = await deps.directory.briefs([...new Set(rows.flatMap((row) => row.asked_by ?? []))]);
  const names = await attachmentNames(deps.db, rows.map(({ id }) => id)); // prettier-ignore
  return rows.map((row) => ({
    id: row.id,
    to: row.to_address,
    toName: row.to_name,
    subject: row.subject,
    kind: row.kind,
    ref: row.ref,
    askedBy: users.get(row.asked_by ?? 0) ?? null,
    attachments: names.get(row.id) ?? [],
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    nextAt: row.state === 'queued' ? row.next_at : null,
    sentAt: row.sent_at,
    error: row.error,
  }));
};

/** /api/mail: the letters that Allo sends, and whether they went. */
export const mailFeature = (deps: Deps): Feature => ({
  routes: [
    route({
      method: 'get',
      path: '/mail/outbox',
      summary: 'Letters that were sent or wait to be, newest first',
      query: OutboxQuery,
      reply: Outbox,
      can: mailPolicy.outbox,
      async handle({ query }) {
        const { mail } = deps.config;
        const rows = await listMail(deps.db, query);
        const page = rows.slice(0, query.limit);
        return {
          on: mail !== null,
          from: mail?.from.address ?? null,
          items: await present(deps, page),
          next: rows.length > query.limit ? String(page.at(-1)!.id) : null,
          counts: await countMail(deps.db),
        };
      },
    }),
    route({
      method: 'post',
      path: '/mail/outbox/:id/retry',
      summary: 'Sends a letter that did not go, at once and with new patience',
      params: IdParam,
      can: mailPolicy.retry,
      async handle({ params: { id }, actor }) {
        if (deps.config.mail === null) throw new AppError('conflict', 'there is no mail server', { reason: 'mail_off' });
        await inTransaction(deps.db, async (trx) => {
          if (!(await retryMail(trx, id, deps.now()))) throw new AppError('not_found', 'no letter to send again');
          await deps.audit(trx, { actorId: actor.id, what: 'mail.retried', table: 'mail_outbox', rowId: id });
        });
        await deps.jobs.add('mail.send', {});
      },
    }),
    route({
      method: 'post',
      path: '/mail/test',
      summary: 'Sends a letter that says that mail works',
      body: TestLetter,
      can: mailPolicy.test,
      async handle({ body: { to }, actor }) {
        if (deps.config.mail === null) throw new AppError('conflict', 'there is no mail server', { reason: 'mail_off' });
        if (!isAddress(to)) throw new AppError('invalid', 'not an address', { issues: [{ path: 'body.to', code: 'bad_address' }] });
        const { wake } = await inTransaction(deps.db, async (trx) => {
          await deps.audit(trx, { actorId: actor.id, what: 'mail.tested', table: 'mail_outbox' });
          return deps.sendMail(trx, {
            effect: `test:${randomUUID()}`,
            to: { address: to },
            subject: 'Allo: почта работает / mail works',
            text: `Почта Allo настроена. / Allo can send mail.\n\n${deps.config.publicUrl}\n`,
            kind: 'test',
            ref: '',
            askedBy: actor.id,
          });
        });
        wake();
      },
    }),
  ],
  start: mailJobs(deps),
});
