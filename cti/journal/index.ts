import { join } from 'node:path';
import { fileSource } from './file.ts';
import { createJournal } from './reader.ts';
import type { Journal, Marks } from './reader.ts';
import { parseCel, parseQueueLog } from './records.ts';

export interface JournalFiles {
  readonly pbx: string;
  readonly extensions?: RegExp | undefined;
  /** The folder that holds log/queue_log and log/cel-custom/allo.csv. */
  readonly spool: string;
  /** Where to begin; 'start': at the oldest record there is; 'end': with what comes from now on. */
  readonly from: Marks | 'start' | 'end';
}

/** The journal of a PBX whose folder is mounted here: the columns of cti/asterisk/cel_custom.conf, and queue_log. */
export async function openJournal({ pbx, extensions, spool, from }: JournalFiles): Promise<Journal> {
  const cel = fileSource(join(spool, 'log/cel-custom/allo.csv'), parseCel);
  const queue = fileSource(join(spool, 'log/queue_log'), parseQueueLog);
  const marks = from === 'start' ? null : from === 'end' ? { cel: await cel.end(), queue: await queue.end() } : from;
  return createJournal({ pbx, extensions, cel, queue, from: marks });
}
