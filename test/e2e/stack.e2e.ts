import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { AmiSession } from '../stack/ami-session.ts';
import type { Stack } from '../stack/index.ts';
import { ensureStack } from '../stack/index.ts';
import { launchBrowser } from '../support/chromium.ts';
import type { Phone } from '../support/sipp.ts';
import { callIn, startPhone } from '../support/sipp.ts';

/** The ground the other tests stand on: if this fails, look here first. */
let stack: Stack;
const phones: Phone[] = [];
beforeAll(async () => {
  stack = await ensureStack();
});
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.stop();
});

test("a call through the queue reaches a phone, with the call's Linkedid on its INVITE, and stands in both journals", async () => {
  const phone = await startPhone(201, { does: 'answer', ringMs: 200 });
  phones.push(phone);
  stack.asterisk.rasterisk('queue add member PJSIP/201 to support');
  try {
    const heard = await callIn({ to: '7000', from: '79000000001', name: 'Ivan Petrov', rtpEcho: true, hangupAfterMs: 1_500 }).done;
    expect(heard).toEqual(['answered', 'bye from the caller']);
  } finally {
    stack.asterisk.rasterisk('queue remove member PJSIP/201 from support');
  }
  const [invited, ...rest] = phone.notes();
  expect(rest).toEqual(['answered', 'bye from the other side']);
  const linkedid = /^invited, X-Allo-Call (\d+\.\d+)$/.exec(invited ?? '')?.[1] ?? 'none';
  expect(readFileSync(join(stack.asterisk.spool, 'log/queue_log'), 'utf8')).toContain(`|${linkedid}|support|PJSIP/201|CONNECT|`);
  expect(readFileSync(join(stack.asterisk.spool, 'log/cel-custom/allo.csv'), 'utf8')).toMatch(
    new RegExp(`^"LINKEDID_END","[\\d.]+","${linkedid}",`, 'm'),
  );
});

test('a phone that refuses and a caller who gives up are told as such', async () => {
  phones.push(await startPhone(202, { does: 'refuse', code: 486, ringMs: 100 }), await startPhone(203, { does: 'ring' }));
  expect(await callIn({ to: '202', from: '79000000001' }).done).toEqual(['ringing', 'refused 486']);
  expect(await callIn({ to: '203', from: '79000000001', cancelAfterMs: 500 }).done).toEqual(['ringing', 'cancelled']);
});

test('a caller without the header of the trunk is not let in', async () => {
  const stranger = callIn({ as: 'phone', from: '79000000001', to: '7000' });
  expect((await stranger.done).at(-1)).toMatch(/^refused 40[13]$/);
});

test('Asterisk comes back with another pid after a restart, and refuses a wrong AMI secret', async () => {
  const { amiPort, amiUser, amiSecret } = stack.asterisk;
  const before = stack.asterisk.pid();
  await stack.asterisk.restart();
  expect(stack.asterisk.pid()).not.toBe(before);
  (await AmiSession.open(amiPort, amiUser, amiSecret)).close();
  await expect(AmiSession.open(amiPort, amiUser, 'wrong')).rejects.toThrow('Authentication failed');
});

test('Chromium opens a page and is given a microphone', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${new URL(stack.asterisk.wsUrl).port}/`); // Asterisk's own 404: loopback counts as a safe origin
    const tracks = await page.evaluate(async () => (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks().length);
    expect(tracks).toBe(1);
  } finally {
    await browser.close();
  }
});
