/** Events and replies as text. */

export type Header = readonly [name: string, value: string | number];

/** A value never ends its line: whatever a caller's name holds, it forges no header. */
const oneLine = (value: string | number): string => String(value).replace(/[\r\n\0]/g, ' ');

export const toBlock = (headers: readonly Header[]): string =>
  headers.map(([name, value]) => `${name}: ${oneLine(value)}\r\n`).join('') + '\r\n';

const ESCAPED: Record<string, string> = { '\x07': 'a', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\v': 'v' };

/** Names of people go out as Asterisk's ast_escape_c writes them: O'Hara is `O\'Hara`. */
export const escapeName = (name: string): string => name.replace(/[\x07\b\f\n\r\t\v\\'"?]/g, (c) => `\\${ESCAPED[c] ?? c}`);

/** "1700000000.012345": Asterisk's stamps, never twice the same. */
export function createStamps(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(now() * 1000, last + 1);
    return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
  };
}

/** The lines of an action as the client sent them. Keys are compared in lower case, and may repeat. */
export interface Message {
  get(key: string): string;
  all(key: string): string[];
}

export function parseMessage(lines: readonly string[]): Message {
  const pairs = lines.map((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? ['', ''] : [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  const all = (key: string) => pairs.filter(([name]) => name === key.toLowerCase()).map(([, value]) => value!);
  return { all, get: (key) => all(key)[0] ?? '' };
}
