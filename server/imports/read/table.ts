import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { AppError } from '../../core/errors.ts';
import { readCsv } from './csv.ts';
import type { Line } from './csv.ts';
import { readDbf } from './dbf.ts';
import { delimiterOf, encodingOf } from './text.ts';
import { readVcards } from './vcard.ts';
import { readXlsx } from './xlsx.ts';
import { readXml } from './xml.ts';

/** Any file we take as one table: the first line is its columns. */

export type Format = 'csv' | 'xlsx' | 'dbf' | 'vcf' | 'xml';
export interface Kind {
  format: Format;
  encoding: string;
  delimiter: string;
}
const HEAD = 256 * 1024;

/** What it is, by its bytes and, where these do not tell, its name. @throws AppError invalid (empty, unknown_format) */
export const kindOf = async (path: string, name: string): Promise<Kind> => {
  const file = await open(path);
  const buffer = Buffer.alloc(HEAD);
  const { bytesRead } = await file.read(buffer, 0, HEAD, 0).finally(() => file.close());
  const head = buffer.subarray(0, bytesRead);
  const refused = (code: string) => new AppError('invalid', `file: ${code}`, { issues: [{ path: 'file', code }] });
  if (head.length === 0) throw refused('empty');
  const binary = (format: Format): Kind => ({ format, encoding: '', delimiter: '' });
  if (head[0] === 0x50 && head[1] === 0x4b) return binary('xlsx');
  if (/\.dbf$/i.test(name) && [0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x83, 0x8b, 0xf5].includes(head[0]!)) return binary('dbf');
  const encoding = encodingOf(head);
  const text = iconv.decode(head, encoding);
  if (/^\s*BEGIN:VCARD/i.test(text)) return { format: 'vcf', encoding, delimiter: '' };
  if (/^\s*<[?!\w]/.test(text)) {
    const declared = /^\s*<\?xml[^>]*encoding=["']([\w-]+)["']/.exec(text)?.[1];
    return { format: 'xml', encoding: declared && iconv.encodingExists(declared) ? declared : encoding, delimiter: '' };
  }
  if (head.includes(0) && !encoding.startsWith('utf16')) throw refused('unknown_format');
  return { format: 'csv', encoding, delimiter: delimiterOf(text) };
};

async function* texts(path: string, encoding: string, count: (bytes: number) => void): AsyncIterable<string> {
  const decoder = iconv.getDecoder(encoding);
  for await (const chunk of createReadStream(path, { highWaterMark: HEAD })) {
    count((chunk as Buffer).length);
    yield decoder.write(chunk as Buffer);
  }
  yield decoder.end() ?? '';
}

/** All lines, the columns first. `count` is told of the bytes that were read, where that can be said. */
export const readTable = (path: string, size: number, { format, encoding, delimiter }: Kind, count: (bytes: number) => void = () => {}): AsyncIterable<Line> => {
  if (format === 'xlsx') return readXlsx(path, size);
  if (format === 'dbf') return readDbf(path, size);
  const parts = texts(path, encoding, count);
  if (format === 'vcf') return readVcards(parts);
  return format === 'xml' ? readXml(parts) : readCsv(parts, delimiter);
}; // prettier-ignore
