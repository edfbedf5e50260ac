import type { Sheet } from './write.ts';

/** vCard 3.0 (RFC 2426), which phones and Outlook both read. Takes the columns it has a place for: kind, name, company, position, phones, emails, note. */

const escaped = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replace(/\r\n?|\n/g, '\\n'); // prettier-ignore

/** At most 75 bytes a line, never within a character. */
const fold = (line: string): string => {
  const parts: string[] = [];
  let part = '';
  let bytes = 0;
  for (const c of line) {
    const size = Buffer.byteLength(c);
    if (bytes + size > 74) {
      parts.push(part);
      part = '';
      bytes = 0;
    }
    part += c;
    bytes += size;
  }
  return [...parts, part].join('\r\n ');
};

export async function* writeVcards({ columns, rows }: Sheet): AsyncIterable<Buffer> {
  for await (const row of rows) {
    const of = (key: string) => row[columns.findIndex((column) => column.key === key)] ?? '';
    const many = (key: string) => of(key).split(';').map((each) => each.trim()).filter((each) => each !== ''); // prettier-ignore
    const [surname = '', ...names] = of('name').split(' ');
    const lines = [
      'BEGIN:VCARD',
      'VERSION:3.0',
      `FN:${escaped(of('name'))}`,
      `N:${escaped(surname)};${escaped(names.join(' '))};;;`,
      ...(of('company') ? [`ORG:${escaped(of('company'))}`] : []),
      ...(of('position') ? [`TITLE:${escaped(of('position'))}`] : []),
      ...many('phones').map((phone) => `TEL;TYPE=VOICE:${escaped(phone)}`),
      ...many('emails').map((address) => `EMAIL;TYPE=INTERNET:${escaped(address)}`),
      ...(of('note') ? [`NOTE:${escaped(of('note'))}`] : []),
      'END:VCARD',
    ];
    yield Buffer.from(`${lines.map(fold).join('\r\n')}\r\n`);
  }
}
