import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyMailbox } from '../../server/complaints/mailbox.ts';
import { numberIn, readLetter } from '../../server/complaints/mail-read.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase, engines, sharedDatabase } from '../support/db.ts';
import { haveDovecot, startDovecot } from '../support/dovecot.ts';
import type { MailServer } from '../support/dovecot.ts';

const letter = (headers: Record<string, string>, body = 'Hello') =>
  `${Object.entries({ From: 'Ivan <ivan@mail.example>', To: 'care@shop.example', Subject: 'Late', ...headers }).map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}\r\n`; // prettier-ignore

describe('what a letter says', () => {
  const encoded = (charset: string, bytes: number[]) =>
    Buffer.concat([
      Buffer.from(letter({ 'Content-Type': `text/plain; charset=${charset}`, 'Content-Transfer-Encoding': '8bit' }, '')),
      Buffer.from(bytes),
    ]);
  test.each([
    ['windows-1251', [0xcf, 0xee, 0xf1, 0xfb, 0xeb, 0xea, 0xe0]],
    ['koi8-r', [0xf0, 0xcf, 0xd3, 0xd9, 0xcc, 0xcb, 0xc1]],
  ])('Cyrillic in %s', async (charset, bytes) => expect((await readLetter(encoded(charset, bytes))).text).toBe('Посылка'));

  test('HTML is read as text: nothing of a script or a style, and a picture is an address in words, which nobody fetches', async () => {
    const html = '<style>p{color:red}</style><p>Dear <b>shop</b></p><script>alert(1)</script><img src="http://spy.example/p.gif" alt="x">';
    const read = await readLetter(Buffer.from(letter({ 'Content-Type': 'text/html' }, html)));
    expect(read.text).toContain('Dear shop');
    expect(read.text).not.toMatch(/alert|color|[<>]/);
  });
  test('attachments: no path, no hidden ending; winmail.dat is one', async () => {
    const part = (name: string) =>
      `--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\nMZ\r\n`;
    const body = `${part('../../etc/passwd')}${part('C:\\\\temp\\\\virus.exe')}${part('winmail.dat')}--b--`;
    const read = await readLetter(Buffer.from(letter({ 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' }, body)));
    expect(read.attachments.map(({ name }) => name)).toEqual(['passwd', 'virus.exe', 'winmail.dat']);
  });
  test.each([
    ['Auto-Submitted', { 'Auto-Submitted': 'auto-replied' }, 'automatic'],
    ['a list', { 'List-Id': '<news.example>' }, 'automatic'],
    ['bulk', { Precedence: 'bulk' }, 'automatic'],
    ['a bounce', { From: 'MAILER-DAEMON@mx.example' }, 'bounce'],
    ['a report', { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=b' }, 'bounce'],
    ['a person', { 'Auto-Submitted': 'no' }, 'letter'],
  ])('%s', async (_, headers, kind) => expect((await readLetter(Buffer.from(letter(headers)))).kind).toBe(kind));
  test('whatever bytes there are, it is read, and has a name of its own', async () => {
    const broken = ['', '\u0000\u0001\u0002', letter({ 'Content-Type': 'multipart/mixed; boundary=b' }, '--b\r\nContent-Type: text/plain; charset=no-such\r\n\r\nhalf'), '<'.repeat(10_000), letter({ Subject: `=?utf-8?B?${'!'.repeat(500)}?=` })]; // prettier-ignore
    for (const source of broken) expect((await readLetter(Buffer.from(source))).messageId).not.toBe('');
  });
  test('the number in the subject', () => {
    expect(numberIn('Re: Re: parcel [c-2026-000123]')).toBe('C-2026-000123');
    expect(numberIn('C-12-1')).toBe(null);
  });
});

if (!haveDovecot())
  test.skipIf(process.env.CI !== 'true')('dovecot', () => expect.fail('dovecot-imapd is missing: the mailbox was not tested'));
else
  eachDatabase((_, engine) => {
    let mail: MailServer;
    let centre: Awaited<ReturnType<typeof startCallCentre>>;
    let olga: typeof centre.anna;
    const dir = mkdtempSync(join(tmpdir(), 'allo-complaint-files-'));
    beforeAll(async () => {
      mail = await startDovecot();
      centre = await startCallCentre(engine, {
        COMPLAINTS_IMAP_URL: mail.url,
        SMTP_URL: 'smtp://127.0.0.1:9',
        MAIL_FROM: 'care@shop.example',
        DATA_DIR: dir,
      });
      olga = await centre.signIn('complaints', { name: 'Olga' });
      await centre
        .db('emails')
        .insert({ client_id: centre.ivan, ordinal: 0, address: 'ivan@mail.example', address_key: 'ivan@mail.example' });
    }, 60_000);
    afterAll(async () => {
      await centre?.close();
      await mail?.stop();
      rmSync(dir, { recursive: true, force: true });
    });

    const take = () => emptyMailbox(centre.app.deps);
    const read = async (id: number) => (await olga.get(`/api/complaints/${id}`)).body.complaint;
    const act = async (id: number, what: string, body: object) => {
      const { version } = await read(id);
      const answer = await olga.post(`/api/complaints/${id}/${what}`, { version, ...body });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    };

    test('a letter becomes a complaint of its client, once; the officer answers, and the client’s answer comes into the thread', async () => {
      await mail.deliver(letter({ 'Message-ID': '<one@mail.example>', Subject: 'My parcel' }, 'Where is it?'));
      expect(await take()).toMatchObject({ registered: 1 });
      expect(await take()).toEqual({ registered: 0, added: 0, noted: 0, ignored: 0, again: 0 });
      const [{ id, number }] = (await centre.db('complaints').select('id', 'number')) as [{ id: number; number: string }];
      expect(await read(id)).toMatchObject({
        channel: 'email',
        client: { id: centre.ivan },
        contactEmail: 'ivan@mail.example',
        subject: 'My parcel',
      });
      await act(id, 'entries', { kind: 'out', channel: 'email', text: 'We look for it' });
      const out = (await centre.db('mail_outbox').where('effect', 'like', 'complaint:%:answer:%').first()) as {
        message_id: string;
        in_reply_to: string;
        subject: string;
      };
      expect(out).toMatchObject({ in_reply_to: 'one@mail.example' });
      expect(out.subject).toContain(number);
      await act(id, 'status', { status: 'waiting-client' });
      await mail.deliver(
        letter({ 'Message-ID': '<two@mail.example>', 'In-Reply-To': `<${out.message_id}>`, Subject: 'no number' }, 'It has come'),
      );
      expect(await take()).toMatchObject({ added: 1 });
      const complaint = await read(id);
      expect(complaint).toMatchObject({ status: 'in-work' });
      expect(complaint.entries.map(({ kind, text }: { kind: string; text: string }) => [kind, text])).toEqual([['in', 'Where is it?'], ['out', 'We look for it'], ['in', 'It has come']]); // prettier-ignore
      // by the number in the subject, of whom the complaint knows; a stranger who has read the number begins another one
      await mail.deliver(letter({ 'Message-ID': '<three@mail.example>', Subject: `Re: [${number}]` }));
      await mail.deliver(letter({ 'Message-ID': '<four@evil.example>', Subject: `Re: [${number}]`, From: 'eve@evil.example' }));
      expect(await take()).toMatchObject({ added: 1, registered: 1 });
    });

    test('automatic answers, bounces and our own letters make no complaint; of a thread they are notes', async () => {
      const before = ((await centre.db('complaints').pluck('id')) as number[]).length;
      const [{ id, number }] = (await centre.db('complaints').orderBy('id').select('id', 'number')) as [{ id: number; number: string }];
      const status = (await read(id)).status;
      await mail.deliver(
        letter({ 'Message-ID': '<auto@x.example>', 'Auto-Submitted': 'auto-replied' }),
        letter({ 'Message-ID': '<loop@x.example>', From: 'care@shop.example' }),
        letter({ 'Message-ID': '<away@x.example>', 'Auto-Submitted': 'auto-replied', Subject: `[${number}]` }, 'On holiday'),
        letter({ 'Message-ID': '<bounce@x.example>', From: 'MAILER-DAEMON@mx.example', Subject: `Undelivered [${number}]` }),
      );
      expect(await take()).toMatchObject({ ignored: 2, noted: 2, registered: 0, added: 0 });
      expect(((await centre.db('complaints').pluck('id')) as number[]).length).toBe(before);
      expect(await read(id)).toMatchObject({ status });
    });

    test('a mailbox that counts anew, and the same letter twice in it: nothing twice', async () => {
      const before = ((await centre.db('complaint_mails').pluck('id')) as number[]).length;
      await mail.deliver(
        letter({ 'Message-ID': '<one@mail.example>', Subject: 'My parcel' }),
        letter({ 'Message-ID': '<one@mail.example>' }),
      );
      await centre.db('complaint_mails').update({ uid_validity: '1' });
      const counts = await take();
      expect(counts).toMatchObject({ registered: 0, added: 0, noted: 0, ignored: 0 });
      expect(counts.again).toBeGreaterThan(5);
      expect(((await centre.db('complaint_mails').pluck('id')) as number[]).length).toBe(before);
    });

    test('an answer to a merged one goes where it goes on; a 20 MB letter is taken', async () => {
      const [one, two] = (await centre.db('complaints').orderBy('id').pluck('id')) as [number, number];
      await act(two, 'links', { otherId: one, kind: 'merged' });
      const big = `${letter({ 'Message-ID': '<big@evil.example>', 'In-Reply-To': '<four@evil.example>', 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' }, '')}--b\r\nContent-Type: text/plain\r\n\r\nSee the film\r\n--b\r\nContent-Type: video/mp4\r\nContent-Disposition: attachment; filename=film.mp4\r\n\r\n${'x'.repeat(76).concat('\r\n').repeat(270_000)}--b--\r\n`; // prettier-ignore
      await mail.deliver(big);
      expect(await take()).toMatchObject({ added: 1 });
      expect((await read(one)).entries.at(-1).text).toMatch(/See the film\n\n📎 film\.mp4 \(\d+ KB\)/);
      const { items, can } = (await olga.get(`/api/files?kind=complaint&ref=${one}`)).body;
      expect(items).toMatchObject([{ name: 'film.mp4', media: 'application/octet-stream', inline: false, user: null }]);
      expect(can.add).toBe(true);
      // of what goes on elsewhere files are seen and not added
      const merged = await olga.get(`/api/files?kind=complaint&ref=${two}`);
      expect([merged.status, merged.body.can]).toEqual([200, { add: false }]);
    });

    test('what hangs on a letter is kept as it came, once, and goes out as something to save; nothing of it is opened or run', async () => {
      // a zip that says it holds four gigabytes
      const zip = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(18), Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.alloc(8)]); // prettier-ignore
      const parts: [name: string, type: string, bytes: Buffer][] = [
        ['../../../etc/cron.d/run', 'text/plain', Buffer.from('* * * * * root rm')],
        ['invoice\u202efdp.exe', 'application/pdf', Buffer.from('MZ\u0090\u0000')],
        ['bomb.zip', 'application/zip', zip],
        ['page.svg', 'image/svg+xml', Buffer.from('<svg onload="alert(1)"/>')],
        ['dot.png', 'image/png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')], // prettier-ignore
        ['winmail.dat', 'application/ms-tnef', Buffer.from([0x78, 0x9f, 0x3e, 0x22, 1, 0])],
      ];
      const part = ([name, type, bytes]: (typeof parts)[number]) => `--b\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="=?utf-8?B?${Buffer.from(name).toString('base64')}?="\r\n\r\n${bytes.toString('base64')}\r\n`; // prettier-ignore
      const source = letter({ 'Message-ID': '<files@mail.example>', Subject: 'See the files', From: 'stranger@evil.example', 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' }, `--b\r\n\r\nhere\r\n${parts.map(part).join('')}--b--`); // prettier-ignore
      await mail.deliver(source);
      expect(await take()).toMatchObject({ registered: 1 });
      const { id } = (await centre.db('complaints').where('subject', 'See the files').first()) as { id: number };
      // the same letter once more, in a mailbox that counts anew
      await centre.db('complaint_mails').update({ uid_validity: '2' });
      expect(await take()).toMatchObject({ registered: 0, added: 0 });
      const files = (await olga.get(`/api/files?kind=complaint&ref=${id}`)).body.items as { id: number; name: string; inline: boolean; size: number }[]; // prettier-ignore
      const shown = files.reverse().map(({ name, inline }) => [name, inline]);
      expect(shown).toEqual([['run', false], ['invoicefdp.exe', false], ['bomb.zip', false], ['page.svg', false], ['dot.png', true], ['winmail.dat', false]]); // prettier-ignore
      for (const [i, file] of files.entries()) {
        const answer = await olga.get(`/api/files/${file.id}/content?inline=1`);
        expect(answer.status).toBe(200);
        expect(file.size).toBe(parts[i]![2].length);
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
        expect(answer.headers.get('content-disposition')).toMatch(file.inline ? /^inline; / : /^attachment; filename="[\w. -]+"/);
        expect(answer.headers.get('content-type')).toMatch(file.inline ? 'image/png' : 'application/octet-stream');
        expect(answer.headers.get('content-security-policy')).toContain('sandbox');
      }
      expect((await read(id)).moves.filter(({ kind }: { kind: string }) => kind === 'file')).toHaveLength(6);
      // an operator who may not read the complaint has none of its files
      expect((await centre.anna.get(`/api/files?kind=complaint&ref=${id}`)).status).toBe(403);
      expect((await centre.anna.get(`/api/files/${files[0]!.id}/content`)).status).toBe(403);
      expect((await olga.get('/api/files?kind=complaint&ref=999999')).status).toBe(403);
    });
  });

if (haveDovecot())
  test.each(engines)(
    '%s: killed in the middle: of 60 letters none is lost and none is there twice',
    async (engine) => {
      const dir = mkdtempSync(join(tmpdir(), 'allo-mail-killed-'));
      const mail = await startDovecot();
      const { db, url, drop } = await sharedDatabase(engine, dir);
      try {
        await mail.deliver(
          ...Array.from({ length: 60 }, (_, i) =>
            letter({ 'Message-ID': `<n${i}@mail.example>`, Subject: `n${i}`, From: `p${i}@mail.example` }),
          ),
        );
        const env = { ...process.env, DATABASE_URL: url, DATA_DIR: dir, COMPLAINTS_IMAP_URL: mail.url };
        const worker = () =>
          spawn(process.execPath, ['--import', 'tsx', 'test/support/take-mail.ts'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
        // killed when some of the letters are in, whatever the machine's speed
        const first = worker();
        const gone = once(first, 'exit');
        while (first.exitCode === null && ((await db('complaint_mails').pluck('id')) as number[]).length < 20)
          await new Promise((resolve) => setTimeout(resolve, 5));
        first.kill('SIGKILL');
        await gone;
        expect(((await db('complaint_mails').pluck('id')) as number[]).length).toBeLessThan(60);
        const [code] = (await once(worker(), 'exit')) as [number | null];
        expect(code).toBe(0);
        expect(((await db('complaints').pluck('subject')) as string[]).sort()).toEqual(
          Array.from({ length: 60 }, (_, i) => `n${i}`).sort(),
        );
        expect(new Set((await db('complaints').pluck('number')) as string[]).size).toBe(60);
      } finally {
        await drop();
        await mail.stop();
        rmSync(dir, { recursive: true });
      }
    },
    300_000,
  );
