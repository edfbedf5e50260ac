import type { Knex } from 'knex';
import { isNobodys } from '../core/causes.ts';
import type { Deps } from '../deps.ts';
import { afterAttempt, afterOutcome, endOf } from './after.ts';
import type { Next } from './after.ts';
import { badNumbersOf, isFlood, nextNumber } from './bad.ts';
import { deedsDue } from './deeds.ts';
import { cameOver } from './quotas.ts';
import type { NotedCall } from './noted.ts';
import { ORDINARY, SOON, isCampaignCall, numbersOf, settingsOf } from './rows.ts';
import type { AttemptRow, CampaignRow, ContactRow } from './rows.ts';

/**
 * Attempts are settled by the call log, in the transaction that writes it: from what the bridge saw, or, after a crash, from Asterisk's own journal. The same
 * call again changes nothing. Until then the person is not called again.
 */

/** The trunk was at fault: they are called again after this. */
const TRUNK_MS = 60_000;

/** Whoever gave an answer of which there was enough is through, and counts for none. */
const heedingQuotas = async (trx: Knex, contactId: number, next: Next): Promise<Next> =>
  next.state === 'done' && (await cameOver(trx, contactId)) ? { state: 'stopped', reason: 'quota-full' } : next;

const columnsOf = (next: Next, operatorId: number | null) =>
  next.state === 'ready'
    ? { state: 'ready', reason: next.reason, next_at: next.nextAt, priority: next.soon ? SOON : ORDINARY, operator_id: operatorId }
    : { state: next.state, reason: next.reason, operator_id: null };

interface SettleRules {
  /** By the profile's code, ms. */
  connectWithinOf(profile: string): Promise<number>;
  badOnCards: Deps['badOnCards'];
  markBadNumber(number: string, at: number): Promise<void>;
}

/** Nobody has the number that was dialled: the next one that the person has is tried at once; whoever has no other is through. */
const afterBad = async (trx: Knex, contact: ContactRow, next: Next, at: number, rules: SettleRules): Promise<Next> => {
  if (next.state !== 'ready') return next;
  const isBad = await badNumbersOf(trx, rules.badOnCards, [contact]);
  const other = nextNumber(numbersOf(contact), contact.attempts, (number) => isBad(contact, number));
  return other === null ? { state: 'stopped', reason: 'bad-number' } : { ...next, reason: 'next-number', nextAt: at };
};

/** By the id of the PBX's call; those that belong to no campaign are passed over. @returns the campaigns that were touched */
export const settleAttempts = async (trx: Knex, calls: readonly NotedCall[], rules: SettleRules): Promise<Set<number>> => {
  const touched = new Set<number>();
  const ours = calls.filter(({ linkedid }) => isCampaignCall(linkedid));
  if (ours.length === 0) return touched;
  const rows = (await trx<AttemptRow>('attempts').whereIn('channel_id', ours.map(({ linkedid }) => linkedid))) as AttemptRow[]; // prettier-ignore
  for (const row of rows) {
    const call = ours.find(({ pbx, linkedid }) => pbx === row.pbx && linkedid === row.channel_id);
    if (!call || row.state === 'refused') continue;
    const campaign = (await trx<CampaignRow>('campaigns').where({ id: row.campaign_id }).first()) as CampaignRow;
    const end = endOf(call, await rules.connectWithinOf(campaign.profile));
    touched.add(campaign.id);
    const seen = { answered_at: end.answeredAt, connected_at: end.connectedAt, cause: call.cause, amd: call.amd, ...(end.talkedBy !== null && { operator_id: end.talkedBy }) }; // prettier-ignore
    if (end.result === null) {
      await trx('attempts').where({ id: row.id }).update(seen);
      // ended, and nobody saw how: the journal will tell
      if (end.endedAt !== null) await trx('campaign_contacts').where({ id: row.contact_id, state: 'live' }).update({ state: 'held', reason: 'unsettled' }); // prettier-ignore
      continue;
    }
    const unknown = !end.trunk && end.result === 'failed' && isNobodys(call.cause);
    const trunk = end.trunk || (unknown && (await isFlood(trx, row, end.endedAt!)));
    const state = trunk ? 'refused' : 'settled';
    await trx('attempts')
      .where({ id: row.id })
      .update({ ...seen, state, ended_at: end.endedAt, result: trunk ? 'refused' : end.result });
    const contact = (await trx<ContactRow>('campaign_contacts').where({ id: row.contact_id }).first()) as ContactRow;
    const nobodys = unknown && !trunk;
    // told once: somebody may have said since that it is good again
    if (nobodys && row.state === 'open') await rules.markBadNumber(row.number, end.endedAt!);
    // an outcome may have come before the end of the call
    if (row.state !== 'open' || (contact.state !== 'live' && contact.state !== 'held')) continue;
    const settled: Next = trunk
      ? { state: 'ready', reason: 'trunk', nextAt: end.endedAt! + TRUNK_MS, soon: false }
      : await heedingQuotas(trx, contact.id, afterAttempt(end.result, settingsOf(campaign), contact.attempts, end.endedAt!));
    const next = nobodys ? await afterBad(trx, contact, settled, end.endedAt!, rules) : settled;
    await trx('campaign_contacts').where({ id: contact.id }).update(columnsOf(next, null));
  }
  return touched;
};

