import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../core/errors.ts';

/** Where the bytes lie: by their hash, so that a name never becomes a path. */
export interface FileStore {
  /** @throws AppError too_large beyond `limit` bytes; what was written of it is gone then */
  put(bytes: Readable, limit: number): Promise<{ hash: string; size: number; head: Buffer }>;
  /** Where they lie, for whoever reads them later. */
  path(hash: string): string;
  /** @returns null when the bytes are not there */
  read(hash: string): Promise<Readable | null>;
  /** Throws away what uploads left that never ended. */
  sweep(now: number): Promise<void>;
}

/** Bytes at the beginning by which a type is told. */
const HEAD = 512;
const ABANDONED_MS = 24 * 3_600_000;

/** Below a folder of its own: ab/abcdef…; written beside and renamed, so that a file is whole or not there. */
export const diskStore = (dir: string): FileStore => {
  const unfinished = join(dir, 'unfinished');
  const place = (hash: string) => join(dir, hash.slice(0, 2), hash);
  return {
    path: place,
    async put(bytes, limit) {
      await mkdir(unfinished, { recursive: true });
      const temporary = join(unfinished, randomUUID());
      const hash = createHash('sha256');
      let size = 0;
      let head = Buffer.alloc(0);
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          size += chunk.length;
          if (size > limit) return done(new AppError('too_large', `more than ${limit} bytes`, { limit }));
          hash.update(chunk);
          if (head.length < HEAD) head = Buffer.concat([head, chunk]).subarray(0, HEAD);
          done(null, chunk);
        },
      });
      try {
        await pipeline(bytes, counted, createWriteStream(temporary, { flush: true }));
        const name = hash.digest('hex');
        await mkdir(join(dir, name.slice(0, 2)), { recursive: true });
        await rename(temporary, place(name));
        return { hash: name, size, head };
      } catch (err) {
        await rm(temporary, { force: true });
        throw err;
      }
    },
    async read(hash) {
      try {
        const file = await open(place(hash));
        return file.createReadStream();
      } catch (err) {
        if ((err as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw err;
      }
    },
    async sweep(now) {
      const names = await readdir(unfinished).catch((err: NodeJS.ErrnoException) => {
        if (err.code === 'ENOENT') return [];
        throw err;
      });
      for (const name of names) {
        const path = join(unfinished, name);
        const found = await stat(path).catch(() => null); // gone meanwhile: its upload has ended
        if (found && now - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
      }
    },
  };
};
