import { join } from 'node:path';
import { fileSource } from './file.ts';
import type { Mark } from './file.ts';
import { createJournal } from './reader.ts';
import type { Journal, Marks } from './reader.ts';
import { celOfRow, parseCel, parseQueueLog, queueOfRow } from './records.ts';
import { tableSource } from './table.ts';
import type { Table } from './table.ts';

/** Where Asterisk writes both: a folder that holds log/queue_log and log/cel-custom/allo.csv, or tables of a database. */
export type JournalPlace = { readonly spool: string } | { readonly tables: { readonly cel: Table; readonly queue: Table } };

export interface JournalOf {
  readonly pbx: string;
  readonly extensions?: RegExp | undefined;
  readonly place: JournalPlace;
  /** Where to begin; 'start': at the oldest record there is; 'end': with what comes from now on. */
  readonly from: Marks | 'start' | 'end';
}

/** The journal of a PBX: in files with the columns of cti/asterisk/cel_custom.conf and the usual queue_log, in tables with the usual names. */
export async function openJournal({ pbx, extensions, place, from }: JournalOf): Promise<Journal> {
  const { cel, queue } =
    'spool' in place
      ? {
          cel: fileSource(join(place.spool, 'log/cel-custom/allo.csv'), parseCel),
          queue: fileSource(join(place.spool, 'log/queue_log'), parseQueueLog),
        }
      : { cel: tableSource(place.tables.cel, celOfRow), queue: tableSource(place.tables.queue, queueOfRow) };
  const ends = async () => {
    const end = await queue.end(); // first: what a call whose beginning is still to be read of CEL did in a queue comes after it
    return { cel: await cel.end(), queue: end };
  };
  // a place in files says nothing when it is tables now, nor the other way round
  const isPlace = (mark: Mark) => ('spool' in place ? /^\d{1,20}:\d{1,16}$/ : /^\d{1,16}$/).test(mark);
  const marks = from === 'start' ? null : from !== 'end' && isPlace(from.cel) && isPlace(from.queue) ? from : await ends();
  return createJournal({ pbx, extensions, cel, queue, from: marks });
}
