import type { Knex } from 'knex';
import { isOrdinary } from '../core/number-origin.ts';
import { isCallBack } from './contract.ts';
import type { CallBackRule } from './contract.ts';
import { NO_CALL_BACK } from './contract.ts';
import { askOf, endOf, inTouchAfter } from './noted.ts';
import type { CallId, NotedCall } from './noted.ts';
import { OPEN, closing } from './rows.ts';
import type { AttemptRow, CallBackRow, Closing } from './rows.ts';

/**
 * Call-backs follow the call log, in the transaction that writes it: from what the bridge saw, or, after a crash, from Asterisk's own journal. The same calls
 * again change nothing.
 */

export interface SettledCalls {
  changed: boolean;
  /** Calls in which was asked: whether they are missed is another matter now. */
  again: CallId[];
  /** Calls back, and the call in which each was asked for. */
  parts: { pbx: string; linkedid: string; of: string; over: boolean }[];
}

export interface SettleRules {
  now: number;
  /** Where the company is: ISO 3166. */
  country: string;
  /** Of the queue; null: it is not known. */
  ruleOf(trx: Knex, queue: { pbx: string; name: string }): Promise<CallBackRule | null>;
}

/** A call back that the trunk refused is tried again after this, and given up after so many. */
const TRUNK_MS = 60_000;
const TRUNK_MOST = 10;
/** Whoever asked so long ago is not called by a machine any more. */
export const EXPIRES_MS = 72 * 3_600_000;

const bump = (trx: Knex) => ({ version: trx.raw('version + 1') });
const close = (trx: Knex, row: CallBackRow, end: Closing) =>
  trx('callbacks').where({ id: row.id }).update({ ...closing(end), ...bump(trx) }); // prettier-ignore

/** What follows for the caller from an attempt at them that came to nothing. */
const afterAttempt = async (
  trx: Knex,
  row: CallBackRow,
  attempt: AttemptRow,
  trunk: boolean,
  { now, ruleOf }: SettleRules,
): Promise<boolean> => {
  const rule = (await ruleOf(trx, { pbx: row.pbx, name: row.queue })) ?? NO_CALL_BACK;
  const attempts = row.attempts + (trunk ? 0 : 1);
  const how = attempts >= rule.attempts ? 'attempts' : row.tries - attempts >= TRUNK_MOST ? 'trunk' : null;
  const nextAt = now + (trunk ? TRUNK_MS : rule.minutes * 60_000);
  const next = how ? closing({ state: 'failed', how, at: now }) : { state: 'waiting', next_at: nextAt };
  if (how === null) await trx('callback_attempts').where({ id: attempt.id }).update({ next_at: nextAt });
  await trx('callbacks').where({ id: row.id }).update({ ...next, attempts, ...bump(trx) }); // prettier-ignore
  return how !== null;
};

const settleAttempts = async (trx: Knex, calls: readonly NotedCall[], rules: SettleRules, settled: SettledCalls): Promise<void> => {
  const ours = calls.filter(({ linkedid }) => isCallBack(linkedid));
  if (ours.length === 0) return;
  const rows = (await trx<AttemptRow>('callback_attempts').whereIn('channel_id', ours.map(({ linkedid }) => linkedid)).orderBy('id')) as AttemptRow[]; // prettier-ignore
  for (const attempt of rows) {
    const call = ours.find(({ pbx, linkedid }) => pbx === attempt.pbx && linkedid === attempt.channel_id);
    if (!call) continue;
    const row = (await trx<CallBackRow>('callbacks').where({ id: attempt.callback_id }).forUpdate().first()) as CallBackRow;
    settled.parts.push({ pbx: row.pbx, linkedid: call.linkedid, of: row.linkedid, over: call.endedAt !== null });
    if (attempt.state === 'refused') continue;
    const { answeredAt, result, trunk } = endOf(call);
    const seen = { answered_at: answeredAt, cause: call.cause };
    if (result === null) {
      await trx('callback_attempts').where({ id: attempt.id }).update(seen);
      if (answeredAt === null || row.state !== 'dialling') continue;
      await trx('callbacks').where({ id: row.id }).update({ state: 'answered', ...bump(trx) }); // prettier-ignore
      settled.changed = true;
      continue;
    }
    await trx('callback_attempts')
      .where({ id: attempt.id })
      .update({ ...seen, ended_at: call.endedAt, state: trunk ? 'refused' : 'settled', result: trunk ? 'refused' : result });
    if (result === 'talked') {
      if (row.state === 'reached') continue;
      await close(trx, row, { state: 'reached', how: 'talked', at: rules.now, ref: call.linkedid });
      settled.changed = true;
      if (row.state === 'failed') settled.again.push(row);
    } else if (attempt.state === 'open' && (row.state === 'dialling' || row.state === 'answered')) {
      if (await afterAttempt(trx, row, attempt, trunk, rules)) settled.again.push(row);
      settled.changed = true;
    }
  }
};

