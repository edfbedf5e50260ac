import { createReadStream } from 'node:fs';
import { realpath, rm, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import type { PbxConfig } from '../config.ts';

/** Where recordings lie. The disk is one; another may be filled from it later. Files are named as in the table. */
export interface RecordingStore {
  /** null: there is no such file. @throws when the store is away */
  size(pbx: string, file: string): Promise<{ bytes: number; changedAt: number } | null>;
  /** `end` is the last byte. */
  read(pbx: string, file: string, range?: { start: number; end: number }): Readable;
  /** A file that is gone already is as good as removed. */
  remove(pbx: string, file: string): Promise<void>;
}

const gone = (err: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((err as NodeJS.ErrnoException).code ?? '');

/** The PBX's spool folder, mounted here (`?spool=` in PBX): MixMonitor writes below its monitor/. */
export const diskStore = (pbxs: readonly Pick<PbxConfig, 'name' | 'spool'>[]): RecordingStore => {
  const pathOf = (pbx: string, file: string): string => {
    const spool = pbxs.find(({ name }) => name === pbx)?.spool;
    if (!spool) throw new Error(`the recordings of "${pbx}" are not mounted: PBX has no ?spool= for it`);
    const folder = resolve(spool, 'monitor');
    const path = resolve(folder, file);
    if (!path.startsWith(folder + sep)) throw new Error('a recording outside its folder');
    return path;
  };
  return {
    async size(pbx, file) {
      const path = pathOf(pbx, file);
      try {
        // a link that leads out of the folder is no recording of ours
        if ((await realpath(path)) !== resolve(await realpath(resolve(path, '..')), path.slice(path.lastIndexOf(sep) + 1))) return null;
        const found = await stat(path);
        return found.isFile() ? { bytes: found.size, changedAt: found.mtimeMs } : null;
      } catch (err) {
        if (gone(err)) return null;
        throw err;
      }
    },
    read: (pbx, file, range) => createReadStream(pathOf(pbx, file), range ?? {}),
    remove: (pbx, file) => rm(pathOf(pbx, file), { force: true }),
  };
};
