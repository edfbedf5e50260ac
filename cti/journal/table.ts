import type { Piece, Source } from './file.ts';
import type { JournalRow } from './records.ts';

/** A table that Asterisk writes (cel_odbc, realtime queue_log), with a number that grows by itself; cti knows no SQL, so it is handed in. */
export interface Table {
  /** Rows with a greater id, the lowest first. */
  after(id: number, limit: number): Promise<readonly (JournalRow & { readonly id: number })[]>;
  /** The greatest id; 0 when there is none. */
  last(): Promise<number>;
}

const LIMIT = 5_000;
/** Of two rows written at once the later id may be seen first: so far back is looked again. */
const AGAIN = 200;

export function tableSource<T>(table: Table, parse: (row: JournalRow) => T | null): Source<T> {
  /** Ids that were handed out, and from which on they were asked for. */
  const seen = new Set<number>();
  let start: number | null = null;

  return {
    async read(from): Promise<Piece<T>> {
      const wanted = Number(from ?? 0);
      if (!Number.isSafeInteger(wanted)) throw new Error('journal: not a place in a table');
      start ??= wanted;
      const found = await table.after(Math.max(start, wanted - AGAIN), LIMIT + AGAIN);
      const rows = found.filter(({ id }) => !seen.has(id));
      const lines = rows.flatMap((row) => {
        const value = parse(row);
        return value === null ? [] : [{ value, at: String(row.id - 1) }];
      });
      const next = rows.reduce((max, { id }) => Math.max(max, id), wanted);
      for (const { id } of rows) seen.add(id);
      for (const id of seen) if (id < next - 2 * AGAIN) seen.delete(id);
      return { lines, next: String(next), gap: false, more: found.length === LIMIT + AGAIN && next > wanted };
    },
    end: async () => String(await table.last()),
  };
}
