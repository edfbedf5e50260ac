import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { join } from 'node:path';

export type Reach = 'absent' | 'unreadable' | 'readable' | 'writable';

/** The mounted folder of a PBX, as this process can reach it. */
export interface SpoolFacts {
  readonly folder: Reach;
  readonly queueLog: Reach;
  readonly celFolder: Reach;
  readonly cel: Reach;
  /** The last line of CEL; null when there is none. */
  readonly lastCel: string | null;
  readonly monitor: Reach;
}

const allowed = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

const reach = async (path: string): Promise<Reach> => {
  if (!(await allowed(path, constants.F_OK))) return 'absent';
  if (!(await allowed(path, constants.R_OK))) return 'unreadable';
  return (await allowed(path, constants.W_OK)) ? 'writable' : 'readable';
};

const TAIL_BYTES = 64 * 1024;

const lastLine = async (path: string): Promise<string | null> => {
  const handle = await open(path);
  try {
    const { size } = await stat(path);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    await handle.read(bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8').trimEnd().split('\n').at(-1) || null;
  } finally {
    await handle.close();
  }
};

export const lookAtSpool = async (spool: string): Promise<SpoolFacts> => {
  const csv = join(spool, 'log/cel-custom/allo.csv');
  const cel = await reach(csv);
  return {
    folder: await reach(spool),
    queueLog: await reach(join(spool, 'log/queue_log')),
    celFolder: await reach(join(spool, 'log/cel-custom')),
    cel,
    lastCel: cel === 'readable' || cel === 'writable' ? await lastLine(csv) : null,
    monitor: await reach(join(spool, 'monitor')),
  };
};
