import type { Line } from './csv.ts';

/** vCard 2.1, 3.0 and 4.0 as rows of one table. Pure over lines. */

export const VCARD_COLUMNS = ['name', 'company', 'position', 'phones', 'emails', 'note', 'birthday', 'address'];

const unescape = (text: string): string => text.replace(/\\([nN,;\\])/g, (_, c: string) => (c === 'n' || c === 'N' ? '\n' : c));
const quotedPrintable = (text: string, charset: string): string => {
  const bytes = Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8'); // a character set that nobody knows
  }
};
const components = (text: string): string[] => text.split(/(?<!\\);/).map((part) => unescape(part).trim());

const cellsOf = (lines: readonly string[]): string[] => {
  const card: Record<string, string[]> = {};
  let full = '';
  let parts = '';
  for (const line of lines) {
    const m = /^(?:[\w-]+\.)?([\w-]+)((?:;[^:]*?)?):(.*)$/s.exec(line);
    if (!m) continue;
    const [, name = '', params = '', raw = ''] = m;
    const charset = /CHARSET=([\w-]+)/i.exec(params)?.[1] ?? 'utf-8';
    const value = /QUOTED-PRINTABLE/i.test(params) ? quotedPrintable(raw, charset) : raw;
    const add = (column: string, text: string) => text.trim() !== '' && (card[column] ??= []).push(text.trim());
    switch (name.toUpperCase()) {
      case 'FN': full = unescape(value).trim(); break;
      case 'N': { const [last = '', first = '', middle = ''] = components(value); parts = [last, first, middle].filter(Boolean).join(' '); break; }
      case 'ORG': add('company', components(value)[0] ?? ''); break;
      case 'TITLE': add('position', unescape(value)); break;
      case 'TEL': add('phones', unescape(value).replace(/^tel:/i, '')); break;
      case 'EMAIL': add('emails', unescape(value)); break;
      case 'NOTE': add('note', unescape(value)); break;
      case 'BDAY': add('birthday', value.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')); break;
      case 'ADR': add('address', components(value).filter(Boolean).join(', ')); break;
    } // prettier-ignore
  }
  card.name = [full || parts || card.company?.[0] || ''];
  return VCARD_COLUMNS.map((column) => (card[column] ?? []).join('; '));
};

export async function* readVcards(parts: AsyncIterable<string>): AsyncIterable<Line> {
  yield { line: 0, cells: VCARD_COLUMNS };
  let rest = '';
  let n = 0;
  let card: string[] | null = null;
  const take = function* (text: string): Iterable<Line> {
    const lines = text.split(/\r\n?|\n/);
    for (const line of lines) {
      const last = card?.at(-1);
      if (/^BEGIN:VCARD/i.test(line)) card = [];
      else if (/^END:VCARD/i.test(line) && card) {
        yield { line: ++n, cells: cellsOf(card) };
        card = null;
      } else if (card && last !== undefined && /^[ \t]/.test(line)) card[card.length - 1] = last + line.slice(1);
      else if (card && last !== undefined && last.endsWith('=') && /QUOTED-PRINTABLE/i.test(last))
        card[card.length - 1] = last.slice(0, -1) + line;
      else if (card && card.length < 1_000) card.push(line);
    }
  };
  for await (const part of parts) {
    rest += part;
    const end = rest.lastIndexOf('\n');
    if (end < 0 || rest.endsWith('\r')) continue;
    yield* take(rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  yield* take(rest);
}
