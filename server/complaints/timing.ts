import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { alarmsOf, clocksOf, readClock } from './clocks.ts';
import type { Happening, Targets, Working } from './clocks.ts';
import type { AlarmStep, Category, ClockKind, ClockPolicy, Status } from './contract.ts';
import { PARKED, closedPlace, entriesOf, isOpen, movesOf } from './rows.ts';
import type { ComplaintRow, EntryRow, MoveRow } from './rows.ts';
import { pathOf, policyFor, readCategories, readPolicies, signatureOf } from './settings.ts';

type WorkingCalendar = Awaited<ReturnType<Deps['calendars']['of']>>;

/** What clocks are counted with, read once for many complaints. */
export interface Timing {
  readonly categories: readonly Category[];
  readonly policies: readonly ClockPolicy[];
  /** Of the policy's calendar, or else the department's. */
  workingOf(policy: ClockPolicy, departmentId: number | null): Working;
  /** Changes with any of these. */
  readonly signature: string;
}

/** What would take longer than a calendar can tell is due then. */
const LONGEST_MS = 3_660 * 86_400_000;

const workingIn = (calendar: Pick<WorkingCalendar, 'workingMs' | 'addWorking'>): Working => ({
  between: (from, to) => calendar.workingMs(from, to),
  add: (from, ms) => calendar.addWorking(from, ms) ?? from + LONGEST_MS,
});

/** Outside of any transaction: it asks other features. */
export const readTiming = async (deps: Pick<Deps, 'db' | 'calendars'>): Promise<Timing> => {
  const [categories, policies, calendars] = [await readCategories(deps.db), await readPolicies(deps.db), await deps.calendars.snapshot()];
  return {
    categories,
    policies,
    workingOf: (policy, departmentId) => workingIn(calendars.find(policy.calendarId, departmentId)),
    signature: signatureOf([categories, policies, calendars.mark]),
  };
};

export interface ClockRow {
  complaint_id: number;
  kind: ClockKind;
  round: number;
  started_at: number;
  target_ms: number;
  due_at: number | null;
  left_ms: number | null;
  stopped_at: number | null;
  met: boolean | number | null;
  alarm_at: number | null;
  alarm: AlarmStep | null;
}

const NO_CLOCKS: Targets = { acknowledge: null, 'first-answer': null, 'next-answer': null, resolve: null };
const targetsOf = (policy: ClockPolicy | null): Targets =>
  policy
    ? {
        acknowledge: policy.acknowledgeMs,
        'first-answer': policy.firstAnswerMs,
        'next-answer': policy.nextAnswerMs,
        resolve: policy.resolveMs,
      }
    : NO_CLOCKS;

/** What its clocks go by, in order; of the same moment what was said comes before what status it led to. */
export const storyOf = (moves: readonly MoveRow[], entries: readonly EntryRow[]): Happening[] => {
  const said = entries.flatMap(({ kind, at }) => (kind === 'note' ? [] : [{ at, what: kind === 'out' ? 'answered' : 'wrote' } as const]));
  const turns = moves.flatMap(({ kind, at, to_value }) => (kind === 'status' ? [{ at, what: to_value as Status }] : []));
  return [...said, ...turns].sort((a, b) => a.at - b.at);
};

/**
 * Counts the clocks of a complaint anew, out of its story; in the transaction of what has changed. The first entry of the client is the complaint
 * itself, not a question that waits for the next answer.
 * @returns the columns of the complaint that follow from them
 */
export const retime = async (
  trx: Knex,
  row: ComplaintRow,
  timing: Timing,
  clientStage: string | null,
): Promise<Pick<ComplaintRow, 'place' | 'policy_id' | 'late_at' | 'timed_with'>> => {
  const matter = { categoryPath: pathOf(timing.categories, row.category_id), severity: row.severity, departmentId: row.department_id, clientStage }; // prettier-ignore
  const policy = policyFor(timing.policies, matter);
  const entries = (await entriesOf(trx, row.id)).filter((entry, i) => !(i === 0 && entry.kind === 'in'));
  const clocks = clocksOf(row.registered_at, storyOf(await movesOf(trx, row.id), entries), targetsOf(policy));
  const told = (await trx('complaint_alarms').where('complaint_id', row.id).select('clock', 'round', 'step')) as { clock: string; round: number; step: AlarmStep }[]; // prettier-ignore
  const working = policy ? timing.workingOf(policy, row.department_id) : null;

  const rows: ClockRow[] = clocks.map((clock) => {
    const { dueAt, leftMs, met } = readClock(clock, working!);
    const steps = new Set(told.filter((one) => one.clock === clock.kind && one.round === clock.round).map(({ step }) => step));
    const next = isOpen(row.status) ? alarmsOf(clock, policy!, steps, working!).sort((a, b) => a.at - b.at)[0] : undefined;
    return {
      complaint_id: row.id,
      kind: clock.kind,
      round: clock.round,
      started_at: clock.startedAt,
      target_ms: clock.targetMs,
      due_at: dueAt,
      left_ms: leftMs,
      stopped_at: clock.stoppedAt,
      met,
      alarm_at: next?.at ?? null,
      alarm: next?.step ?? null,
    };
  });
  await trx('complaint_clocks').where('complaint_id', row.id).delete();
  if (rows.length > 0) await trx('complaint_clocks').insert(rows);
  const dues = rows.flatMap((clock) => (clock.stopped_at === null && clock.due_at !== null ? [clock.due_at] : []));
  const place = isOpen(row.status) ? Math.min(PARKED, ...dues) : closedPlace(row.closed_at ?? row.updated_at);
  const lates = rows.flatMap(({ met, stopped_at, due_at }) => (due_at !== null && (met === false || stopped_at === null) ? [due_at] : []));
  return { place, policy_id: policy?.id ?? null, late_at: lates.length > 0 ? Math.min(...lates) : null, timed_with: timing.signature };
};

export const clocksOfComplaint = async (db: Knex, id: number): Promise<ClockRow[]> =>
  (await db('complaint_clocks').where('complaint_id', id).orderBy(['started_at', 'kind', 'round'])) as ClockRow[];
