import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Knex } from 'knex';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDb } from '../../server/core/db.ts';
import { createLog } from '../../server/core/log.ts';
import { dir } from '../stack/paths.ts';
import { ensureStack } from '../stack/index.ts';
import type { Stack } from '../stack/index.ts';
import { launchBrowser } from '../support/chromium.ts';
import { startDovecot } from '../support/dovecot.ts';
import type { MailServer } from '../support/dovecot.ts';
import { createProduct, signInOver } from '../support/product.ts';
import type { Product } from '../support/product.ts';
import { callIn } from '../support/sipp.ts';
import { startSmtp } from '../support/smtp.ts';

/**
 * A complaint from its first word to the chief: Ivan calls a real Asterisk, Anna registers it in the talk by one key, Olga answers by mail, he writes back from
 * his mail program, and when the time is over Vera sees it. The mail servers are real ones, both ways.
 */
const PASSWORD = 'correct horse battery';
const CARE = 'care@shop.example';
const IVAN = { name: 'Иван Петров', phones: [{ raw: '8 (916) 123-45-67' }], emails: [{ address: 'ivan@mail.example' }] };

let stack: Stack;
let product: Product;
let db: Knex;
let browser: Browser;
let mailbox: MailServer;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
const contexts: BrowserContext[] = [];

