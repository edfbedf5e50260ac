import type { Fact, Journal, JournalCall, JournalOf } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import type { PbxConfig } from '../config.ts';
import { readOffsets, saveOffsets } from './offsets.ts';
import { openPlace } from './place.ts';
import type { OpenPlace } from './place.ts';

export interface JournalPorts {
  open(journal: JournalOf): Promise<Journal>;
  /** Brings the log to what the journal tells. @param watchedSince see server/calls/settle.ts */
  settle(pbx: string, calls: readonly JournalCall[], watchedSince: number): Promise<{ filled: number; mended: number }>;
  /** Resolves when all that the bridge has told is written. @returns how many calls were not, after the time */
  drain(timeoutMs: number): Promise<number>;
}

export interface JournalTiming {
  /** Between two readings. */
  readonly everyMs?: number;
  /** So long the live events of a call's end may take: until then it is not missing. */
  readonly graceMs?: number;
}

export interface JournalKeeper {
  hear(fact: Fact): void;
  close(): Promise<void>;
}

const DRAIN_MS = 5_000;
/** So long after a (re)connect there are calls up that were not seen all the time: it is read more often. */
const AFTERMATH_MS = 120_000;

/**
 * Fills the call log with what happened while no bridge listened, from queue_log and CEL: after each (re)connect, and every minute. Runs beside
 * the bridge that owns the PBX, so there is one reader. Where neither folder nor tables are in the settings there is nothing to read.
 */
export const createJournalKeeper = (
  deps: Pick<Deps, 'config' | 'db' | 'log' | 'now'>,
  ports: JournalPorts,
  { everyMs = 60_000, graceMs = 10_000 }: JournalTiming = {},
): JournalKeeper => {
  const readers = new Map(
    deps.config.pbxs.flatMap((pbx) => {
      const open = openPlace(pbx, deps.log);
      if (open) return [[pbx.name, readerOf(deps, ports, pbx, open, { everyMs, graceMs })] as const];
      deps.log.info({ pbx: pbx.name }, 'journal: no ?spool= or ?journal= in PBX, calls that nobody listened to will be missing');
      return [];
    }),
  );
  return {
    hear(fact) {
      if (fact.kind === 'pbx.status' || fact.kind === 'pbx.synced') readers.get(fact.pbx)?.hear(fact);
    },
    close: async () => void (await Promise.all([...readers.values()].map((reader) => reader.close()))),
  };
};

const readerOf = (
  { db, log, now }: Pick<Deps, 'db' | 'log' | 'now'>,
  ports: JournalPorts,
  { name, extensions }: PbxConfig,
  { place, close }: OpenPlace,
  { everyMs, graceMs }: Required<JournalTiming>,
) => {
  let journal: Journal | null = null;
  let ours = false;
  let stopped = false;
  let syncedAt = 0;
  let closeUntil = 0;
  let clockOffsetMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let again = false;

  const open = async (): Promise<Journal> => {
    const saved = await readOffsets(db, name);
    const pattern = extensions === null ? {} : { extensions: new RegExp(extensions) };
    return ports.open({ pbx: name, place, from: saved ?? 'end', ...pattern });
  };

  const pass = async () => {
    if ((await ports.drain(DRAIN_MS)) > 0) return; // the writer still has to say what was seen
    const seenBy = syncedAt;
    journal ??= await open();
    // what ended before the bridge looked was told by then, or never will be
    const { calls, marks, gap } = await journal.poll(Math.max(seenBy, now() + clockOffsetMs - graceMs));
    if (gap) log.warn({ pbx: name }, 'journal: a file was removed or emptied before it was read; calls may be missing');
    const { filled, mended } = await ports.settle(name, calls, seenBy);
    await saveOffsets(db, name, marks, now());
    if (filled + mended > 0) log.info({ pbx: name, filled, mended }, 'journal: calls that nobody had listened to are in the log');
  };

  const run = (): void => {
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    again = false;
    running = pass()
      .catch((err: unknown) => {
        journal = null; // what it has handed out is not in the log: it begins again where the log is
        log.warn({ err, pbx: name }, 'journal: not read, trying again');
      })
      .finally(() => {
        running = null;
        if (stopped || !ours) return;
        if (again) run();
        else timer = setTimeout(run, now() < closeUntil ? everyMs / 4 : everyMs);
      });
  };

  return {
    hear(fact: Extract<Fact, { kind: 'pbx.status' | 'pbx.synced' }>): void {
      if (stopped) return;
      if (fact.kind === 'pbx.synced') {
        ours = true;
        syncedAt = fact.at;
        closeUntil = now() + AFTERMATH_MS;
        return run();
      }
      clockOffsetMs = fact.status.clockOffsetMs ?? clockOffsetMs;
      if (fact.status.state !== 'standby') return;
      ours = false; // whoever has the PBX now reads on from what is saved
      journal = null;
      clearTimeout(timer);
    },
    async close(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await running;
      await close();
    },
  };
};
