import { createReadStream } from 'node:fs';
import { Unzip, UnzipInflate } from 'fflate';
import { SaxesParser } from 'saxes';
import { AppError } from '../../core/errors.ts';
import type { Line } from './csv.ts';

/** A workbook's first sheet, row by row. The archive is unpacked as it is read, and no further than a workbook of this size can be large. */

/** Bytes of one part, unpacked; and how many times larger than the file itself all of it may be. */
const MOST_BYTES = 1_000_000_000;
const MOST_TIMES = 200;
const MOST_TEXTS = 150_000_000;
const bomb = () => new AppError('invalid', 'the archive unpacks to too much', { issues: [{ path: 'file', code: 'zip_bomb' }] });
const unreadable = (cause?: unknown) =>
  new AppError('invalid', 'no workbook', { issues: [{ path: 'file', code: 'unreadable' }] }, { cause });

/** Feeds one part of the archive to `take`, as text. @returns whether it is there */
const readPart = async function* (path: string, size: number, wanted: (name: string) => boolean): AsyncIterable<string> {
  const state: { ready: string[]; failed: Error | null; bytes: number; found: boolean } = {
    ready: [],
    failed: null,
    bytes: 0,
    found: false,
  };
  const decoder = new TextDecoder();
  const unzip = new Unzip((file) => {
    if (state.found || !wanted(file.name)) return;
    state.found = true;
    file.ondata = (err, data) => {
      if (err) state.failed = unreadable(err);
      state.bytes += data?.length ?? 0;
      if (state.bytes > MOST_BYTES || state.bytes > Math.max(size * MOST_TIMES, 20_000_000)) throw bomb();
      if (data) state.ready.push(decoder.decode(data, { stream: true }));
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  // Small parts: each may unpack to a thousand times its size before it is counted.
  for await (const chunk of createReadStream(path, { highWaterMark: 8_192 })) {
    try {
      unzip.push(new Uint8Array(chunk as Buffer));
    } catch (err) {
      throw err instanceof AppError ? err : unreadable(err);
    }
    if (state.failed) throw state.failed;
    yield* state.ready.splice(0);
  }
};

const local = (name: string) => name.replace(/^.*:/, '');

const sharedTexts = async (path: string, size: number): Promise<string[]> => {
  const texts: string[] = [];
  const parser = new SaxesParser();
  let text: string | null = null;
  let inText = false;
  let total = 0;
  parser.on('opentag', ({ name }) => {
    if (local(name) === 'si') text = '';
    inText = local(name) === 't';
  });
  parser.on('text', (part) => {
    if (text !== null && inText) text += part;
  });
  parser.on('closetag', ({ name }) => {
    if (local(name) === 'rPh') inText = false;
    if (local(name) === 't') inText = false;
    if (local(name) !== 'si') return;
    texts.push(text ?? '');
    total += text?.length ?? 0;
    if (total > MOST_TEXTS) throw bomb();
    text = null;
  });
  parser.on('doctype', () => {
    throw unreadable();
  });
  for await (const part of readPart(path, size, (name) => /^xl\/sharedStrings\.xml$/i.test(name))) parser.write(part);
  return texts;
};

/** By the number of a style: it shows a date. */
const dateStyles = async (path: string, size: number): Promise<ReadonlySet<number>> => {
  const dates = new Set<number>();
  const formats = new Map<string, boolean>();
  let inCells = false;
  let n = 0;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const of = attributes as Record<string, string>;
    if (local(name) === 'numFmt') formats.set(of.numFmtId ?? '', /[dy]/i.test((of.formatCode ?? '').replace(/"[^"]*"|\[[^\]]*\]/g, '')));
    if (local(name) === 'cellXfs') inCells = true;
    if (local(name) !== 'xf' || !inCells) return;
    const id = Number(of.numFmtId);
    if ((id >= 14 && id <= 17) || id === 22 || formats.get(of.numFmtId ?? '')) dates.add(n);
    n++;
  });
  parser.on('closetag', ({ name }) => {
    if (local(name) === 'cellXfs') inCells = false;
  });
  for await (const part of readPart(path, size, (name) => /^xl\/styles\.xml$/i.test(name))) parser.write(part);
  return dates;
};

/** "AB12" is the 28th column. */
const columnOf = (ref: string): number => [...(/^[A-Z]+/.exec(ref)?.[0] ?? 'A')].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0) - 1; // prettier-ignore
const MOST_COLUMNS = 500;
/** Days from 1899-12-30. */
const dateText = (serial: number): string => new Date(Math.round((serial - 25_569) * 86_400) * 1000).toISOString().slice(0, 10);

/** @throws AppError invalid: zip_bomb, unreadable */
export async function* readXlsx(path: string, size: number): AsyncIterable<Line> {
  const texts = await sharedTexts(path, size);
  const dates = await dateStyles(path, size);
  const rows: Line[] = [];
  let cells: string[] = [];
  let line = 0;
  let [column, type, style, value] = [0, '', 0, ''];
  let reading = false;
  const parser = new SaxesParser();
  parser.on('doctype', () => {
    throw unreadable();
  });
  parser.on('opentag', ({ name, attributes }) => {
    const of = attributes as Record<string, string>;
    const tag = local(name);
    if (tag === 'row') {
      cells = [];
      line = Number(of.r) || line + 1;
    } else if (tag === 'c') {
      column = of.r ? columnOf(of.r) : cells.length;
      type = of.t ?? '';
      style = Number(of.s ?? -1);
      value = '';
    }
    reading = tag === 'v' || tag === 't';
  });
  parser.on('text', (part) => {
    if (reading) value += part;
  });
  parser.on('closetag', ({ name }) => {
    const tag = local(name);
    reading = false;
    if (tag === 'c' && column < MOST_COLUMNS) {
      while (cells.length < column) cells.push('');
      const number = Number(value);
      cells[column] = type === 's' ? (texts[number] ?? '') : type === '' && value !== '' && dates.has(style) && Number.isFinite(number) && Math.abs(number) < 3e6 ? dateText(number) : value; // prettier-ignore
    } else if (tag === 'row' && cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells });
  });
  let any = false;
  for await (const part of readPart(path, size, (name) => /^xl\/worksheets\/[^/]+\.xml$/i.test(name))) {
    any = true;
    try {
      parser.write(part);
    } catch (err) {
      throw err instanceof AppError ? err : unreadable(err);
    }
    yield* rows.splice(0);
  }
  if (!any) throw unreadable();
}
