import { stringify } from 'csv-stringify/sync';
import writeXlsxFile from 'write-excel-file/node';
import type { SheetData } from 'write-excel-file/node';
import { guarded } from '../core/sheets/guard.ts';
import { dateText, momentText, wallOf } from '../core/zone.ts';
import type { ExportDraft, ReportKey } from './contract.ts';

/** A report as a file: the figures are ours, the words are those that the browser shows. */

interface Report {
  /** code: of a report of another feature, as its words name it. */
  rows: { key: ReportKey & { code?: string }; figures: object }[];
  total: object;
  timeZone: string;
}
/** What of a draft makes the file; other features have reports of their own. money: in major units; mean: one place after the point. */
export interface FileDraft {
  report: string;
  language: ExportDraft['language'];
  query: { by: string };
  words: Omit<ExportDraft['words'], 'columns'> & { columns: { name: string; label: string; kind: keyof typeof FORMATS }[] };
}
type Value = string | number | null;

const two = (n: number): string => String(n).padStart(2, '0');

const wordsOf = (
  key: Report['rows'][number]['key'],
  { by, words }: Pick<FileDraft, 'words'> & { by: string },
  timeZone: string,
): string => {
  if (key.at !== undefined) {
    const wall = wallOf(key.at, timeZone);
    return by === 'hour' ? momentText(wall) : dateText(wall);
  }
  if (key.user) return key.user.name;
  const code = key.code ?? key.queue ?? key.outcome ?? String(key.n ?? '');
  return words.keys[code] ?? code;
};

const table = (draft: FileDraft, report: Report): Value[][] => {
  const figures = (of: object) =>
    draft.words.columns.map(({ name }) => {
      const value: unknown = (of as Record<string, unknown>)[name];
      return typeof value === 'number' ? value : null;
    });
  const words = { words: draft.words, by: draft.query.by };
  return [
    ...report.rows.map(({ key, figures: of }) => [wordsOf(key, words, report.timeZone), ...figures(of)]),
    [draft.words.total, ...figures(report.total)],
  ];
};

const DAY_MS = 86_400_000;
const clock = (ms: number): string => {
  const s = Math.round(ms / 1000);
  return `${Math.floor(s / 3600)}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
};

/** UTF-8 with its mark, and separated as the spreadsheets of that language expect. */
export const csvOf = (draft: FileDraft, report: Report): Buffer => {
  const russian = draft.language === 'ru';
  const decimal = (text: string) => (russian ? text.replace('.', ',') : text);
  const written = (value: Value, kind: string | undefined): string => {
    if (value === null) return '';
    if (typeof value === 'string') return guarded(value);
    if (kind === 'ms') return clock(value);
    if (kind === 'money' || kind === 'mean') return decimal(value.toFixed(kind === 'money' ? 2 : 1));
    return kind === 'share' ? `${decimal((value * 100).toFixed(1))}%` : decimal(String(value));
  };
  const { columns, key } = draft.words;
  const rows = table(draft, report).map((row) => row.map((value, i) => written(value, columns[i - 1]?.kind)));
  const head = [key, ...columns.map(({ label }) => label)].map(guarded);
  return Buffer.from(stringify([head, ...rows], { bom: true, delimiter: russian ? ';' : ',', record_delimiter: 'windows' }));
};

const FORMATS = { count: '0', share: '0.0%', ms: '[h]:mm:ss', money: '0.00', mean: '0.0' } as const;

/** Texts are cells of text: a spreadsheet evaluates none of them. */
export const xlsxOf = (draft: FileDraft, report: Report): Promise<Buffer> => {
  const { columns, key } = draft.words;
  const text = (value: string, bold = false) => ({ value, type: String, ...(bold && { fontWeight: 'bold' as const }) });
  const data: SheetData = [
    [key, ...columns.map(({ label }) => label)].map((label) => text(label, true)),
    ...table(draft, report).map((row) =>
      row.map((value, i) => {
        if (value === null) return null;
        if (typeof value === 'string') return text(value);
        const kind = columns[i - 1]!.kind;
        return { value: kind === 'ms' ? value / DAY_MS : value, type: Number, format: FORMATS[kind] };
      }),
    ),
  ];
  return writeXlsxFile(data, {
    sheet: draft.report,
    columns: [{ width: 28 }, ...columns.map(() => ({ width: 16 }))],
    stickyRowsCount: 1,
  }).toBuffer();
};

/** Letters, digits and dashes alone: "allo-queues-2026-11-01-2026-11-30.csv". */
export const fileName = ({ report, format, query }: ExportDraft, timeZone: string): string => {
  const date = (at: number) => dateText(wallOf(at, timeZone));
  return `allo-${report}-${date(query.from)}-${date(query.until - 1)}.${format}`;
};
