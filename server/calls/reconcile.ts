import type { JournalCall } from '../../cti/index.ts';
import { compareCall, TOLERANCE_MS } from './compare.ts';
import type { Difference } from './compare.ts';
import { logOf } from './settle.ts';
import type { CallRecord, WriteDeps } from './write.ts';

export interface Reconciled {
  pbx: string;
  since: number;
  until: number;
  /** Calls that are over: of the journal, and rows of the log. */
  inJournal: number;
  inLog: number;
  missing: string[];
  /** Rows that are part of another row's call. */
  double: string[];
  /** Rows of which the journal knows nothing. */
  unknown: string[];
  /** What differs, by Linkedid, in words. */
  differing: { ref: string; differs: readonly Difference[]; words: readonly string[] }[];
  largestOffMs: number;
  /** Went down with Asterisk: compared but for their ends, which it could not write. */
  died: number;
}

/** The rows of the log beside the calls of the journal, one by one. @param found all calls of the journal that are over */
export const reconcile = async (
  db: WriteDeps['db'],
  pbx: string,
  found: readonly JournalCall[],
  { since, until }: { since: number; until: number },
): Promise<Reconciled> => {
  const calls = found.filter(({ call }) => call.startedAt >= since && call.startedAt <= until);
  const result: Reconciled = {
    ...{ pbx, since, until, inJournal: calls.length, inLog: 0 },
    ...{ missing: [], double: [], unknown: [], differing: [], largestOffMs: 0, died: 0 },
  };
  const met = new Set<string>();
  for (let i = 0; i < calls.length; i += 500) {
    const some = calls.slice(i, i + 500);
    const log = await logOf({ db }, pbx, some);
    for (const one of some) {
      const { key } = one.call;
      for (const id of one.linkedids) {
        if (!log.has(id)) continue;
        met.add(id);
        if (id !== key) result.double.push(id);
      }
      const row = log.get(key);
      if (!row) {
        result.missing.push(key);
        continue;
      }
      if (one.call.endReason === 'lost') result.died += 1;
      const { differs, words, offMs } = compareCall(row, row.segments, one);
      result.largestOffMs = Math.max(result.largestOffMs, offMs);
      if (differs.length > 0) result.differing.push({ ref: key, differs, words });
    }
  }
  const rows = await db<CallRecord>('calls')
    .where({ pbx })
    .whereNotNull('ended_at')
    .whereBetween('started_at', [since, until])
    .select('id', 'linkedid', 'end_reason', 'answered_at');
  result.inLog = rows.length;
  // an order that Asterisk took and could not carry out has no channel, so neither CEL nor queue_log knows it
  const neverDialled = (row: (typeof rows)[number]) =>
    row.linkedid.startsWith('allo-') && row.end_reason === 'failed' && row.answered_at === null;
  result.unknown = rows.filter((row) => !met.has(row.linkedid) && !neverDialled(row)).map((row) => row.linkedid);
  return result;
};

export const isClean = ({ missing, double, unknown, differing }: Reconciled): boolean =>
  missing.length + double.length + unknown.length + differing.length === 0;

const SHOWN = 20;

/** For people. */
export const report = (result: Reconciled): string[] => {
  const of = (...kinds: Difference[]) => result.differing.filter(({ differs }) => kinds.some((kind) => differs.includes(kind)));
  const when = (ms: number) => new Date(ms).toISOString();
  const lines = [
    `${result.pbx}, calls that began from ${when(result.since)} to ${when(result.until)}`,
    `  in CEL and queue_log            ${result.inJournal}${result.died > 0 ? `, ${result.died} of them went down with Asterisk` : ''}`,
    `  in the log                      ${result.inLog}`,
    `  missing in the log              ${result.missing.length}`,
    `  twice in the log                ${result.double.length}`,
    `  in the log only                 ${result.unknown.length}`,
    `  still up in the log             ${of('open').length}`,
    `  times off by more than ${TOLERANCE_MS} ms    ${of('started', 'answered', 'ended', 'talk').length} (the largest distance of the others and these: ${result.largestOffMs} ms)`,
    `  ends that differ                ${of('end').length}`,
    `  segments that differ            ${of('segments').length}`,
  ];
  const details = [
    ...result.missing.map((id) => `  missing ${id}`),
    ...result.double.map((id) => `  twice ${id}`),
    ...result.unknown.map((id) => `  in the log only ${id}`),
    ...result.differing.map(({ ref, words }) => `  ${ref} ${words.join('; ')}`),
  ];
  return [...lines, ...details.slice(0, SHOWN), ...(details.length > SHOWN ? [`  … and ${details.length - SHOWN} more`] : [])];
};
