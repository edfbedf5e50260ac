import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVIDENCE_LABELS } from '../../server/dialling/contract.ts';
import type { Evidence } from '../../server/dialling/contract.ts';
import { evidenceLines, evidencePdf } from '../../server/dialling/evidence-pdf.ts';
import { eachDatabase } from '../support/db.ts';
import { startServer } from '../support/server.ts';

const AT = Date.UTC(2026, 10, 23, 7, 20);
const labels = Object.fromEntries(EVIDENCE_LABELS.map((key) => [key, `<${key}>`])) as Record<(typeof EVIDENCE_LABELS)[number], string>;
const words = { labels: { ...labels, title: 'Доказательства' }, codes: { ad: 'реклама', allowed: 'разрешено' } };

/** The characters that a reader of the PDF finds in it: what its fonts say that their glyphs mean. */
const charactersOf = (pdf: Buffer): Set<string> => {
  const found = new Set<string>();
  for (const [whole, head] of pdf.toString('latin1').matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)) {
    void whole;
    let text: string;
    try {
      text = inflateSync(Buffer.from(head!, 'latin1')).toString('latin1');
    } catch {
      continue; // not one of text
    }
    if (text.includes('beginbfrange')) for (const [, hex] of text.matchAll(/<([0-9a-f]{4})>/gi)) found.add(String.fromCharCode(parseInt(hex!, 16))); // prettier-ignore
  }
  return found;
};

const attempt = (n: number): Evidence['attempts'][number] => ({ campaign: 'Осень', campaignId: 1, purpose: 'ad', n, mode: 'manual', placedAt: AT, answeredAt: AT + 5_000, endedAt: null, result: 'talked', operator: 'Анна', callerId: '+74951234567', label: 'ООО Ромашка', contract: '17/2026', call: 'main:allo-c1', decision: { at: AT, verdict: 'allowed', until: null, profile: 'RU', profileVersion: 3, zones: ['Europe/Moscow'], rules: [{ code: 'consent', verdict: 'allowed', until: null, said: 'with consent only' }] } }); // prettier-ignore
const evidence = (attempts: number): Evidence => ({ number: '+79161234567', madeAt: AT, doNotCall: [], consents: [{ id: 1, number: '+79161234567', purpose: 'ad', source: 'site', channel: 'web', text: 'Я согласен', at: AT, until: null, withdrawnAt: null }], attempts: Array.from({ length: attempts }, (_, i) => attempt(i + 1)) }); // prettier-ignore

test('the paper says what the JSON says, in the words of the reader and on the wall of the calendar', () => {
  const lines = evidenceLines(evidence(1), { words }, 'Europe/Moscow').map(({ text }) => text);
  expect(lines).toEqual([
    'Доказательства: +79161234567',
    '<madeAt>: 2026-11-23 10:20 (Europe/Moscow)',
    '<doNotCall>',
    '<nothing>',
    '<consents>',
    '2026-11-23 10:20 · реклама · web · site',
    'Я согласен',
    '<attempts>',
    '2026-11-23 10:20 · Осень (1) · реклама · manual · talked · <operator>: Анна',
    '<answered>: 2026-11-23 10:20 · <callerId>: +74951234567 · <label>: ООО Ромашка · <contract>: 17/2026 · main:allo-c1',
    '<rules>: RU <version> 3 · разрешено · Europe/Moscow',
    'consent: разрешено (with consent only)',
  ]);
});

test('as PDF: Cyrillic can be read and searched in it, long evidence has its pages, and no more', async () => {
  const pages = (pdf: Buffer) => (pdf.toString('latin1').match(/\/Type \/Page\b/g) ?? []).length;
  const made = (count: number) => evidencePdf(evidenceLines(evidence(count), { words }, 'UTC'), { title: 'Доказательства', at: AT });
  const [short, long] = [await made(1), await made(300)];
  expect(short.subarray(0, 5).toString()).toBe('%PDF-');
  expect([...'ДоказательстваЯсогласен'].filter((letter) => !charactersOf(short).has(letter))).toEqual([]);
  expect([pages(short), pages(long) > 10, pages(long) < 60]).toEqual([1, true, true]);
});

eachDatabase((_, engine) => {
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    server = await startServer({ engine, env: { PBX: 'other=ami://user:secret@127.0.0.1:1' } });
  });
  afterAll(() => server.close());

  test('who may read the evidence saves it as PDF, and the audit knows; nobody else does', async () => {
    const vera = await server.signIn('supervisor', { name: 'Vera' });
    const ask = { number: '8 916 123-45-67', words };
    const file = await vera.post('/api/dialling/evidence/pdf', ask);
    expect(file.status).toBe(200);
    expect(String(file.body).slice(0, 5)).toBe('%PDF-');
    expect((await vera.post('/api/dialling/evidence/pdf', { ...ask, number: 'x' })).status).toBe(400);
    expect((await vera.post('/api/dialling/evidence/pdf', { number: ask.number, words: { labels: {}, codes: {} } })).status).toBe(400);
    const told = await server.db('audit').where({ what: 'dialling.evidence', row_id: '+79161234567' });
    expect(told.map(({ actor_id, details }: { actor_id: number; details: string }) => [actor_id, JSON.parse(details)])).toEqual([[vera.userId, { as: 'pdf' }]]); // prettier-ignore
    const anna = await server.signIn('operator', { name: 'Anna' });
    expect((await anna.post('/api/dialling/evidence/pdf', ask)).status).toBe(403);
  });
});
