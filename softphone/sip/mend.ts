/** Control characters that no header may hold, line breaks that are none of SIP's included. */
const STRAY = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)|(?<!\r)\n/g;
/** A header that goes on in the next line (RFC 3261 section 7.3.1). */
const FOLD = /\r\n[ \t]+/g;
/** A header with a display name, up to the address in angle brackets. */
const NAMED = /^((?:from|f|p-asserted-identity)[ \t]*:)(.*?)[ \t]*(<sips?:[^<>\r\n]*>[^<>\r\n]*)$/gim;

/**
 * Makes the names in a SIP message such that the grammar of SIP.js accepts them: what it cannot parse it drops without an answer, and a
 * caller with a strange name would never ring.
 */
export function mendNames(message: string): string {
  const end = message.indexOf('\r\n\r\n');
  if (end < 0) return message;
  const head = message
    .slice(0, end)
    .replace(STRAY, ' ')
    .replace(FOLD, ' ')
    .replace(NAMED, (_, header: string, name: string, address: string) => `${header} ${quoted(name)}${address}`);
  return head + message.slice(end);
}

function quoted(name: string): string {
  const plain = name
    .trim()
    .replace(/^"|(?<!\\)"$/g, '')
    .replace(/\\(.)/g, '$1');
  return plain ? `"${plain.replace(/["\\]/g, '\\$&')}" ` : '';
}
