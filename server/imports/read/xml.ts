import { SaxesParser } from 'saxes';
import { AppError } from '../../core/errors.ts';
import type { Line } from './csv.ts';

/**
 * XML as a table: each child of the root is a row, what stands in it a column: an element by its name, or by its attribute `key`, and each attribute.
 * Entities of the file's own are refused: they can grow without bounds, and read other files.
 */
const refused = (code: string, cause?: unknown) => new AppError('invalid', `xml: ${code}`, { issues: [{ path: 'file', code }] }, { cause });
const MOST_COLUMNS = 300;

type Row = Map<string, string>;

async function* rowsOf(parts: AsyncIterable<string>): AsyncIterable<Row> {
  const parser = new SaxesParser();
  const ready: Row[] = [];
  let row: Row | null = null;
  let depth = 0;
  let key = '';
  const add = (column: string, text: string) => {
    if (!row || text.trim() === '' || (!row.has(column) && row.size >= MOST_COLUMNS)) return;
    row.set(column, row.has(column) ? `${row.get(column)}; ${text.trim()}` : text.trim());
  };
  let text = '';
  parser.on('doctype', () => {
    throw refused('doctype');
  });
  parser.on('error', (err) => {
    throw refused('malformed', err);
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth++;
    if (depth === 2) row = new Map();
    if (depth >= 2) for (const [attribute, value] of Object.entries(attributes as Record<string, string>)) if (!(depth > 2 && ['key', 'label'].includes(attribute))) add(depth === 2 ? attribute : `${name}.${attribute}`, value); // prettier-ignore
    if (depth > 2) key = (attributes as Record<string, string>).key ?? name;
    text = '';
  });
  const more = (part: string) => void (text += part);
  parser.on('text', more);
  parser.on('cdata', more);
  parser.on('closetag', () => {
    if (depth > 2) add(key, text);
    if (depth === 2 && row) ready.push(row);
    text = '';
    depth--;
  });
  for await (const part of parts) {
    parser.write(part);
    yield* ready.splice(0);
  }
  parser.close();
  yield* ready.splice(0);
}

/** Columns are those of the first rows, read ahead. */
const AHEAD = 200;

export async function* readXml(parts: AsyncIterable<string>): AsyncIterable<Line> {
  const ahead: Row[] = [];
  let columns: string[] | null = null;
  let line = 0;
  const rows = (list: readonly Row[]) => list.map((row) => ({ line: ++line, cells: columns!.map((column) => row.get(column) ?? '') }));
  for await (const row of rowsOf(parts)) {
    if (columns) yield* rows([row]);
    else if (ahead.push(row) >= AHEAD) {
      columns = [...new Set(ahead.flatMap((each) => [...each.keys()]))];
      yield { line: 0, cells: columns };
      yield* rows(ahead);
    }
  }
  if (columns) return;
  columns = [...new Set(ahead.flatMap((each) => [...each.keys()]))];
  yield { line: 0, cells: columns };
  yield* rows(ahead);
}
