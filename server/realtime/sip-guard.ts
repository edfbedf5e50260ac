/**
 * What a browser may say to the PBX through our proxy: SIP messages in which it is nobody but its own extension. Pure.
 * Source: RFC 3261 (7.3 headers, 20.20 From, 25 grammar), RFC 7118 (one message a frame, CR LF as keep-alive).
 */

const COMPACT: Record<string, string> = { f: 'from', t: 'to', l: 'content-length', i: 'call-id', v: 'via', m: 'contact' };
const REQUEST = /^([A-Z]{1,20}) \S+ SIP\/2\.0$/;
const RESPONSE = /^SIP\/2\.0 \d{3}( |$)/;

interface Message {
  start: string;
  headers: Map<string, string[]>;
}

/** null: not one whole message, exactly. A second one behind it would be read by the PBX and not by us. */
const parse = (bytes: Buffer): Message | null => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.subarray(0, end).toString('utf8');
  if (/\0|\r(?!\n)|(?<!\r)\n/.test(head)) return null;
  const [start, ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const found = /^([\w!%*+`'~.-]+)[ \t]*:[ \t]*(.*)$/.exec(line);
    if (!found) return null;
    const name = found[1]!.toLowerCase();
    const full = COMPACT[name] ?? name;
    headers.set(full, [...(headers.get(full) ?? []), found[2]!.trim()]);
  }
  const lengths = headers.get('content-length') ?? ['0'];
  const body = bytes.length - end - 4;
  if (lengths.length !== 1 || !/^\d{1,6}$/.test(lengths[0]!) || Number(lengths[0]) !== body) return null;
  return { start: start!, headers };
};

/** The user of `"Anna" <sip:101@host>;tag=x` or `sip:101@host;tag=x`; what a quoted name says does not count. */
const userOf = (value: string): string | null => {
  const bare = value.replace(/^"(?:[^"\\]|\\.)*"\s*/, '');
  const uri = /^[^<>"]*<([^<>]*)>[^<>"]*$/.exec(bare)?.[1] ?? (/[<>"]/.test(bare) ? null : bare);
  return uri === null ? null : (/^sips?:([^@:;?%\s]+)@[^@]+$/i.exec(uri)?.[1] ?? null);
};

/** A tag in To: the request belongs to a dialog, whose secrets are its Call-ID and tags; From is then the address the call came to. */
const inDialog = (to: string): boolean => /;\s*tag\s*=/i.test(to.replace(/^[^<]*<[^>]*>/, ''));

/** null: let it through. Else why not. */
export const refuseFrame = (bytes: Buffer, extension: string): string | null => {
  if (/^[\r\n]*$/.test(bytes.toString('latin1'))) return null;
  const message = parse(bytes);
  if (!message) return 'not one SIP message';
  if (RESPONSE.test(message.start)) return null;
  const method = REQUEST.exec(message.start)?.[1];
  const [from, ...moreFrom] = message.headers.get('from') ?? [];
  const [to, ...moreTo] = message.headers.get('to') ?? [];
  if (!method || from === undefined || to === undefined || moreFrom.length > 0 || moreTo.length > 0) return 'not a SIP request';

  const credentials = [...(message.headers.get('authorization') ?? []), ...(message.headers.get('proxy-authorization') ?? [])];
  const names = credentials.map((value) => [...value.matchAll(/\busername\*?\s*=\s*("(?:[^"\\]|\\.)*"|[^,\s]*)/gi)].map((m) => m[1]));
  if (names.some((said) => said.length !== 1 || said[0] !== `"${extension}"`)) return 'credentials of another extension';

  if (method === 'REGISTER') return userOf(from) === extension && userOf(to) === extension ? null : 'registration of another extension';
  if (inDialog(to)) return null;
  return userOf(from) === extension ? null : 'request of another extension';
};