/** Whoever has called in again, or was spoken with, need not be called back. */
const cancel = async (trx: Knex, calls: readonly NotedCall[], { now }: SettleRules, settled: SettledCalls): Promise<void> => {
  const others = calls.filter((call) => call.number !== '' && call.direction !== 'internal' && !isCallBack(call.linkedid) && inTouchAfter(call, 0) !== null); // prettier-ignore
  if (others.length === 0) return;
  const numbers = [...new Set(others.map(({ number }) => number))];
  const rows = (await trx<CallBackRow>('callbacks').whereIn('open_number', numbers).forUpdate()) as CallBackRow[];
  for (const row of rows) {
    const call = others.find((one) => one.number === row.number && inTouchAfter(one, row.asked_at) !== null);
    if (!call) continue;
    await close(trx, row, { state: 'cancelled', how: call.direction === 'in' ? 'called-in' : 'spoken', at: now, ref: call.linkedid });
    settled.changed = true;
  }
};

/** Who has pressed the key. A caller who asks again keeps the place of the first time. */
const open = async (
  trx: Knex,
  calls: readonly NotedCall[],
  { now, country, ruleOf }: SettleRules,
  settled: SettledCalls,
): Promise<void> => {
  for (const call of calls) {
    const ask = askOf(call);
    if (!ask || !isOrdinary(call.number, country) || now - ask.askedAt > EXPIRES_MS) continue;
    const { pbx, linkedid, number } = call;
    if (await trx('callbacks').where({ pbx, linkedid }).first('id')) continue;
    if (!(await ruleOf(trx, { pbx, name: ask.queue }))?.offered) continue;
    const before = (await trx<CallBackRow>('callbacks').where({ number, pbx, queue: ask.queue, closed_ref: linkedid }).orderBy('entered_at').first()) as CallBackRow | undefined; // prettier-ignore
    const row = {
      pbx,
      linkedid,
      queue: ask.queue,
      number,
      open_number: number,
      name: call.callerName.slice(0, 100),
      entered_at: Math.min(ask.enteredAt, before?.entered_at ?? ask.enteredAt),
      asked_at: ask.askedAt,
      next_at: now,
      created_at: now,
    };
    await trx('callbacks').insert(row).onConflict(['pbx', 'linkedid']).ignore();
    settled.changed = true;
  }
};

export const settleCallBacks = async (trx: Knex, calls: readonly NotedCall[], rules: SettleRules): Promise<SettledCalls> => {
  const settled: SettledCalls = { changed: false, again: [], parts: [] };
  await settleAttempts(trx, calls, rules, settled);
  await cancel(trx, calls, rules, settled);
  await open(trx, calls, rules, settled);
  return settled;
};

/** Of these calls, those whose caller is called back, was, or does not want it any more: as "PBX:LINKEDID". They are not missed. */
export const promisedAmong = async (
  trx: Knex,
  calls: readonly (CallId & Pick<NotedCall, 'direction' | 'segments'>)[],
): Promise<Set<string>> => {
  const asked = calls.filter((call) => call.direction === 'in' && call.segments.some((s) => s.end_reason === 'call-back'));
  if (asked.length === 0) return new Set();
  const rows = (await trx<CallBackRow>('callbacks').whereIn('linkedid', asked.map(({ linkedid }) => linkedid)).whereIn('pbx', [...new Set(asked.map(({ pbx }) => pbx))]).whereNot('state', 'failed')) as CallBackRow[]; // prettier-ignore
  return new Set(rows.map(({ pbx, linkedid }) => `${pbx}:${linkedid}`));
};

/** The call has another Linkedid now. */
export const renameCallBack = async (trx: Knex, { pbx, linkedid }: CallId, to: string): Promise<void> => {
  await trx('callbacks').where({ pbx, linkedid }).update({ linkedid: to });
};

/** So long after its order a call must be in the log, or it was never made. */
const UNSEEN_MS = 5 * 60_000;
const MOST = 200;

/**
 * Attempts of which no log has heard (whoever placed them was killed): whether it rang nobody knows, so nobody is called again by a machine; and those
 * whose turn never came. Both are among the missed calls then. @returns the calls in which was asked
 */
export const giveUp = async (trx: Knex, now: number, isUp: (ref: string) => Promise<boolean>): Promise<CallId[]> => {
  const unseen = (await trx<AttemptRow>('callback_attempts')
    .where({ state: 'open' })
    .where('placed_at', '<', now - UNSEEN_MS)
    .orderBy('placed_at')
    .limit(MOST)) as AttemptRow[];
  const given: CallId[] = [];
  const fail = async (row: CallBackRow | undefined, how: 'unsettled' | 'expired') => {
    if (!row || !OPEN.includes(row.state)) return;
    await close(trx, row, { state: 'failed', how, at: now });
    given.push(row);
  };
  for (const { id, callback_id, pbx, channel_id } of unseen) {
    if (await isUp(`${pbx}:${channel_id}`)) continue;
    // the log may have settled it since it was read
    if ((await trx('callback_attempts').where({ id, state: 'open' }).update({ state: 'settled' })) !== 1) continue;
    await fail(
      (await trx<CallBackRow>('callbacks').where({ id: callback_id }).forUpdate().first()) as CallBackRow | undefined,
      'unsettled',
    );
  }
  const old = (await trx<CallBackRow>('callbacks')
    .whereNotNull('open_number')
    .where({ state: 'waiting' })
    .where('created_at', '<', now - EXPIRES_MS)
    .limit(MOST)) as CallBackRow[];
  for (const row of old) await fail(row, 'expired');
  return given;
};