/** So long after its order a call must be in the log, or it was never made. */
const UNSEEN_MS = 10 * 60_000;

/**
 * Attempts of which no log has heard (whoever placed them was killed): whether it rang nobody knows, so nobody is called again by itself. The journal may still
 * tell; else a supervisor decides. @returns how many are held now
 */
export const holdUnseen = async (db: Knex, now: number, inLog: (ref: string) => Promise<boolean>): Promise<number> => {
  const open = (await db<AttemptRow>('attempts').where({ state: 'open' }).where('placed_at', '<', now - UNSEEN_MS).orderBy('placed_at').limit(500)) as AttemptRow[]; // prettier-ignore
  let held = 0;
  for (const { pbx, channel_id, contact_id } of open)
    if (!(await inLog(`${pbx}:${channel_id}`)))
      held += await db('campaign_contacts').where({ id: contact_id, state: 'live' }).update({ state: 'held', reason: 'unsettled' });
  return held;
};

export interface FiledOutcome {
  readonly pbx: string;
  readonly linkedid: string;
  /** E.164 of the other side, null: not known. */
  readonly number: string | null;
  readonly outcome: string;
  readonly flags: readonly string[];
  readonly callBackAt: number | null;
  readonly actorId: number;
}

/** An operator has said how a call ended: its person in the campaign goes on accordingly, also when it was they who called. */
export const settleOutcome = async (trx: Knex, filed: FiledOutcome, now: number): Promise<void> => {
  const attempt = (await trx<AttemptRow>('attempts').where({ pbx: filed.pbx, channel_id: filed.linkedid }).first()) as
    AttemptRow | undefined;
  const { number } = filed;
  if (filed.flags.includes('do-not-call') && number !== null)
    await trx('campaign_contacts')
      .where({ number })
      .whereIn('state', ['ready', 'held'])
      .update({ state: 'stopped', reason: 'do-not-call' });
  const contacts: ContactRow[] = attempt
    ? await trx<ContactRow>('campaign_contacts').where({ id: attempt.contact_id })
    : number === null
      ? []
      : await trx<ContactRow>('campaign_contacts')
          .where({ number, state: 'ready' })
          .whereIn('campaign_id', trx('campaigns').where('state', 'running').select('id'));
  if (attempt) await trx('attempts').where({ id: attempt.id }).update({ outcome: filed.outcome });
  for (const contact of contacts) {
    // "do not call" stays, whatever is said later
    if (contact.reason === 'do-not-call' && contact.state === 'stopped') continue;
    const next = await heedingQuotas(trx, contact.id, afterOutcome(filed.flags, filed.callBackAt));
    await trx('campaign_contacts')
      .where({ id: contact.id })
      .update({ ...columnsOf(next, next.state === 'ready' ? filed.actorId : null), outcome: filed.outcome });
    if (next.state !== 'ready') await deedsDue(trx, contact, { callRef: `${filed.pbx}:${filed.linkedid}`, userId: filed.actorId, at: now });
  }
};
