import { strFromU8, unzipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { VISIT_SUMS } from '../../server/reports/cells.ts';
import { mailReports } from '../../server/reports/mailing.ts';
import { nextDue, periodOf } from '../../server/reports/schedule.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { startSmtp } from '../support/smtp.ts';

const ZONE = 'Europe/Moscow';
/** On the wall of Moscow. */
const at = (text: string) => Date.parse(`${text}:00+03:00`);
const shown = (ms: number) => new Date(ms + 3 * 3_600_000).toISOString().slice(0, 16);

describe('when it is due', () => {
  test.each([
    ['daily', 480, '2026-11-27T07:59', '2026-11-27T08:00'],
    ['daily', 480, '2026-11-27T08:00', '2026-11-28T08:00'],
    ['daily', 0, '2026-12-31T12:00', '2027-01-01T00:00'],
    ['weekly', 480, '2026-11-27T12:00', '2026-11-30T08:00'],
    ['weekly', 480, '2026-11-30T08:00', '2026-12-07T08:00'],
    ['weekly', 480, '2026-11-30T07:00', '2026-11-30T08:00'],
    ['monthly', 1439, '2026-11-27T12:00', '2026-12-01T23:59'],
    ['monthly', 480, '2026-01-31T12:00', '2026-02-01T08:00'],
  ] as const)('%s at minute %i, after %s', (every, minute, after, due) =>
    expect(shown(nextDue({ every, minute }, at(after), ZONE))).toBe(due),
  );
  test.each([
    ['daily', '2026-11-27T08:00', '2026-11-26T00:00', '2026-11-27T00:00'],
    ['weekly', '2026-11-30T08:00', '2026-11-23T00:00', '2026-11-30T00:00'],
    ['weekly', '2026-12-02T08:00', '2026-11-23T00:00', '2026-11-30T00:00'],
    ['monthly', '2026-03-01T08:00', '2026-02-01T00:00', '2026-03-01T00:00'],
  ] as const)('%s, sent %s: of which days', (every, due, from, until) =>
    expect(periodOf(every, at(due), ZONE).map(shown)).toEqual([from, until]),
  );
  test('a day whose clock changes is whole', () => {
    const [from, until] = periodOf('daily', Date.parse('2026-03-30T06:00:00Z'), 'Europe/Berlin');
    expect(until - from).toBe(23 * 3_600_000);
  });
});

eachDatabase((_, engine) => {
  let smtp: Awaited<ReturnType<typeof startSmtp>>;
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  /** Far ahead: the server's own worker finds nothing due. */
  const NOW = at('2036-11-27T12:00');
  beforeAll(async () => {
    smtp = await startSmtp();
    centre = await startCallCentre(engine, { SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, MAIL_FROM: 'allo@example.com' });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
  });
  afterEach(async () => {
    smtp.received.length = 0;
    for (const table of ['report_schedules', 'mail_outbox', 'mail_attachments', 'report_visits']) await centre.db(table).delete();
  });
  afterAll(async () => {
    await centre.close();
    await smtp.close();
  });
  const words = { key: 'Очередь', total: 'Итого', columns: [{ name: 'offered', label: 'Поступило', kind: 'count' }], keys: { 'main:support': 'Поддержка' } }; // prettier-ignore
  const draft = { report: 'queues', format: 'csv', language: 'ru', query: { by: 'queue' }, words };
  const schedule = (change: object = {}, who = vera) =>
    who.post('/api/reports/schedules', { address: 'boss@example.com', title: 'Очереди', every: 'daily', minute: 480, draft, ...change });
  /** The worker, at a time of ours; `due`: the schedules are, at this time. */
  const mail = async (now = NOW, due = true) => {
    if (due) await centre.db('report_schedules').update({ next_at: now - 1_000 });
    await mailReports({ ...centre.app.deps, now: () => now });
  };
  const letters = () => until(() => smtp.received, (all) => all.length > 0); // prettier-ignore
  const attached = (raw: string): Buffer =>
    Buffer.from(/Content-Disposition: attachment[^]*?\r\n\r\n([^]*?)\r\n--/.exec(raw)![1]!.replace(/\s/g, ''), 'base64');

  test('the day before, as the screen has it, once, to whom it was asked; audited', async () => {
    expect((await schedule()).status).toBe(201);
    const zeros = Object.fromEntries(VISIT_SUMS.map((name) => [name, 0]));
    const visits = (text: string, entered: number) => ({ ...zeros, hour: at(text), pbx: 'main', queue: 'support', entered });
    await centre.db('report_visits').insert([visits('2036-11-26T10:00', 3), visits('2036-11-27T10:00', 9)]);
    await mail();
    await mail(NOW, false);
    const [letter, ...more] = await letters();
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ to: ['boss@example.com'] });
    expect(letter!.raw).toContain('filename=allo-queues-2036-11-26-2036-11-26.csv');
    expect(attached(letter!.raw).toString()).toBe('\ufeffОчередь;Поступило\r\nПоддержка;3\r\nИтого;3\r\n');
    expect(await centre.db('audit').where({ what: 'reports.mailed' }).orderBy('id', 'desc').first()).toMatchObject({
      actor_id: vera.userId,
    });
    expect((await vera.get('/api/reports/schedules')).body).toMatchObject({ mail: true, items: [{ address: 'boss@example.com', nextAt: at('2036-11-28T08:00') }] }); // prettier-ignore
  });

  test('two workers at once send one; a workbook is one', async () => {
    await schedule({ draft: { ...draft, format: 'xlsx' } });
    await centre.db('report_schedules').update({ next_at: NOW - 1_000 });
    await Promise.all([mail(NOW, false), mail(NOW, false)]);
    const [letter, ...more] = await letters();
    expect(more).toEqual([]);
    const book = unzipSync(new Uint8Array(attached(letter!.raw)));
    expect(Object.keys(book).map((file) => strFromU8(book[file]!)).join()).toContain('Поступило'); // prettier-ignore
    expect(await centre.db('mail_outbox').count({ n: '*' }).first()).toEqual({ n: 1 });
  });

  test('with the rights of the moment: whoever has left, or is an operator now, is sent nothing', async () => {
    for (const change of [{ left_at: 1 }, { role: 'operator' }]) {
      const gone = await centre.signIn('supervisor');
      await schedule({}, gone);
      await centre.db('users').where({ id: gone.userId }).update(change);
      centre.bus.emit('user.changed', { id: gone.userId });
      await until(() => centre.app.deps.directory.actorOf(gone.userId), (actor) => actor?.role !== 'supervisor'); // prettier-ignore
      await mail();
      expect(await centre.db('report_schedules').select()).toEqual([]);
    }
    expect(await centre.db('mail_outbox').select()).toEqual([]);
  });

  test('each has their own; bad input changes nothing', async () => {
    const { body } = await schedule();
    const other = await centre.signIn('manager');
    expect((await other.get('/api/reports/schedules')).body.items).toEqual([]);
    expect((await other.delete(`/api/reports/schedules/${body.schedule.id}`)).status).toBe(404);
    expect((await schedule({}, centre.anna)).status).toBe(403);
    for (const change of [{ address: 'a@b\r\nBcc: c@d' }, { address: 'nobody' }, { title: 'a\nb' }, { minute: 1440 }, { every: 'hourly' }, { draft: {} }])
      expect((await schedule(change)).status).toBe(400); // prettier-ignore
    expect((await vera.delete(`/api/reports/schedules/${body.schedule.id}`)).status).toBe(204);
    expect(await centre.db('report_schedules').select()).toEqual([]);
  });
});
