import { readFileSync } from 'node:fs';

/** A busy hour of AMI, made of recorded calls: many at once, other people in each, names in Cyrillic. */
export interface AmiStream {
  readonly bytes: Buffer;
  readonly events: number;
  readonly calls: number;
}

const NAMES = [
  'Иван Петров',
  'Мария Кузнецова',
  'ООО «Ромашка»',
  'Пётр Ёлкин',
  'Anna Smith',
  'Ольга Щербакова-Юрьева',
  'Сергей',
  'José Núñez',
];
const OPERATORS = 500;
/** Calls that are up at the same time. */
const AT_ONCE = 200;
const KINDS = ['queue-answered', 'direct-answered'];

const isOfCall = (block: string) =>
  /^Event: (?!FullyBooted|SuccessfulAuth|Queue(Params|Member$)|\w+Complete\r)/.test(block) && block.includes('\r\nTimestamp: ');

const read = (name: string): string[] =>
  readFileSync(new URL(`../../fixtures/ami/${name}.ami`, import.meta.url), 'utf8')
    .split('\r\n\r\n')
    .filter(isOfCall);

const recorded = (unfiltered: boolean): string[][] => {
  if (unfiltered) return KINDS.map((kind) => read(`${kind}.unfiltered`));
  // the direct call as a filter at the source would have left it
  return KINDS.map((kind) => read(`${kind}.unfiltered`).filter((block) => !/^Event: (VarSet|Newexten|RTCP\w+|TestEvent)\r/.test(block)));
};

/** A repeatable sequence of numbers from 0 to below n (mulberry32). */
export const dice = (seed: number) => (n: number) => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
};

const hex = (n: number) => n.toString(16).padStart(8, '0');

/** Other ids, people and places in the blocks of a recorded call. Each block waits for its time stamp: `stamped` puts it in. */
const cast = (blocks: readonly string[], ordinal: number, number: string): string[] => {
  const linkedid = /^Linkedid: (\S+)/m.exec(blocks.join('\r\n'))![1]!;
  const [second] = linkedid.split('.') as [string];
  const id = (n: number) => `${second}.${ordinal * 8 + n}`;
  const extension = String(1_000 + (ordinal % OPERATORS));
  return blocks.map((block) =>
    block
      .replace(/\b(\d{10})\.(\d)\b(?=\r|$)/gm, (all, s: string, n: string) => (s === second ? id(Number(n)) : all))
      .replace(
        /(PJSIP\/)(trunk|201)-0000000(\d)/g,
        (_, tech: string, who: string, n: string) => `${tech}${who}-${hex(ordinal * 8 + Number(n))}`,
      )
      .replace(/\b201\b/g, extension)
      .replaceAll('79000000001', number)
      .replaceAll('Ivan Petrov', NAMES[ordinal % NAMES.length]!)
      .replace(/^(BridgeUniqueid: \S{8})/gm, (_, uuid: string) => `${uuid}${hex(ordinal)}`),
  );
};

export const stamped = (block: string, atMs: number): string =>
  `${block.replace(/^Timestamp: .*$/m, `Timestamp: ${(atMs / 1000).toFixed(6)}`)}\r\n\r\n`;

/** The blocks of one call of this ordinal, in order. `numbers`: who calls; without them any number. */
export function createCast(unfiltered: boolean, numbers: readonly string[] = []): (ordinal: number) => string[] {
  const kinds = recorded(unfiltered);
  return (ordinal) => {
    const number = numbers[ordinal % numbers.length] ?? `7${9_000_000_000 + ((ordinal * 7_919) % 999_999_999)}`;
    return cast(kinds[ordinal % kinds.length]!, ordinal, number);
  };
}

/** At least so many events, all of whole calls. `from`: the first ordinal, so that two streams do not share ids. */
export function amiStream(
  atLeast: number,
  { unfiltered, from = 0, startMs = 1_795_475_505_000 }: { unfiltered: boolean; from?: number; startMs?: number },
): AmiStream {
  const next = createCast(unfiltered);
  const random = dice(7);
  const parts: string[] = [];
  const up: string[][] = [];
  let calls = 0;
  while (up.length > 0 || parts.length < atLeast) {
    while (up.length < AT_ONCE && parts.length < atLeast) up.push(next(from + calls++).reverse());
    const i = random(up.length);
    parts.push(stamped(up[i]!.pop()!, startMs + parts.length));
    if (up[i]!.length === 0) up.splice(i, 1);
  }
  return { bytes: Buffer.from(parts.join('')), events: parts.length, calls };
}

/** Cuts bytes as a socket might: `whole` as large reads of 64 kB, else 1 to `most` bytes a piece. Pieces share the memory of the whole. */
export function cut(bytes: Buffer, most: number | null): Buffer[] {
  const random = dice(11);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = most === null ? 65_536 : 1 + random(most);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
