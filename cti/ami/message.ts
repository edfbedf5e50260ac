/** "Key" -> "\nKey:", so that looking a field up joins no strings. Keys come from our own code, never from the wire. */
const needles = new Map<string, string>();

const needle = (key: string): string => {
  let found = needles.get(key);
  if (found === undefined) needles.set(key, (found = `\n${key}:`));
  return found;
};

/**
 * One block of the AMI stream. It keeps the text and reads a field when asked: most fields of most events are never looked at.
 * Keys are spelled as Asterisk spells them. All values are untrusted text without CR and LF.
 */
export class AmiMessage {
  /** Name of the event; '' for the response to an action. */
  readonly event: string;
  private readonly text: string;
  /** Where the last field was found: fields are mostly asked for in the order they come. */
  private cursor = 0;

  /** @param text whole block, CRLF or LF line ends, without the empty line that closes it */
  constructor(text: string) {
    this.text = text.startsWith('\n') ? text : `\n${text}`;
    this.event = this.get('Event');
  }

  /** The value of a key that comes once, '' when it is missing or empty; of one that repeats any of its values: all() has them. */
  get(key: string): string {
    const wanted = needle(key);
    let at = this.text.indexOf(wanted, this.cursor);
    if (at < 0 && this.cursor > 0) at = this.text.indexOf(wanted);
    if (at < 0) return '';
    this.cursor = at;
    return this.valueAt(at + wanted.length);
  }

  has(key: string): boolean {
    return this.text.includes(needle(key));
  }

  /** Every value of a key that repeats (ChanVariable, Output), in order. */
  all(key: string): string[] {
    const wanted = needle(key);
    const values: string[] = [];
    for (let at = this.text.indexOf(wanted); at >= 0; at = this.text.indexOf(wanted, at + wanted.length)) {
      values.push(this.valueAt(at + wanted.length));
    }
    return values;
  }

  /** Every field, in order; for answers whose keys are data (ListCommands, GetConfig). */
  pairs(): [key: string, value: string][] {
    return this.text
      .split('\n')
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  }

  private valueAt(start: number): string {
    const text = this.text;
    if (text.charCodeAt(start) === 0x20) start++;
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    while (end > start && text.charCodeAt(end - 1) === 0x0d) end--;
    return text.slice(start, end);
  }
}
