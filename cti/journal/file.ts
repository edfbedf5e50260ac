import { open, readdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A place in a journal, as text to be kept: of a file its inode and the bytes before it ("4711:1024"), of a table the id. */
export type Mark = string;

export interface Line<T> {
  readonly value: T;
  /** Where it begins. */
  readonly at: Mark;
}

export interface Piece<T> {
  readonly lines: readonly Line<T>[];
  /** Where to read on. */
  readonly next: Mark;
  /** The place to read from is no more: something may be missing between it and these. */
  readonly gap: boolean;
  /** There is more to be read at once. */
  readonly more: boolean;
}

/** A journal that grows at its end. */
export interface Source<T> {
  /** From the mark on; null: from the oldest that there is. */
  read(from: Mark | null): Promise<Piece<T>>;
  /** Where it ends now. */
  end(): Promise<Mark>;
}

const PIECE_BYTES = 4 * 1024 * 1024;
/** Beyond it a line without end is no line. */
const MAX_LINE_BYTES = 1024 * 1024;
const LF = 10;

interface Found {
  readonly path: string;
  readonly inode: bigint;
  readonly size: number;
  readonly mtimeMs: number;
}

/** Lines of a log file that another process writes, through rotation: PATH itself, and PATH.1, PATH-20261124 … as it was renamed. */
export function fileSource<T>(path: string, parse: (line: string) => T | null): Source<T> {
  return {
    async read(from) {
      const files = await filesOf(path);
      if (files.length === 0) return { lines: [], next: from ?? mark(0n, 0), gap: false, more: false };
      const place = from === null ? null : placeOf(from);
      let index = place ? files.findIndex((file) => file.inode === place.inode) : 0;
      let offset = index < 0 || !place ? 0 : place.offset;
      // deleted, or packed after its rotation: what is still there is newer, since the rotated ones were read before they were packed
      const unknown = place !== null && place.inode !== 0n && index < 0;
      if (index < 0) index = place?.inode === 0n ? 0 : files.length - 1;
      const file = files[index]!;
      // emptied in place
      const cut = offset > file.size;
      if (cut) offset = 0;
      const last = index === files.length - 1;
      const { lines, end } = await readLines(file, offset, !last, parse);
      const next = !last && end >= file.size ? mark(files[index + 1]!.inode, 0) : mark(file.inode, end);
      return { lines, next, gap: unknown || cut, more: !last || (end < file.size && end > offset) };
    },
    async end() {
      const newest = (await filesOf(path)).at(-1);
      return newest ? mark(newest.inode, newest.size) : mark(0n, 0);
    },
  };
}

const mark = (inode: bigint, offset: number): Mark => `${inode}:${offset}`;
function placeOf(text: Mark): { inode: bigint; offset: number } {
  const [, inode, offset] = /^(\d{1,20}):(\d{1,16})$/.exec(text) ?? [];
  if (inode === undefined) throw new Error('journal: not a place in a file');
  return { inode: BigInt(inode), offset: Number(offset) };
}

/** The oldest first, the one that is written last. */
async function filesOf(path: string): Promise<Found[]> {
  const name = basename(path);
  const inFolder = await readdir(dirname(path)).catch(unlessMissing([]));
  const rotated = inFolder.filter((file) => file.startsWith(name) && /^[.-]\d{1,14}(-\d+)?$/.test(file.slice(name.length)));
  const found = await Promise.all([...rotated, name].map((file) => look(join(dirname(path), file))));
  const [current] = found.splice(-1);
  const older = found.filter((file) => file !== null).sort((a, b) => a.mtimeMs - b.mtimeMs);
  return current ? [...older, current] : older;
}

async function look(path: string): Promise<Found | null> {
  const seen = await stat(path, { bigint: true }).catch(unlessMissing(null));
  return seen?.isFile() ? { path, inode: seen.ino, size: Number(seen.size), mtimeMs: Number(seen.mtimeMs) } : null;
}

const unlessMissing =
  <T>(otherwise: T) =>
  (err: NodeJS.ErrnoException): T => {
    if (err.code === 'ENOENT') return otherwise;
    throw err;
  };

/** @param closed nobody writes to it any more: what stands after the last LF is a line too. @returns its lines, and where the last one ends */
async function readLines<T>(file: Found, offset: number, closed: boolean, parse: (line: string) => T | null) {
  const lines: Line<T>[] = [];
  let handle: FileHandle;
  try {
    handle = await open(file.path);
  } catch (err) {
    return { lines, end: unlessMissing(offset)(err as NodeJS.ErrnoException) };
  }
  try {
    // renamed between the look and now: next time it is found by its new name
    if ((await handle.stat({ bigint: true })).ino !== file.inode) return { lines, end: offset };
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, PIECE_BYTES, offset);
    const bytes = buffer.subarray(0, bytesRead);
    const keep = (from: number, to: number) => {
      const value = parse(bytes.toString('utf8', from, to).replaceAll('\0', ''));
      if (value !== null) lines.push({ value, at: mark(file.inode, offset + from) });
    };
    let from = 0;
    for (let to = bytes.indexOf(LF); to >= 0; to = bytes.indexOf(LF, from)) {
      keep(from, to);
      from = to + 1;
    }
    const whole = closed && offset + bytesRead >= file.size;
    if (from < bytesRead && (whole || bytesRead - from > MAX_LINE_BYTES)) {
      keep(from, bytesRead);
      from = bytesRead;
    }
    return { lines, end: offset + from };
  } finally {
    await handle.close();
  }
}
