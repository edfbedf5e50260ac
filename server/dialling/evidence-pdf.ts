import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { momentText, wallOf } from '../core/zone.ts';
import type { Evidence, EvidencePdf } from './contract.ts';

/** The evidence for a number on paper: what stands in the JSON, in the reader's words. */

const require = createRequire(import.meta.url);
/** They know Cyrillic, and nearly everything else that people are called. */
const FONT = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const BOLD = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');

export interface Line {
  readonly as: 'title' | 'head' | 'text' | 'small';
  readonly text: string;
}

/** Line after line what the paper says. Pure. */
export const evidenceLines = (evidence: Evidence, { words }: Pick<EvidencePdf, 'words'>, timeZone: string): Line[] => {
  const { labels, codes } = words;
  const when = (at: number): string => momentText(wallOf(at, timeZone));
  const code = (of: string | null): string => (of === null ? '' : (codes[of] ?? of));
  const said = (label: keyof typeof labels, text: string): string[] => (text === '' ? [] : [`${labels[label]}: ${text}`]);
  const lines: Line[] = [
    { as: 'title', text: `${labels.title}: ${evidence.number}` },
    { as: 'small', text: `${labels.madeAt}: ${when(evidence.madeAt)} (${timeZone})` },
  ];
  const add = (as: Line['as'], ...parts: readonly string[]) => lines.push({ as, text: parts.filter(Boolean).join(' · ') });

  add('head', labels.doNotCall);
  if (evidence.doNotCall.length === 0) add('text', labels.nothing);
  for (const { at, source, list, listDate, note, by, callRef } of evidence.doNotCall)
    add('text', when(at), code(source), list, listDate ?? '', note, by ?? '', callRef ?? '');

  add('head', labels.consents);
  if (evidence.consents.length === 0) add('text', labels.nothing);
  for (const one of evidence.consents) {
    add('text', when(one.at), code(one.purpose), one.channel, one.source, ...said('until', one.until === null ? '' : when(one.until)), ...said('withdrawn', one.withdrawnAt === null ? '' : when(one.withdrawnAt))); // prettier-ignore
    add('small', one.text);
  }

  add('head', labels.attempts);
  if (evidence.attempts.length === 0) add('text', labels.nothing);
  for (const one of evidence.attempts) {
    add('text', when(one.placedAt), `${one.campaign} (${one.n})`, code(one.purpose), code(one.mode), code(one.result), ...said('operator', one.operator ?? '')); // prettier-ignore
    add('small', ...said('answered', one.answeredAt === null ? '' : when(one.answeredAt)), ...said('ended', one.endedAt === null ? '' : when(one.endedAt)), ...said('callerId', one.callerId), ...said('label', one.label), ...said('contract', one.contract), one.call); // prettier-ignore
    if (one.decision === null) continue;
    const { profile, profileVersion, zones, rules, verdict } = one.decision;
    add('small', `${labels.rules}: ${profile} ${labels.version} ${profileVersion}`, code(verdict), zones.join(', '));
    for (const rule of rules) add('small', `${code(rule.code)}: ${code(rule.verdict)} (${rule.said})`);
  }
  return lines;
};

const SIZES: Readonly<Record<Line['as'], number>> = { title: 16, head: 12, text: 9, small: 7.5 };
const MARGIN = 50;

/** Pages of A4, numbered. */
export const evidencePdf = (lines: readonly Line[], about: { title: string; at: number }): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const info = { Title: about.title, Creator: 'Allo', CreationDate: new Date(about.at) };
    const doc = new PDFDocument({ size: 'A4', margin: MARGIN, bufferPages: true, info });
    const parts: Buffer[] = [];
    doc.on('data', (part: Buffer) => parts.push(part));
    doc.on('end', () => resolve(Buffer.concat(parts)));
    doc.on('error', reject);
    for (const { as, text } of lines) {
      if (as === 'head' || as === 'text') doc.moveDown(as === 'head' ? 0.8 : 0.3);
      doc.font(as === 'title' || as === 'head' ? BOLD : FONT).fontSize(SIZES[as]);
      doc.text(text, as === 'small' ? MARGIN + 12 : MARGIN);
    }
    const { start, count } = doc.bufferedPageRange();
    for (let i = start; i < start + count; i += 1) {
      doc.switchToPage(i);
      // below the margin, where text would otherwise begin another page
      doc.page.margins.bottom = 0;
      doc.font(FONT).fontSize(7.5).text(`${about.title} · ${i + 1}/${count}`, MARGIN, doc.page.height - MARGIN / 2 - 10, { lineBreak: false }); // prettier-ignore
    }
    doc.end();
  });
