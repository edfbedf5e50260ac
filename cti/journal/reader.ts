import { assembleCalls, bootAfter, isOver, recordsOf } from './assemble.ts';
import type { AssembleOptions, JournalCall } from './assemble.ts';
import type { Line, Mark, Source } from './file.ts';
import { placesOf } from './records.ts';
import type { CelRecord, QueueRecord } from './records.ts';

/** Where to begin again so that no call that is still up loses its beginning. */
export interface Marks {
  readonly cel: Mark;
  readonly queue: Mark;
}

export interface Poll {
  /** Calls that are over, each once. */
  readonly calls: readonly JournalCall[];
  /** To be kept once these calls are written. */
  readonly marks: Marks;
  /** Records are missing: the files were removed or emptied before they were read. */
  readonly gap: boolean;
}

export interface JournalOptions extends AssembleOptions {
  readonly cel: Source<CelRecord>;
  readonly queue: Source<QueueRecord>;
  /** Null: from the oldest that there is. */
  readonly from: Marks | null;
}

export interface Journal {
  /** Reads on. @param endedBefore epoch ms by Asterisk's clock: calls that ended later are left for the next time */
  poll(endedBefore: number): Promise<Poll>;
}

/** A call of which nothing was heard for so long, by the journal's own time, has lost its end: it no longer holds the place. */
const FORGET_MS = 12 * 3_600_000;

interface Kept<T> extends Line<T> {
  /** In which order it was read. */
  readonly seq: number;
}

/** Records that may be of one call. */
interface Open {
  readonly lines: Kept<CelRecord>[];
}

/** A place in queue_log, and the time of what stands there. */
interface Step {
  readonly at: number;
  readonly mark: Mark;
}

/** By so much queue_log may run ahead of CEL or behind: its seconds are whole. */
const APART_MS = 2_000;

/** Reads both journals on, and holds what belongs to calls that are not over yet. */
export function createJournal({ cel, queue, from, ...options }: JournalOptions): Journal {
  const byLinkedid = new Map<string, Open>();
  const byPlace = new Map<string, Open>();
  const queued = new Map<string, Kept<QueueRecord>[]>();
  /** Of every line of queue_log that may be needed again, those of calls that are over among them. */
  let steps: Step[] = [];
  let boots: number[] = [];
  let celNext = from?.cel ?? null;
  let queueNext = from?.queue ?? null;
  let newest = 0;
  let seq = 0;
  let gap = false;

  function take(line: Line<CelRecord>): void {
    const { linkedid, at } = line.value;
    newest = Math.max(newest, at);
    const known = [byLinkedid.get(linkedid), ...placesOf(line.value).map((place) => byPlace.get(place))];
    const [open = { lines: [] }, ...others] = new Set(known.filter((one) => one !== undefined));
    for (const other of others) for (const kept of other.lines) keep(kept, open);
    keep({ ...line, seq: seq++ }, open);
  }

  function keep(line: Kept<CelRecord>, open: Open): void {
    open.lines.push(line);
    byLinkedid.set(line.value.linkedid, open);
    for (const place of placesOf(line.value)) byPlace.set(place, open);
  }

  function takeQueue(line: Line<QueueRecord>): void {
    const { callId, event, at } = line.value;
    steps.push({ at, mark: line.at });
    if (event === 'QUEUESTART') boots.push(at);
    if (callId === 'NONE' || callId === 'MANAGER' || callId === 'REALTIME') return;
    const mine = queued.get(callId);
    const kept = { ...line, seq: seq++ };
    if (mine) mine.push(kept);
    else queued.set(callId, [kept]);
  }

  async function readOn(): Promise<void> {
    // CEL first: what queue_log says of a call was written before its channels ended
    for (let more = true; more;) {
      const piece = await cel.read(celNext);
      piece.lines.forEach(take);
      celNext = piece.next;
      gap ||= piece.gap;
      more = piece.more;
    }
    for (let more = true; more;) {
      const piece = await queue.read(queueNext);
      piece.lines.forEach(takeQueue);
      queueNext = piece.next;
      gap ||= piece.gap;
      more = piece.more;
    }
  }

  function close(open: Open): void {
    for (const { value } of open.lines) {
      for (const place of placesOf(value)) byPlace.delete(place);
      byLinkedid.delete(value.linkedid);
      queued.delete(value.uniqueid);
    }
  }

  function settle(open: Open, endedBefore: number): JournalCall[] {
    const records = open.lines.map(({ value }) => value).sort((a, b) => a.at - b.at);
    const last = records.at(-1)!.at;
    const over = isOver(records);
    if (!over && bootAfter(records, boots) === null) {
      if (newest - last > FORGET_MS) close(open);
      return [];
    }
    if (last >= endedBefore) return [];
    const rows = [...new Set(records.map((r) => r.uniqueid))].flatMap((id) => (queued.get(id) ?? []).map(({ value }) => value));
    close(open);
    return assembleCalls(recordsOf(records, rows, boots), options);
  }

  function tidy(): void {
    for (const [id, lines] of queued) if (!byPlace.has(`channel ${id}`) && newest - lines.at(-1)!.value.at > FORGET_MS) queued.delete(id);
    const oldest = [...byLinkedid.values()].reduce((min, open) => Math.min(min, open.lines[0]!.value.at), newest);
    boots = boots.filter((at) => at + 1_000 >= oldest);
  }

  /**
   * From where on both are read again: what is read again of CEL has to meet all that queue_log says of it, also when it is of a call that was
   * over before, or would seem to have waited in no queue.
   */
  function marks(): Marks {
    const opened = [...new Set(byLinkedid.values())].flatMap((open) => open.lines);
    const oldest = opened.reduce<Kept<CelRecord> | null>((first, line) => (first && first.seq < line.seq ? first : line), null);
    const since = (oldest?.value.at ?? newest) - APART_MS;
    const needed = steps.findIndex(({ at }) => at >= since);
    steps = needed < 0 ? [] : steps.slice(needed);
    return { cel: oldest?.at ?? celNext!, queue: steps[0]?.mark ?? queueNext! };
  }

  return {
    async poll(endedBefore) {
      await readOn();
      const calls = [...new Set(byLinkedid.values())].flatMap((open) => settle(open, endedBefore));
      tidy();
      const seen = gap;
      gap = false;
      return { calls, marks: marks(), gap: seen };
    },
  };
}
