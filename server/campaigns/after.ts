import { isOfTheTrunk } from '../core/causes.ts';
import type { NotedCall } from './noted.ts';
import type { AttemptResult, CampaignSettings, RetryRules } from './contract.ts';

/** What an attempt came to, and what follows for the person. Pure. */

export interface Ended {
  /** A person answered: they were put into the queue, or talked. Null: nobody did. */
  readonly answeredAt: number | null;
  readonly connectedAt: number | null;
  readonly endedAt: number | null;
  /** Null: it goes on, or nobody saw how it ended; the journal tells later. */
  readonly result: AttemptResult | null;
  /** The trunk's fault, not the person's: it is no attempt at them. */
  readonly trunk: boolean;
  readonly talkedBy: number | null;
}

const NORMAL_CLEARING = 16;

export const endOf = (call: NotedCall, connectWithinMs: number): Ended => {
  const visit = call.segments.find(({ kind }) => kind === 'queue');
  const talk = call.segments.filter(({ kind }) => kind === 'talk').sort((a, b) => a.started_at - b.started_at)[0];
  const connectedAt = talk?.started_at ?? null;
  const answeredAt = visit?.started_at ?? connectedAt;
  const base = { answeredAt, connectedAt, endedAt: call.endedAt, talkedBy: talk?.user_id ?? null, trunk: false };
  if (call.endedAt === null || call.endReason === 'lost') return { ...base, result: null };
  if (connectedAt !== null) return { ...base, result: 'talked' };
  if (call.amd === 'machine') return { ...base, result: 'machine' };
  if (answeredAt !== null) {
    const outOfTime = visit?.end_reason === 'timeout' || visit?.end_reason === 'empty' || call.endedAt - answeredAt >= connectWithinMs;
    return { ...base, result: outOfTime ? 'abandoned' : 'hung-up' };
  }
  // lifted and put down before the dialplan came to the queue
  if (call.endReason === 'no-answer' && call.cause === NORMAL_CLEARING) return { ...base, result: 'hung-up' };
  if (call.endReason === 'busy') return { ...base, result: 'busy' };
  if (call.endReason === 'failed') return { ...base, result: 'failed', trunk: isOfTheTrunk(call.cause) };
  return { ...base, result: 'no-answer' };
};

export type Next =
  | { readonly state: 'ready'; readonly reason: string; readonly nextAt: number; readonly soon: boolean }
  | { readonly state: 'done' | 'stopped'; readonly reason: string };

/** `attempts`: of this person, this one among them. */
export const afterAttempt = (
  result: AttemptResult,
  settings: Pick<CampaignSettings, 'maxAttempts' | 'retry'>,
  attempts: number,
  at: number,
): Next => {
  if (result === 'talked') return { state: 'done', reason: 'talked' };
  if (attempts >= settings.maxAttempts && result !== 'abandoned') return { state: 'stopped', reason: 'attempts' };
  const rule: RetryRules[keyof RetryRules] = settings.retry[result === 'refused' ? 'failed' : result];
  return { state: 'ready', reason: result, nextAt: at + rule.minutes * 60_000, soon: result === 'abandoned' };
};

/** What an operator's word for the call means for the person; `callBackAt`: promised. */
export const afterOutcome = (flags: readonly string[], callBackAt: number | null): Next => {
  if (flags.includes('do-not-call')) return { state: 'stopped', reason: 'do-not-call' };
  if (callBackAt !== null) return { state: 'ready', reason: 'call-back', nextAt: callBackAt, soon: true };
  if (flags.includes('unworkable')) return { state: 'stopped', reason: 'unworkable' };
  return { state: 'done', reason: 'outcome' };
};
