import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { AppError } from '../core/errors.ts';
import type { QueuesConf } from './contract.ts';
import { MARK } from './conf.ts';

const read = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, 'utf8');
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new AppError('conflict', `${file} cannot be read: ${(err as Error).message}`, { reason: 'file' }, { cause: err });
  }
};

export const whatStands = async (file: string, text: string): Promise<NonNullable<QueuesConf['stands']>> => {
  const stands = await read(file);
  if (stands === null) return 'absent';
  if (stands === text) return 'same';
  return stands.startsWith(MARK) ? 'older' : 'foreign';
};

/** Whole or not at all: Asterisk may read it at any moment. @throws AppError conflict (foreign_file, file) */
export const writeConf = async (file: string, text: string): Promise<void> => {
  const stands = await whatStands(file, text);
  if (stands === 'foreign') throw new AppError('conflict', `${file} was not written by Allo`, { reason: 'foreign_file' });
  if (stands === 'same') return;
  const beside = `${file}.${randomUUID()}`;
  try {
    const mode = stands === 'absent' ? 0o644 : (await stat(file)).mode;
    await writeFile(beside, text, { mode, flag: 'wx' });
    await rename(beside, file);
  } catch (err) {
    await rm(beside, { force: true }).catch(() => {}); // the first error is the one to tell
    throw new AppError('conflict', `${file} cannot be written: ${(err as Error).message}`, { reason: 'file' }, { cause: err });
  }
};
