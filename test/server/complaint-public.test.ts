import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let olga: typeof centre.anna;
  let category = 0;
  let cause = 0;
  beforeAll(async () => {
    // the mail server is away: what is written down for it is what counts here
    centre = await startCallCentre(engine, { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'care@shop.example' });
    olga = await centre.signIn('complaints', { name: 'Olga' });
    const { categories } = (await olga.get('/api/complaints/setup')).body;
    category = categories.find((c: { kind: string }) => c.kind === 'category').id;
    cause = categories.find((c: { kind: string }) => c.kind === 'cause').id;
    await centre
      .db('emails')
      .insert({ client_id: centre.ivan, ordinal: 0, address: 'Ivan@mail.example', address_key: 'ivan@mail.example' });
  });
  afterAll(() => centre.close());

  const stamp = (ageMs: number) => centre.app.deps.secrets.seal(`form:${Date.now() - ageMs}`);
  let visitor = 0;
  const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    centre.guest.request('POST', path, new URLSearchParams(fields).toString(), { 'content-type': 'application/x-www-form-urlencoded', ...headers }); // prettier-ignore
  const fill = (change: Record<string, string> = {}) => ({ stamp: stamp(10_000 + visitor++), website: '', name: 'Ivan', phone: '', email: 'ivan@mail.example', categoryId: String(category), subject: 'Torn box', text: 'It came\r\ntorn', ...change }); // prettier-ignore
  const count = async () => ((await centre.db('complaints').pluck('id')) as number[]).length;

  test('the form is there only when an administrator wants it, and in the reader’s language', async () => {
    expect((await centre.guest.get('/api/complaints/form')).status).toBe(404);
    expect((await send('/api/complaints/form', fill())).status).toBe(404);
    const { settings } = (await olga.get('/api/complaints/setup')).body;
    expect((await centre.admin.put('/api/complaints/settings', { ...settings, form: true })).status).toBe(204);
    const page = await centre.guest.request('GET', '/api/complaints/form', undefined, { 'accept-language': 'ru-RU,ru' });
    expect(page).toMatchObject({ status: 200 });
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    expect(page.body).toMatch(/<html lang="ru">/);
    expect(page.body).not.toMatch(/<script/);
  });

  test('filled in: a complaint of the client who has the address, acknowledged once by e-mail; sent twice it is one', async () => {
    const form = fill();
    const [first, second] = [await send('/api/complaints/form', form), await send('/api/complaints/form', form)];
    expect(first.status).toBe(201);
    const number = /C-\d{4}-\d{6}/.exec(first.body as string)![0];
    expect(second.body).toContain(number);
    expect(await centre.db('complaints').where({ number })).toMatchObject([
      { client_id: centre.ivan, channel: 'web', registered_by: null, subject: 'Torn box' },
    ]);
    expect(await centre.db('complaint_entries').pluck('text')).toEqual(['It came\ntorn']);
    const letters = (await centre.db('mail_outbox').where('kind', 'complaint')) as { subject: string; to_address: string }[];
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({ to_address: 'ivan@mail.example' });
    expect(letters[0]!.subject).toContain(number);
  });

  test.each([
    ['the trap for robots', { website: 'http://buy.example' }],
    ['no time to read it', {}, 100],
    ['left open for two days', {}, 48 * 3_600_000],
    ['no way to answer', { email: '', phone: '' }],
    ['no name', { name: ' ' }],
    ['no such category', { categoryId: '999999' }],
    ['not an address', { email: 'x@y' }],
  ])('%s: nothing is written, and what was typed can be sent again', async (_, change, age?: number) => {
    const before = await count();
    const form = {
      ...fill(change as Record<string, string>),
      ...(age === undefined ? {} : { stamp: stamp(age) }),
      subject: '<script>alert(1)</script>',
    };
    const answer = await send('/api/complaints/form', form);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(await count()).toBe(before);
  });

  test('a forged stamp, another site, too many of one address', async () => {
    const before = await count();
    expect((await send('/api/complaints/form', fill({ stamp: 'form:1' }))).status).toBe(400);
    expect((await send('/api/complaints/form', fill(), { origin: 'https://evil.example' })).status).toBe(403);
    const statuses: number[] = [];
    for (let i = 0; i < 12; i += 1) statuses.push((await send('/api/complaints/form', fill({ name: '' }))).status);
    expect(statuses.at(-1)).toBe(429);
    expect(await count()).toBe(before);
  });

  test('closed and told: the client is asked how it was; "not solved" opens it again', async () => {
    const { id, token } = (await centre.db('complaints').first('id', 'token')) as { id: number; token: string };
    expect((await centre.guest.get(`/api/complaints/survey/${token}`)).status).toBe(404);
    const say = async (status: string, body: object = {}) => {
      const { version } = (await olga.get(`/api/complaints/${id}`)).body.complaint;
      expect(await olga.post(`/api/complaints/${id}/status`, { version, status, ...body })).toMatchObject({ status: 200 });
    };
    await say('resolved', { causeId: cause, doneText: 'A new box is on its way' });
    await say('closed', { told: true });
    const letter = (await centre.db('mail_outbox').where('text', 'like', `%${token}%`).first()) as { text: string };
    expect(letter.text).toContain(`/api/complaints/survey/${token}`);
    expect(await centre.guest.get(`/api/complaints/survey/${token}`)).toMatchObject({ status: 200 });
    expect((await centre.guest.get(`/api/complaints/survey/${'x'.repeat(32)}`)).status).toBe(404);
    const answer = await send(`/api/complaints/survey/${token}`, { mark: '2', text: 'Still torn', reopen: 'yes' });
    expect(answer.status).toBe(200);
    const { complaint } = (await olga.get(`/api/complaints/${id}`)).body;
    expect(complaint).toMatchObject({ status: 'reopened', satisfaction: 2, satisfactionText: 'Still torn' });
    expect(complaint.entries.at(-1)).toMatchObject({ kind: 'in', channel: 'web', text: 'Still torn' });

    // closed again, with an apology out of the templates: it goes out with the closing, once, and so the client is told
    const { templates } = (await olga.get('/api/complaints/setup')).body;
    const apology = templates.find(({ name }: { name: string }) => name === 'Apology') as { subject: string; text: string };
    expect(templates.map(({ name }: { name: string }) => name).sort()).toEqual(['Apology', 'Thanks', 'Благодарность', 'Извинение']);
    const { version } = complaint;
    const early = await olga.post(`/api/complaints/${id}/status`, { version, status: 'resolved', letter: apology });
    expect(early).toMatchObject({ status: 400, body: { error: { data: { issues: [{ path: 'body.letter' }] } } } });
    await say('in-work');
    await say('resolved', { doneText: 'Another box' });
    await say('closed', { letter: { subject: apology.subject, text: apology.text } });
    const out = (await centre.db('mail_outbox').where('effect', 'like', `complaint:${id}:answer:%`)) as { text: string; subject: string }[];
    expect(out).toMatchObject([{ text: apology.text, subject: `${apology.subject} [${complaint.number}]` }]);
    const closed = (await olga.get(`/api/complaints/${id}`)).body.complaint;
    expect(closed).toMatchObject({ status: 'closed', told: true });
    expect(closed.entries.at(-1)).toMatchObject({ kind: 'out', channel: 'email', text: apology.text });
    const late = await olga.post(`/api/complaints/${id}/status`, { version, status: 'closed', letter: apology });
    expect([late.status, await centre.db('mail_outbox').where('effect', 'like', `complaint:${id}:answer:%`)]).toMatchObject([409, { length: 1 }]); // prettier-ignore
  });
});
