import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/core/log.ts';
import { isAddress, parseAddress, smtpMailer } from '../../server/core/mail.ts';
import { migrate, openDb } from '../../server/core/db.ts';
import { ATTEMPT_MS, sendDue, waitAfter } from '../../server/mail/jobs.ts';
import { queueMail } from '../../server/mail/service.ts';
import type { NewMail } from '../../server/mail/service.ts';
import { until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { startSmtp } from '../support/smtp.ts';

const FROM = { name: 'Allo', address: 'allo@example.com' };
const letter = (effect: string, change: Partial<NewMail> = {}): NewMail => ({ effect, to: { address: 'ivan@example.com', name: 'Иван' }, subject: 'Жалоба № 7', text: 'Здравствуйте', kind: 'complaint', ref: '7', askedBy: null, ...change }); // prettier-ignore

describe('addresses', () => {
  test.each([
    ['allo@example.com', { name: '', address: 'allo@example.com' }],
    ['Allo <allo@example.com>', FROM],
    ['"Алло, поддержка" <a@пример.рф>', { name: 'Алло, поддержка', address: 'a@пример.рф' }],
    ['a@b@c', null],
    ['a@b, c@d', null],
    ['Allo', null],
    ['<a@b>\r\nBcc: x@y', null],
  ])('%s', (text, expected) => expect(parseAddress(text)).toEqual(expected));
  test.each(['a@b\r\nRCPT TO:<x@y>', 'a@b,c@d', '', 'a b@c', '@', 'a'.repeat(65) + '@b'])('%j is none', (text) =>
    expect(isAddress(text)).toBe(false),
  );
});

test('waits grow to half an hour: an hour of refusals costs few attempts', () => {
  const waits = Array.from({ length: 12 }, (_, i) => waitAfter(i + 1));
  expect(waits.slice(0, 3)).toEqual([15_000, 30_000, 60_000]);
  expect(Math.max(...waits)).toBe(1_800_000);
  expect(waits.slice(0, 8).reduce((a, b) => a + b)).toBeGreaterThan(3_600_000);
});

describe('settings', () => {
  const base = { DATABASE_URL: 'sqlite::memory:', PBX: 'simulator', SESSION_SECRET: 'x'.repeat(32), SECRETS_KEY: 'y'.repeat(32) };
  const mail = (env: Record<string, string>) => loadConfig({ ...base, ...env }).mail;
  test('read, or refused by name', () => {
    expect(mail({})).toBe(null);
    expect(mail({ SMTP_URL: 'smtp://allo:p%40ss@mail.example.com', MAIL_FROM: 'Allo <allo@example.com>' })).toEqual({
      host: 'mail.example.com',
      port: 587,
      secure: false,
      auth: { user: 'allo', pass: 'p@ss' },
      from: FROM,
    });
    expect(mail({ SMTP_URL: 'smtps://[::1]', MAIL_FROM: 'allo@example.com' })).toMatchObject({ host: '::1', port: 465, secure: true, auth: null }); // prettier-ignore
    expect(() => mail({ SMTP_URL: 'smtp://x' })).toThrow(/SMTP_URL and MAIL_FROM go together/);
    expect(() => mail({ SMTP_URL: 'http://x', MAIL_FROM: 'allo@example.com' })).toThrow(/SMTP_URL must be smtp/);
    expect(() => mail({ SMTP_URL: 'smtp://u:%zz@x', MAIL_FROM: 'allo@example.com' })).toThrow(/SMTP_URL must be smtp/);
    expect(() => mail({ SMTP_URL: 'smtp://x', MAIL_FROM: 'nobody' })).toThrow(/MAIL_FROM must be/);
  });
});

eachDatabase((_, engine) => {
  let server: TestServer;
  let smtp: Awaited<ReturnType<typeof startSmtp>>;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'allo-mail-'));
    smtp = await startSmtp();
    server = await startServer({ engine, env: { SMTP_URL: `smtp://allo:p%40ss%20word@127.0.0.1:${smtp.port}`, MAIL_FROM: 'Allo <allo@example.com>' } }); // prettier-ignore
  });
  afterEach(async () => {
    smtp.moods.refuse = null;
    smtp.received.length = 0;
    for (const table of ['mail_outbox', 'mail_attachments']) await server.db(table).delete();
  });
  afterAll(async () => {
    await server.close();
    await smtp.close();
    await rm(folder, { recursive: true });
  });

  const queue = (mail: NewMail) => server.db.transaction((trx) => server.app.deps.sendMail(trx, mail));
  const row = (id: number) => server.db('mail_outbox').where({ id }).first();
  /** As the worker does it, at a time of ours. */
  const send = (at = Date.now()) => {
    const mailer = smtpMailer({ host: '127.0.0.1', port: smtp.port, secure: false, auth: null, from: FROM });
    return sendDue({ db: server.db, now: () => at, log: createLog('silent') }, mailer).finally(() => mailer.close());
  };

  test('a letter goes as it was written, woken at once, with what it carries and what it answers', async () => {
    const file = join(folder, 'запись.txt');
    await writeFile(file, 'said');
    const { id, messageId, wake } = await queue(
      letter('complaint:7:received', {
        html: '<p>Здравствуйте</p>',
        replyTo: 'support@example.com',
        inReplyTo: '<first@client>',
        references: ['<zero@client>', '<first@client>'],
        attachments: [{ name: 'отчёт.csv', type: 'text/csv', content: Buffer.from('a;b\n') }, { name: 'record.txt', type: 'text/plain', file, size: 4 }], // prettier-ignore
      }),
    );
    wake();
    await until(() => row(id), ({ state }) => state === 'sent'); // prettier-ignore
    const [one, ...more] = smtp.received;
    expect(more).toEqual([]);
    expect(one).toMatchObject({ from: 'allo@example.com', to: ['ivan@example.com'], messageId });
    for (const part of [/^Reply-To: support@example.com/m, /^In-Reply-To: <first@client>/m, /^References: <zero@client>\s+<first@client>/m, /filename=record.txt/, /text\/csv/]) expect(one!.raw).toMatch(part); // prettier-ignore
    expect(one!.raw).toContain(Buffer.from('a;b\n').toString('base64'));
    expect(one!.raw).toContain(Buffer.from('said').toString('base64'));
    expect(await send()).toBe(0);
  });

  test('asked for again, it is the same letter; in a transaction that fails there is none', async () => {
    const [a, b] = [await queue(letter('once')), await queue(letter('once', { subject: 'another' }))];
    expect(b).toMatchObject({ id: a.id, messageId: a.messageId });
    await expect(
      server.db.transaction(async (trx) => {
        await server.app.deps.sendMail(trx, letter('never'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await send()).toBe(1);
    expect(smtp.received.map(({ messageId }) => messageId)).toEqual([a.messageId]);
  });

  test('a server that refuses for an hour gets it afterwards, once, with the Message-ID it always had', async () => {
    const { id, messageId } = await queue(letter('patient'));
    const begin = Date.now();
    smtp.moods.refuse = { code: 451, at: 'rcpt' };
    for (let at = begin; at < begin + 3_600_000; at += 15_000) expect(await send(at)).toBe(0);
    const { attempts, state, error } = await row(id);
    expect(state).toBe('queued');
    expect(error).toMatch(/451/);
    expect(attempts).toBeLessThan(12);
    smtp.moods.refuse = null;
    await send(begin + 2 * 3_600_000);
    expect(smtp.received.map((one) => one.messageId)).toEqual([messageId]);
    expect(await row(id)).toMatchObject({ state: 'sent', error: '' });
  });

  test('refused for good is not tried again by itself; the administrator may, and it is audited', async () => {
    const admin = await server.signIn('administrator');
    const supervisor = await server.signIn('supervisor');
    const { id } = await queue(letter('bad'));
    smtp.moods.refuse = { code: 550, at: 'rcpt' };
    await send();
    expect(await row(id)).toMatchObject({ state: 'refused', attempts: 1 });
    expect(await send(Date.now() + 86_400_000)).toBe(0);
    smtp.moods.refuse = null;
    expect((await supervisor.post(`/api/mail/outbox/${id}/retry`)).status).toBe(403);
    expect((await supervisor.get('/api/mail/outbox')).status).toBe(403);
    expect((await admin.post(`/api/mail/outbox/${id}/retry`)).status).toBe(204);
    await until(() => row(id), ({ state }) => state === 'sent'); // prettier-ignore
    expect((await admin.post(`/api/mail/outbox/${id}/retry`)).status).toBe(404);
    expect(
      await server
        .db('audit')
        .where({ what: 'mail.retried', row_id: String(id) })
        .first(),
    ).toMatchObject({ actor_id: admin.userId });
  });

  test('a server that is away keeps nothing but the first waiting; hostile text makes no header', async () => {
    await queue(letter('evil', { subject: 'Hi\r\nBcc: victim@example.com', to: { address: 'ivan@example.com', name: 'I\r\nCc: x@y' } }));
    const refused = await queue(letter('evil2', { to: { address: 'a@b\r\nRCPT TO:<x@y>' } }));
    expect(await row(refused.id)).toMatchObject({ state: 'refused', error: 'bad_address' });
    // sent again by hand it is refused again, and keeps no other waiting
    await server.db('mail_outbox').where({ id: refused.id }).update({ state: 'queued', next_at: 0 });
    expect(await send()).toBe(1);
    expect(await row(refused.id)).toMatchObject({ state: 'refused', attempts: 1 });
    await queue(letter('third'));
    const { port } = smtp;
    await smtp.close();
    const at = Date.now();
    await queue(letter('second'));
    expect(await sendDue({ db: server.db, now: () => at + 1_000, log: createLog('silent') }, smtpMailer({ host: '127.0.0.1', port, secure: false, auth: null, from: FROM }))).toBe(0); // prettier-ignore
    expect((await server.db('mail_outbox').where({ state: 'queued' }).orderBy('id')).map(({ attempts }) => attempts)).toEqual([1, 0]);
    smtp = await startSmtp(port);
    expect(await send(at + 60_000)).toBe(2);
    expect(smtp.received.every(({ to, raw }) => to.length === 1 && !/^(Bcc|Cc):/im.test(raw))).toBe(true);
  });

  test('two workers at once send it once', async () => {
    await queue(letter('race'));
    const sent = await Promise.all([send(), send(), send()]);
    expect(sent.reduce((a, b) => a + b)).toBe(1);
    expect(smtp.received).toHaveLength(1);
  });

  test('the outbox: pages, filters, a letter for a test; bad input changes nothing', async () => {
    const admin = await server.signIn('administrator');
    for (let i = 0; i < 3; i += 1) await queue(letter(`page:${i}`, { ...(i === 0 && { attachments: [{ name: 'a.csv', type: 'text/csv', content: Buffer.from('x') }] }) })); // prettier-ignore
    const first = (await admin.get('/api/mail/outbox?limit=2')).body;
    expect(first).toMatchObject({ on: true, from: 'allo@example.com', counts: { queued: 3, sent: 0 } });
    const second = (await admin.get(`/api/mail/outbox?limit=2&after=${first.next}&state=queued`)).body;
    expect([...first.items, ...second.items].map(({ attachments }) => attachments)).toEqual([[], [], ['a.csv']]);
    expect(second.next).toBe(null);
    for (const body of [{}, { to: 'nobody' }, { to: 'a@b\r\nx' }, { to: 'a@b, c@d' }])
      expect((await admin.post('/api/mail/test', body)).status).toBe(400);
    expect((await admin.post('/api/mail/test', { to: 'me@example.com' })).status).toBe(204);
    await until(() => smtp.received.length, (n) => n === 4); // prettier-ignore
  });
});

test('without a mail server a letter is written down as failed, and the page says so', async () => {
  const server = await startServer();
  const admin = await server.signIn('administrator');
  const { id } = await server.db.transaction((trx) => server.app.deps.sendMail(trx, letter('off')));
  expect((await admin.get('/api/mail/outbox')).body).toMatchObject({ on: false, from: null, items: [{ id, state: 'failed', error: 'mail_off' }] }); // prettier-ignore
  expect(await admin.post(`/api/mail/outbox/${id}/retry`)).toMatchObject({
    status: 409,
    body: { error: { data: { reason: 'mail_off' } } },
  });
  expect((await admin.post('/api/mail/test', { to: 'a@example.com' })).status).toBe(409);
  await server.close();
});

test('a worker killed after the server took the letter: it goes again under the same Message-ID', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'allo-mail-'));
  const smtp = await startSmtp();
  const url = `sqlite:${join(folder, 'allo.db')}`;
  const db = openDb(url);
  await migrate(db);
  const config = { mail: { from: FROM } } as never;
  const core = { config, now: () => Date.now(), jobs: { add: async () => {} } as never, log: createLog('silent') };
  const { id, messageId } = await db.transaction((trx) => queueMail(core, trx, letter('killed')));
  const child = spawn(process.execPath, ['--import', 'tsx', new URL('../support/send-mail.ts', import.meta.url).pathname, url, String(smtp.port)]); // prettier-ignore
  smtp.moods.beforeOk = () => child.kill('SIGKILL');
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  smtp.moods.beforeOk = () => {};
  const mailer = smtpMailer({ host: '127.0.0.1', port: smtp.port, secure: false, auth: null, from: FROM });
  const sendAt = (at: number) => sendDue({ db, now: () => at, log: createLog('silent') }, mailer);
  expect(await sendAt(Date.now())).toBe(0);
  expect(await sendAt(Date.now() + ATTEMPT_MS)).toBe(1);
  expect(smtp.received.map((one) => one.messageId)).toEqual([messageId, messageId]);
  expect(await db('mail_outbox').where({ id }).first()).toMatchObject({ state: 'sent', attempts: 2 });
  mailer.close();
  await smtp.close();
  await db.destroy();
  await rm(folder, { recursive: true });
}, 120_000); // another process starts, on a machine that may be busy
