import { open } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { AppError } from '../../core/errors.ts';
import type { Line } from './csv.ts';
import { encodingOf } from './text.ts';

/** dBASE III to FoxPro. What the header says is believed only as far as the file bears it out. */

const lies = (code: string) => new AppError('invalid', `dbf: ${code}`, { issues: [{ path: 'file', code: 'bad_header' }] });
/** Byte 29: the code page. */
const PAGES: Readonly<Record<number, string>> = {
  0x26: 'cp866',
  0x65: 'cp866',
  0x57: 'win1251',
  0xc9: 'win1251',
  0x7d: 'win1255',
  0x03: 'win1252',
};
const AT_ONCE = 500;

/** @throws AppError invalid (bad_header) */
export async function* readDbf(path: string, size: number): AsyncIterable<Line> {
  const file = await open(path);
  try {
    const bytes = async (at: number, length: number): Promise<Buffer> => {
      const into = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
      const { bytesRead } = await file.read(into, 0, into.length, at);
      return into.subarray(0, bytesRead);
    };
    const head = await bytes(0, 32);
    if (head.length < 32) throw lies('short');
    const [headerLength, recordLength] = [head.readUInt16LE(8), head.readUInt16LE(10)];
    if (headerLength < 33 || headerLength > size || recordLength < 2 || recordLength > 65_500) throw lies('lengths');
    const described = await bytes(32, headerLength - 32);
    const fields: { name: string; type: string; at: number; length: number }[] = [];
    let at = 1;
    for (let i = 0; i + 32 <= described.length && described[i] !== 0x0d; i += 32) {
      const length = described[i + 16]!;
      fields.push({ name: described.toString('latin1', i, i + 11).replace(/\0.*$/s, ''), type: String.fromCharCode(described[i + 11]!), at, length }); // prettier-ignore
      at += length;
    }
    if (fields.length === 0 || at > recordLength) throw lies('fields');
    const sample = await bytes(headerLength, recordLength * 200);
    const page = PAGES[head[29]!] ?? (encodingOf(sample) === 'cp866' ? 'cp866' : 'win1251');
    yield { line: 0, cells: fields.map(({ name }) => name) };
    // Not so many as the header says, but so many as there are.
    for (let line = 1, from = headerLength; from < size; from += AT_ONCE * recordLength) {
      const chunk = await bytes(from, AT_ONCE * recordLength);
      for (let r = 0; r + recordLength <= chunk.length; r += recordLength, line++) {
        if (chunk[r] === 0x1a) return;
        if (chunk[r] === 0x2a) continue; // deleted
        const cells = fields.map(({ type, at: begin, length }) => {
          const text = iconv
            .decode(chunk.subarray(r + begin, r + begin + length), page)
            .replace(/\0/g, '')
            .trim();
          return type === 'D' && /^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text;
        });
        yield { line, cells };
      }
    }
  } finally {
    await file.close();
  }
}
