import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import { writeDbf } from './dbf-write.ts';
import { guarded, xmlText } from './guard.ts';
import { writeVcards } from './vcard-write.ts';
import { writeXlsx } from './xlsx-write.ts';

/** Tables of text as files, row by row: a million rows pass through without standing in memory (a DBF excepted, which says its widths first). */

export interface Sheet {
  /** key: a-z, 0-9, _ and dot; label: what the reader calls it. */
  columns: readonly { key: string; label: string }[];
  rows: AsyncIterable<readonly string[]>;
  language: 'ru' | 'en';
}

export const SHEET_MEDIA = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  dbf: 'application/x-dbf',
  xml: 'application/xml; charset=utf-8',
  vcf: 'text/vcard; charset=utf-8',
} as const;
export type SheetFormat = keyof typeof SHEET_MEDIA;

async function* csv({ columns, rows, language }: Sheet): AsyncIterable<Buffer> {
  const lines = async function* () {
    yield columns.map(({ label }) => guarded(label));
    for await (const row of rows) yield row.map(guarded);
  };
  const out = Readable.from(lines()).pipe(
    stringify({ bom: true, delimiter: language === 'ru' ? ';' : ',', record_delimiter: 'windows', quoted_match: /[\r\n]/ }),
  );
  for await (const part of out) yield Buffer.from(part as Uint8Array);
}

async function* xml({ columns, rows }: Sheet): AsyncIterable<Buffer> {
  yield Buffer.from('<?xml version="1.0" encoding="UTF-8"?>\n<clients>\n');
  for await (const row of rows) {
    const fields = columns.map(({ key, label }, i) => `    <field key="${xmlText(key)}" label="${xmlText(label)}">${xmlText(row[i] ?? '')}</field>`); // prettier-ignore
    yield Buffer.from(`  <client>\n${fields.join('\n')}\n  </client>\n`);
  }
  yield Buffer.from('</clients>\n');
}

const WRITERS: Record<SheetFormat, (sheet: Sheet) => AsyncIterable<Buffer>> = {
  csv,
  xlsx: writeXlsx,
  dbf: writeDbf,
  xml,
  vcf: writeVcards,
};

export const writeSheet = (format: SheetFormat, sheet: Sheet): Readable => Readable.from(WRITERS[format](sheet));
