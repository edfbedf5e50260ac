import type { StageMeaning } from '../clients/contract.ts';
import type { StoredTask } from './queries.ts';

/**
 * The order of the day and what fits into it. Pure.
 *
 *   score   = value x urgency
 *   value   = priority (low 0.5, normal 1, high 2) x client (none 1, open 1, lead 1.5, active 2, lost 0.7) x promise (a call-back 1.5, a task 1)
 *   urgency = 4 / (1 + hours left / 4) before the deadline; 4 + hours late / 6, at most 8, behind it
 *
 * Both branches of urgency meet at the deadline. A high call-back to an active client at three hours left comes before a plain task that is an hour late.
 */

const PRIORITY = { low: 0.5, normal: 1, high: 2 } as const;
const CLIENT: Readonly<Record<StageMeaning, number>> = { open: 1, lead: 1.5, active: 2, lost: 0.7 };
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Decreases with the time that is left. */
export const urgencyOf = (dueAt: number, now: number): number => {
  const left = (dueAt - now) / HOUR;
  return left >= 0 ? 4 / (1 + left / 4) : Math.min(8, 4 - left / 6);
};

export const valueOf = ({ priority, kind }: Pick<StoredTask, 'priority' | 'kind'>, client: StageMeaning | null): number =>
  PRIORITY[priority] * (client === null ? 1 : CLIENT[client]) * (kind === 'call-back' ? 1.5 : 1);

export const scoreOf = (task: Pick<StoredTask, 'priority' | 'kind' | 'dueAt'>, client: StageMeaning | null, now: number): number =>
  valueOf(task, client) * urgencyOf(task.dueAt, now);

/** Minutes of a task that says none: a call is shorter. */
const USUAL = { task: 30, 'call-back': 10 } as const;
export const minutesOf = ({ kind, estimate }: Pick<StoredTask, 'kind' | 'estimate'>): number => estimate ?? USUAL[kind];

interface Span {
  readonly from: number;
  readonly to: number;
}

/** ms of working time that the busy pieces take; what overlaps counts once. */
export const takenOf = (work: readonly Span[], busy: readonly Span[]): number => {
  let sum = 0;
  for (const { from, to } of work) {
    let until = from;
    for (const one of [...busy].sort((a, b) => a.from - b.from)) {
      const [start, end] = [Math.max(one.from, until), Math.min(one.to, to)];
      if (end <= start) continue;
      sum += end - start;
      until = end;
    }
  }
  return sum;
};

export interface Capacity {
  /** Minutes: of the schedule; of meetings within it; of calls as they usually are; of the tasks that are due. */
  work: number;
  meetings: number;
  calls: number;
  planned: number;
  /** What is left; below 0: too much is planned. */
  free: number;
}

/** `callShare`: of working time, what this person usually spends in calls. */
export const capacityOf = (work: readonly Span[], busy: readonly Span[], callShare: number, planned: number): Capacity => {
  const whole = work.reduce((sum, { from, to }) => sum + to - from, 0) / MINUTE;
  const meetings = takenOf(work, busy) / MINUTE;
  const calls = Math.max(0, whole - meetings) * Math.min(1, Math.max(0, callShare));
  const round = Math.round;
  return { work: round(whole), meetings: round(meetings), calls: round(calls), planned: round(planned), free: round(whole - meetings - calls - planned) }; // prettier-ignore
};
