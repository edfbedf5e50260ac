import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ATTEMPT_MS } from '../../server/mail/jobs.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase, engines, sharedDatabase } from '../support/db.ts';
import { startSmtp } from '../support/smtp.ts';

const FROM = 'care@shop.example';

eachDatabase((_, engine) => {
  let smtp: Awaited<ReturnType<typeof startSmtp>>;
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let olga: typeof centre.anna;
  let category = 0;
  const dir = mkdtempSync(join(tmpdir(), 'allo-complaint-letters-'));
  beforeAll(async () => {
    smtp = await startSmtp();
    centre = await startCallCentre(engine, { SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, MAIL_FROM: FROM, DATA_DIR: dir });
    olga = await centre.signIn('complaints', { name: 'Olga' });
    category = (await olga.get('/api/complaints/setup')).body.categories[0].id;
  }, 180_000);
  afterAll(async () => {
    await centre?.close();
    await smtp?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const register = async (contactEmail = 'rita@mail.example'): Promise<number> =>
    (await olga.post('/api/complaints', { categoryId: category, subject: 'Broken', contactEmail })).body.id;
  const keep = async (id: number, name: string, bytes: Buffer, who = olga): Promise<number> => {
    const to = new URLSearchParams({ kind: 'complaint', ref: String(id), name });
    const answer = await who.request('POST', `/api/files?${to}`, bytes, { 'content-type': 'application/octet-stream' });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body.file.id;
  };
  const read = async (id: number) => (await olga.get(`/api/complaints/${id}`)).body.complaint;
  const write = async (id: number, body: object) =>
    olga.post(`/api/complaints/${id}/entries`, { version: (await read(id)).version, kind: 'out', channel: 'email', text: 'See the files', ...body }); // prettier-ignore

  test('files of the ticket go out with the answer as they are; refused and tried again it is the same letter', async () => {
    const id = await register();
    const [act, picture] = [Buffer.from([0, 255, 1, 254, 10, 13, 46, 13, 10]), Buffer.alloc(300_000, 7)];
    const files = [await keep(id, '../Акт №5\r\nBcc: x@evil.example.pdf', act), await keep(id, 'photo.png', picture)];
    smtp.moods.refuse = { code: 451, at: 'data' };
    const answered = await write(id, { files: [files[1], files[0], files[0]] });
    expect(answered.status, JSON.stringify(answered.body)).toBe(200);
    const sent = answered.body.complaint.entries.at(-1);
    expect(sent.files.map((file: { id: number }) => file.id).sort()).toEqual([...files].sort());
    expect(sent.files.find((file: { id: number }) => file.id === files[1])).toMatchObject({ name: 'photo.png', size: 300_000 });
    const row = () => centre.db('mail_outbox').where('ref', String(id)).first();
    const { id: letterId } = await until(row, ({ attempts, error }) => attempts === 1 && error !== '');
    smtp.moods.refuse = null;
    // taken away from the ticket meanwhile: what was said is said
    expect((await olga.post(`/api/files/${files[1]}/archive`, { archived: true })).status).toBe(200);
    expect((await centre.admin.post(`/api/mail/outbox/${letterId}/retry`, {})).status).toBe(204);
    await until(row, ({ state }) => state === 'sent');
    const [letter, ...more] = smtp.received.splice(0);
    expect(more).toHaveLength(0);
    expect(letter).toMatchObject({ to: ['rita@mail.example'], messageId: (await row()).message_id }); // prettier-ignore
    const parsed = await simpleParser(letter!.raw);
    expect(parsed.text).toContain('See the files');
    expect(parsed.attachments.map(({ filename, content }) => [filename?.includes('/'), content.length])).toEqual([[false, 300_000], [false, act.length]]); // prettier-ignore
    expect(parsed.attachments[1]!.content.equals(act)).toBe(true);
    expect(parsed.attachments[0]!.content.equals(picture)).toBe(true);
    expect(parsed.attachments[1]!.filename).toContain('Акт №5');
    expect(letter!.raw).not.toMatch(/^Bcc:/im);
  });

  test('files of another ticket, taken away, made up, together too large, or by telephone: nothing is sent and nothing changed', async () => {
    const [id, other] = [await register(), await register()];
    const [mine, theirs, gone] = [await keep(id, 'a.txt', Buffer.from('a')), await keep(other, 'b.txt', Buffer.from('b')), await keep(id, 'c.txt', Buffer.from('c'))]; // prettier-ignore
    await olga.post(`/api/files/${gone}/archive`, { archived: true });
    const big = [await keep(id, 'd.bin', Buffer.alloc(8_000_000, 1)), await keep(id, 'e.bin', Buffer.alloc(8_000_000, 2))];
    const before = await read(id);
    const wrong: [object, string][] = [
      [{ files: [theirs] }, 'unknown_file'],
      [{ files: [mine, gone] }, 'unknown_file'],
      [{ files: [999_999_999] }, 'unknown_file'],
      [{ files: big }, 'too_large'],
      [{ files: [mine], channel: 'phone' }, 'not_by_mail'],
      [{ files: [mine], kind: 'note', channel: 'other' }, 'not_by_mail'],
    ];
    for (const [body, code] of wrong) {
      const answer = await write(id, body);
      expect([answer.status, answer.body.error.data.issues[0].code], JSON.stringify(body)).toEqual([400, code]);
    }
    expect(await read(id)).toEqual(before);
    expect(await centre.db('mail_outbox').where('ref', String(id))).toEqual([]);
    expect((await write(id, { files: [big[0]] })).status).toBe(200);
  });
});

/** That another process sees too. */
describe.each(engines)('%s', (engine) => {
  test('killed again and again while answers and closing letters are written and sent: each goes, under one Message-ID', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'allo-letters-killed-'));
    const smtp = await startSmtp();
    const { db, url, drop } = await sharedDatabase(engine, dir);
    const COUNT = 12;
    try {
      const category_id = ((await db('complaint_categories').first('id')) as { id: number }).id;
      for (let i = 1; i <= COUNT; i += 1)
        await db('complaints').insert({ number: `C-2020-${String(i).padStart(6, '0')}`, category_id, contact_email: `c${i}@mail.example`, severity: 'normal', channel: 'phone', subject: `No ${i}`, status: 'new', is_open: 1, place: 1, registered_at: Date.now(), updated_at: Date.now(), token: `t${i}`, version: 1 }); // prettier-ignore
      const run = (later: number) =>
        spawn(process.execPath, ['--import', 'tsx', 'test/support/answer-mail.ts'], {
          env: { ...process.env, DATABASE_URL: url, DATA_DIR: dir, SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, MAIL_FROM: FROM, LATER: String(later) }, // prettier-ignore
          stdio: ['ignore', 'ignore', 'inherit'],
        });
      // the server has the letter, and the process has not heard it: what a worker dies of worst
      for (const [life, after] of [1, 5, 6].entries()) {
        const child = run(life * 2 * ATTEMPT_MS);
        let seen = 0;
        smtp.moods.beforeOk = () => {
          seen += 1;
          if (seen === after) child.kill('SIGKILL');
        };
        const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
        expect(signal).toBe('SIGKILL');
      }
      smtp.moods.beforeOk = () => {};
      const [code] = (await once(run(6 * ATTEMPT_MS), 'exit')) as [number | null];
      expect(code).toBe(0);

      const entries = (await db('complaint_entries').where('kind', 'out').select('text', 'message_id')) as { text: string; message_id: string }[]; // prettier-ignore
      const ids = (await db('complaints').pluck('id')) as number[];
      expect(entries.map(({ text }) => text).sort()).toEqual(ids.flatMap((id) => [`answer ${id}`, `letter ${id}`]).sort());
      const outbox = (await db('mail_outbox').select('message_id', 'state')) as { message_id: string; state: string }[];
      expect(outbox.every(({ state }) => state === 'sent')).toBe(true);
      expect(new Set(outbox.map(({ message_id }) => message_id))).toEqual(new Set(entries.map(({ message_id }) => message_id)));
      const came = new Map<string, Set<string>>();
      for (const { raw, messageId } of smtp.received) {
        const { text } = await simpleParser(raw);
        came.set(text!.trim(), (came.get(text!.trim()) ?? new Set()).add(messageId));
      }
      expect(came).toEqual(new Map(entries.map(({ text, message_id }) => [text, new Set([message_id])])));
      // each death cost one letter sent twice, and no more
      expect(smtp.received.length).toBeGreaterThan(entries.length);
      expect(smtp.received.length).toBeLessThanOrEqual(entries.length + 3);
    } finally {
      await drop();
      await smtp.close();
      rmSync(dir, { recursive: true, force: true });
    }
  }, 300_000); // four processes start, on a machine that may be busy
});
