import { AmiMessage } from './message.ts';

const LF = 0x0a;
const CR = 0x0d;
const EVENT = Buffer.from('Event: ');
/** A blank line closes a block. "\r\n\r\n" holds the first of these, so the two find every mixture of CRLF and LF. */
const BLANK_CRLF = Buffer.from('\n\r\n');
const BLANK_LF = Buffer.from('\n\n');

/** A long command output may be 20 MB; what passes this is not an AMI message. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** The buffer for an unfinished block goes back to this size after a large one. */
const IDLE_BUFFER_BYTES = 64 * 1024;

export interface CodecStats {
  bytes: number;
  /** Events handed on and responses. */
  messages: number;
  /** Events that nobody wants, thrown away unparsed. */
  skipped: number;
  /** Blocks that are neither event nor response. */
  malformed: number;
  /** Blocks above the limit, thrown away. */
  oversized: number;
}

export const noBytes = (): CodecStats => ({ bytes: 0, messages: 0, skipped: 0, malformed: 0, oversized: 0 });

export interface CodecOptions {
  /** Names of the events to hand on; null: all. Responses are always handed on. */
  readonly wanted: ReadonlySet<string> | null;
  readonly onMessage: (message: AmiMessage) => void;
  readonly maxMessageBytes?: number;
  /** Counts on from here: of the connection before. */
  readonly stats?: CodecStats;
}

export interface Codec {
  /** Takes the next bytes, cut anywhere. Keeps no reference to `chunk`. */
  push(chunk: Buffer): void;
  readonly stats: Readonly<CodecStats>;
}

/** FNV-1a over bytes: an event's name is compared without making a string of it. A collision only costs a parse: receivers look at the name again. */
function hash(bytes: Buffer, from: number, to: number): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h;
}

/**
 * Splits the AMI byte stream into messages, in order. Bytes are UTF-8, what is not becomes U+FFFD. The greeting line ("Asterisk Call
 * Manager/x.y") stands before the first block without an empty line between them; it has no colon after a key and is never looked at.
 * Linear in the bytes, however they are cut: every byte is searched once.
 */
export function createCodec({ wanted, onMessage, maxMessageBytes = MAX_MESSAGE_BYTES, stats = noBytes() }: CodecOptions): Codec {
  const hashes = wanted && new Set([...wanted].map((name) => hash(Buffer.from(name), 0, Buffer.byteLength(name))));

  /** The unfinished block, `kept` bytes of it; none of its first `searched` bytes begins a blank line. */
  let store = Buffer.allocUnsafe(IDLE_BUFFER_BYTES);
  let kept = 0;
  let searched = 0;
  /** Inside a block that passed the limit: skip to its end. */
  let skipping = false;

  function deliver(bytes: Buffer, from: number, to: number): void {
    while (from < to && (bytes[from] === LF || bytes[from] === CR)) from++;
    if (from === to) return;
    if (hashes && startsWithEvent(bytes, from, to)) {
      let end = from + EVENT.length;
      let h = 0x811c9dc5;
      for (; end < to; end++) {
        const byte = bytes[end]!;
        if (byte === CR || byte === LF) break;
        h = Math.imul(h ^ byte, 0x01000193);
      }
      if (!hashes.has(h)) {
        stats.skipped++;
        return;
      }
    }
    const message = new AmiMessage(bytes.toString('utf8', from, to));
    if (message.event === '' && message.get('Response') === '') {
      stats.malformed++;
    } else if (wanted && message.event !== '' && !wanted.has(message.event)) {
      stats.skipped++;
    } else {
      stats.messages++;
      onMessage(message);
    }
  }

  /** Delivers the whole blocks of bytes[0..length), of which the first `known` need no search. @returns where the unfinished one begins. */
  function drain(bytes: Buffer, length: number, known: number): number {
    const view = length === bytes.length ? bytes : bytes.subarray(0, length);
    let start = 0;
    let crlf = view.indexOf(BLANK_CRLF, known);
    let lf = view.indexOf(BLANK_LF, known);
    while (crlf >= 0 || lf >= 0) {
      const isLf = crlf < 0 || (lf >= 0 && lf < crlf);
      const end = isLf ? lf : crlf;
      const next = end + (isLf ? 2 : 3);
      if (skipping) skipping = false;
      else if (end - start > maxMessageBytes) stats.oversized++;
      else deliver(view, start, end);
      start = next;
      if (crlf >= 0 && crlf < next) crlf = view.indexOf(BLANK_CRLF, next);
      if (lf >= 0 && lf < next) lf = view.indexOf(BLANK_LF, next);
    }
    return start;
  }

  function append(chunk: Buffer): void {
    const length = kept + chunk.length;
    if (length > store.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, store.length * 2));
      store.copy(larger, 0, 0, kept);
      store = larger;
    }
    chunk.copy(store, kept);
    kept = length;
  }

  /** Leaves the unfinished rest in the store. */
  function keep(from: number): void {
    if (from > 0) {
      store.copyWithin(0, from, kept);
      kept -= from;
      if (store.length > IDLE_BUFFER_BYTES && kept < IDLE_BUFFER_BYTES) store = Buffer.from(store.subarray(0, IDLE_BUFFER_BYTES));
    }
    if (kept > maxMessageBytes) {
      if (!skipping) stats.oversized++;
      skipping = true;
    }
    if (skipping && kept > 2) {
      // the last two bytes may be the beginning of the blank line
      store.copyWithin(0, kept - 2, kept);
      kept = 2;
      if (store.length > IDLE_BUFFER_BYTES) store = Buffer.from(store.subarray(0, IDLE_BUFFER_BYTES));
    }
    searched = Math.max(0, kept - 2);
  }

  function push(chunk: Buffer): void {
    stats.bytes += chunk.length;
    if (kept === 0) {
      const rest = drain(chunk, chunk.length, 0);
      if (rest < chunk.length) append(rest === 0 ? chunk : chunk.subarray(rest));
      keep(0);
    } else {
      append(chunk);
      keep(drain(store, kept, searched));
    }
  }

  return { push, stats };
}

function startsWithEvent(bytes: Buffer, from: number, to: number): boolean {
  if (to - from <= EVENT.length) return false;
  for (let i = 0; i < EVENT.length; i++) if (bytes[from + i] !== EVENT[i]) return false;
  return true;
}