const open = async (login: string): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' });
  contexts.push(context);
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${login}:`, error));
  await page.goto(product.url);
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').first().waitFor();
  return page;
};

/** Each of a list, changed by the administrator. */
const changeAll = async <T>(method: 'PUT' | 'PATCH', path: string, edit: (one: T) => object): Promise<void> => {
  const admin = await signInOver(product.url, 'admin', PASSWORD);
  const { items } = (await admin<{ items: (T & { id: number })[] }>('GET', path)).body;
  expect(items.length).toBeGreaterThan(0);
  for (const one of items) {
    const { status, body } = await admin(method, `${path}/${one.id}`, edit(one));
    expect(status, JSON.stringify(body)).toBeLessThan(300);
  }
};

beforeAll(async () => {
  stack = await ensureStack();
  [mailbox, smtp] = await Promise.all([startDovecot(), startSmtp()]);
  const databaseUrl = await stack.createDatabase('allo_e2e_complaints');
  const env = { SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, MAIL_FROM: CARE, COMPLAINTS_IMAP_URL: mailbox.url };
  product = createProduct({ databaseUrl, redisUrl: stack.redisUrl, asterisk: stack.asterisk, env });
  for (const [login, name, role] of [
    ['admin', 'Ada', 'administrator'],
    ['anna', 'Anna', 'operator'],
    ['olga', 'Olga', 'complaints'],
    ['vera', 'Vera', 'supervisor'],
  ] as const)
    await product.cli(['user', 'add', login, '--name', name, '--role', role, '--language', 'en', '--password-stdin'], PASSWORD);
  await product.cli(['extension', 'set', 'anna', 'test:101', '--secret-stdin'], 'secret-101');
  await product.cli(['queue', 'set', 'anna', 'test:support']);
  await product.start();
  db = openDb(databaseUrl, createLog('error'));
  const admin = await signInOver(product.url, 'admin', PASSWORD);
  expect((await admin('POST', '/clients', IVAN)).status).toBe(201);
  // Open round the clock, whenever this is run.
  const week = Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]);
  await changeAll<{ version: number }>('PATCH', '/calendars', ({ version }) => ({ version, week, days: [] }));
  browser = await launchBrowser();
}, 120_000);

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  console.log(product.log().slice(-6_000));
  const pages = contexts.flatMap((context) => context.pages());
  for (const [i, page] of pages.entries()) await page.screenshot({ path: join(dir, `failed-complaint-${i}.png`) });
});

afterAll(async () => {
  stack?.asterisk.rasterisk('channel request hangup all');
  await browser?.close();
  await db?.destroy();
  await product?.stop();
  await mailbox?.stop();
  await smtp?.close();
});

test('registered in a call by one key, answered by mail, answered back, and seen by the chief when its time is over', async () => {
  const anna = await open('anna');
  await anna.getByRole('button', { name: 'Start shift' }).click();
  await anna.getByText('Ready for calls').waitFor();
  const caller = callIn({ to: '7000', from: '79161234567', name: 'Ivan Petrov', rtpEcho: true });
  const phone = anna.locator('allo-softphone');
  await phone.getByRole('button', { name: 'Answer' }).click({ timeout: 30_000 });
  await phone.getByRole('button', { name: 'Hang up' }).waitFor();

  await anna.keyboard.press('Alt+Digit0');
  const form = anna.locator('allo-complaint-new');
  await form.locator('.choices .button').first().click();
  await form.getByLabel('Subject').or(form.locator('#subject')).first().fill('The parcel is torn');
  await form.getByRole('button', { name: 'Register' }).click();
  await anna.getByText(/Complaint C-\d{4}-\d{6} is registered/).waitFor();
  await phone.getByRole('button', { name: 'Hang up' }).click();
  await caller.done;

  const [row] = (await db('complaints')) as { id: number; number: string; channel: string; client_id: number }[];
  const { id, number } = row!;
  expect(row!.channel).toBe('phone');
  expect(row!.client_id).not.toBeNull();
  const [tied] = (await db('complaint_calls').where({ complaint_id: id })) as { call_ref: string; moment_at: number }[];
  const [call] = (await db('calls')) as { pbx: string; linkedid: string; answered_at: number }[];
  expect(tied!.call_ref).toBe(`${call!.pbx}:${call!.linkedid}`);
  expect(tied!.moment_at).toBeGreaterThanOrEqual(call!.answered_at);

  const olga = await open('olga');
  await olga.goto(`${product.url}/complaints`);
  await olga.locator('allo-complaints').getByText('The parcel is torn').first().click();
  const write = olga.locator('allo-complaint-write');
  await write.getByRole('button', { name: 'To the client' }).click();
  await write.getByLabel('How').selectOption({ label: 'by e-mail' });
  await write.locator('#write').fill('We send you another one today.');
  await write.getByRole('button', { name: 'Send' }).click();
  await expect.poll(() => smtp.received.length, { timeout: 30_000 }).toBe(1);
  const [letter] = smtp.received;
  expect(letter!.to).toEqual(['ivan@mail.example']);
  expect(letter!.raw).toContain(number);
  expect(letter!.raw).toContain('We send you another one today.');

  await mailbox.deliver(
    [
      'From: Ivan <ivan@mail.example>',
      `To: ${CARE}`,
      `Subject: Re: The parcel is torn`,
      'Message-ID: <answer1@mail.example>',
      `In-Reply-To: <${letter!.messageId}>`,
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>It came, and is torn <b>again</b>.</p><img src="http://spy.example/p.gif"><script>document.title = "taken"</script>',
      '',
    ].join('\r\n'),
  );
  // The page that Olga looks at shows it by itself.
  await olga.getByText('It came, and is torn again.').waitFor({ timeout: 60_000 });
  expect(await olga.title()).not.toBe('taken');
  expect(await db('complaints').count({ n: '*' })).toEqual([{ n: 1 }]);

  // Whoever leads makes the rules stricter: it has to be solved within a minute, and the clocks that run are counted anew.
  const vera = await open('vera');
  await changeAll<object>('PUT', '/complaints/policies', (policy) => ({
    ...policy,
    id: undefined,
    resolveMs: 60_000,
    chiefAfterMs: 0,
  }));
  await vera
    .getByText(new RegExp(`${number}.*needs its chief`))
    .first()
    .waitFor({ timeout: 60_000 });
  await vera.goto(`${product.url}/complaints`);
  await vera.locator('allo-complaints').getByText('The parcel is torn').first().waitFor();
  await vera
    .locator('allo-complaints')
    .getByText(/overdue/)
    .first()
    .waitFor();
}, 240_000);
