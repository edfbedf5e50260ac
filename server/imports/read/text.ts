import iconv from 'iconv-lite';

/** What a file of bytes is written in. Pure. */

export type Encoding = 'utf8' | 'utf16le' | 'utf16be' | 'win1251' | 'cp866';

/** The commonest small letters of Russian make up most of any text; wrongly decoded they become capitals, frames and signs. */
const COMMON = /[оеаинтсрвлкмдпу]/g;
const ODD = /[\u2500-\u259f\u0080-\u009f‡†‰‹›ЂЃѓЉЊЌЋЏђљњќћџ¤¦]/g;
const score = (text: string): number => (text.match(COMMON)?.length ?? 0) - 3 * (text.match(ODD)?.length ?? 0);

const isUtf8 = (head: Buffer): boolean => {
  // The last character may be cut.
  for (let cut = 0; cut < 4; cut++)
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, head.length - cut));
      return true;
    } catch {
      // not with this end; a shorter one may do
    }
  return false;
};

/** By its first bytes. */
export const encodingOf = (head: Buffer): Encoding => {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf16be';
  const zeros = (odd: 0 | 1) => head.filter((byte, i) => byte === 0 && i % 2 === odd).length;
  if (zeros(1) > head.length / 8) return 'utf16le';
  if (zeros(0) > head.length / 8) return 'utf16be';
  if (isUtf8(head)) return 'utf8';
  return score(iconv.decode(head, 'cp866')) > score(iconv.decode(head, 'win1251')) ? 'cp866' : 'win1251';
};

/** The separator that divides the first lines most evenly. */
export const delimiterOf = (head: string): string => {
  const lines = head.split(/\r\n?|\n/).filter((line) => line !== '').slice(0, 20); // prettier-ignore
  let best = { delimiter: ',', fields: 0 };
  for (const delimiter of [';', '\t', ',', '|']) {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(delimiter).length);
    const fields = Math.min(...counts.slice(0, Math.max(1, counts.length - 1)));
    if (fields > best.fields && fields > 1) best = { delimiter, fields };
  }
  return best.delimiter;
};
