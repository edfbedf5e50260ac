import iconv from 'iconv-lite';
import type { Sheet } from './write.ts';

/** dBASE III, cp866: the code page's mark in byte 29, so that 1C and FoxPro read Russian. */
const CP866 = 0x65;
const MOST_WIDTH = 254;
/** The widths stand in the header, so all rows are read first. */
const MOST_ROWS = 200_000;

/** Ten letters, digits and _ a name, none twice. */
const fieldNames = (keys: readonly string[]): string[] => {
  const names: string[] = [];
  for (const key of keys) {
    const base = key.toUpperCase().replace(/[^A-Z0-9_]/g, '_').slice(0, 10) || 'F'; // prettier-ignore
    let name = base;
    for (let n = 1; names.includes(name); n++) name = `${base.slice(0, 10 - String(n).length)}${n}`;
    names.push(name);
  }
  return names;
};

export async function* writeDbf({ columns, rows }: Sheet): AsyncIterable<Buffer> {
  const records: Buffer[][] = [];
  const widths = columns.map(() => 1);
  for await (const row of rows) {
    if (records.length === MOST_ROWS) break;
    const cells = columns.map((_, i) => iconv.encode((row[i] ?? '').replace(/[\r\n\t]+/g, ' '), 'cp866').subarray(0, MOST_WIDTH));
    cells.forEach((cell, i) => (widths[i] = Math.max(widths[i]!, cell.length)));
    records.push(cells);
  }
  const header = Buffer.alloc(32 + 32 * columns.length + 1);
  const recordLength = 1 + widths.reduce((sum, width) => sum + width, 0);
  header.writeUInt8(0x03, 0);
  const today = new Date();
  header.set([today.getUTCFullYear() - 1900, today.getUTCMonth() + 1, today.getUTCDate()], 1);
  header.writeUInt32LE(records.length, 4);
  header.writeUInt16LE(header.length, 8);
  header.writeUInt16LE(recordLength, 10);
  header.writeUInt8(CP866, 29);
  fieldNames(columns.map(({ key }) => key)).forEach((name, i) => {
    const at = 32 + 32 * i;
    header.write(name, at, 'ascii');
    header.write('C', at + 11, 'ascii');
    header.writeUInt8(widths[i]!, at + 16);
  });
  header.writeUInt8(0x0d, header.length - 1);
  yield header;
  for (const cells of records) {
    const record = Buffer.alloc(recordLength, 0x20);
    let at = 1;
    cells.forEach((cell, i) => {
      record.set(cell, at);
      at += widths[i]!;
    });
    yield record;
  }
  yield Buffer.from([0x1a]);
}
