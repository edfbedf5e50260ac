/** A quote that is not closed within so many lines or characters was none: its line is told as broken, and reading goes on behind it. */
const MOST_LINES = 100;
const MOST_CHARS = 64_000;

export type Line = { line: number; cells: string[] } | { line: number; fault: string; cells: string[] };

/** One record from the beginning of `text`; null: it does not end within what is there. Pure. */
const record = (text: string, delimiter: string, last: boolean): { cells: string[]; length: number } | 'broken' | null => {
  const cells: string[] = [];
  let cell = '';
  let i = 0;
  for (;;) {
    if (text[i] === '"') {
      let end = i + 1;
      for (;;) {
        const quote = text.indexOf('"', end);
        const until = quote < 0 ? text.length : quote;
        if (until - i > MOST_CHARS || text.slice(i, until).split('\n', MOST_LINES + 1).length > MOST_LINES) return 'broken';
        if (quote < 0) return last ? 'broken' : null;
        if (text[quote + 1] === undefined && !last) return null;
        cell += text.slice(end, quote);
        end = quote + 1;
        if (text[end] !== '"') break;
        cell += '"';
        end++;
      }
      i = end;
      // Behind a closing quote comes the next cell or the next line, or it was no quote at all.
      if (i < text.length && text[i] !== delimiter && text[i] !== '\n' && text[i] !== '\r') return 'broken';
    }
    while (i < text.length && text[i] !== delimiter && text[i] !== '\n' && text[i] !== '\r') cell += text[i++];
    if (i >= text.length) return last ? { cells: [...cells, cell], length: text.length } : null;
    if (text[i] === delimiter) {
      cells.push(cell);
      cell = '';
      i++;
      continue;
    }
    if (text[i] === '\r' && text[i + 1] === undefined && !last) return null;
    return { cells: [...cells, cell], length: i + (text[i] === '\r' && text[i + 1] === '\n' ? 2 : 1) };
  }
};

/** Records of a text that comes in parts; empty lines are none. `line`: of the file, from 1. */
export async function* readCsv(parts: AsyncIterable<string>, delimiter: string): AsyncIterable<Line> {
  let text = '';
  let line = 1;
  const take = function* (last: boolean): Iterable<Line> {
    let at = 0;
    while (at < text.length) {
      const rest = text.slice(at, at + MOST_CHARS * 4);
      const found = record(rest, delimiter, last && at + MOST_CHARS * 4 >= text.length);
      if (found === null) {
        if (rest.length < MOST_CHARS * 4) break;
        at += rest.length; // one line of a quarter of a megabyte
        yield { line: line++, fault: 'too_long', cells: [rest.slice(0, 200)] };
        continue;
      }
      if (found === 'broken') {
        const end = rest.search(/\r\n?|\n/);
        const length = end < 0 ? rest.length : end;
        yield { line, fault: 'broken_quote', cells: rest.slice(0, length).split(delimiter) };
        line++;
        at += length + (rest.startsWith('\r\n', length) ? 2 : 1);
        continue;
      }
      if (found.cells.some((cell) => cell.trim() !== '')) yield { line, cells: found.cells };
      line += rest.slice(0, found.length).split(/\r\n?|\n/).length - 1;
      at += found.length;
    }
    text = text.slice(at);
  };
  for await (const part of parts) {
    text += part;
    yield* take(false);
  }
  yield* take(true);
}
