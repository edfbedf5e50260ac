import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { originOf } from '../core/number-origin.ts';
import type { Decision, DialMode, Profile } from '../dialling/contract.ts';
import { badNumbersOf, nextNumber } from './bad.ts';
import { cellsOf, inFullCells } from './quotas.ts';
import { ORDINARY, SOON, numbersOf, settingsOf } from './rows.ts';
import type { AttemptRow, CampaignRow, ContactRow } from './rows.ts';

/** An attempt whose row is written, to be placed now. */
export interface Claimed {
  readonly attemptId: number;
  readonly contactId: number;
  readonly channelId: string;
  readonly number: string;
  readonly name: string;
}

type ClaimDeps = Pick<Deps, 'db' | 'now' | 'calendars' | 'dialling' | 'outcomesWith' | 'badOnCards'>;

const DAY_MS = 86_400_000;
/** People looked at for one that may be called. */
const LOOK = 4;
/** Another campaign talks with them: look again. */
const ELSEWHERE_MS = 60_000;

/** `theirs`: of whoever looks, and those whom they stand in for; none: a dialler looks. */
const due = (db: Knex, campaignId: number, now: number, priority: number, limit: number, theirs: readonly number[]) => {
  const [operatorId] = theirs;
  const query = db<ContactRow>('campaign_contacts')
    .where({ campaign_id: campaignId, state: 'ready', priority })
    .where('next_at', '<=', now)
    .orderBy(['next_at', 'id'])
    .limit(limit);
  // a call-back of somebody else's is theirs for an hour
  if (operatorId !== undefined)
    void query
      .where((mine) =>
        mine
          .whereNull('operator_id')
          .orWhereIn('operator_id', [...theirs])
          .orWhere('next_at', '<', now - 3_600_000),
      )
      .where((free) => free.whereNull('taken_by').orWhere('taken_by', operatorId).orWhere('taken_until', '<=', now));
  else void query.where((free) => free.whereNull('taken_by').orWhere('taken_until', '<=', now));
  return query as unknown as Promise<ContactRow[]>;
};

/** Who is to be called next, in order: promises first. */
export const dueContacts = async (db: Knex, campaignId: number, now: number, limit: number, theirs: readonly number[] = []) => {
  const soon = await due(db, campaignId, now, SOON, limit, theirs);
  return soon.length >= limit ? soon : [...soon, ...(await due(db, campaignId, now, ORDINARY, limit - soon.length, theirs))];
};

interface Known {
  readonly attempts: ReadonlyMap<string, number[]>;
  readonly abandoned: ReadonlyMap<string, number>;
  readonly live: ReadonlySet<string>;
}

/** What all campaigns have done to these numbers. */
const historyOf = async (db: Knex, numbers: readonly string[], profile: Profile, now: number): Promise<Known> => {
  const { perNumber, perNumberFor, abandonedRestHours } = profile.rules;
  const days = Math.max(1, ...[...perNumber, ...Object.values(perNumberFor).flat()].map((each) => each.days));
  const since = now - Math.max((days + 1) * DAY_MS, abandonedRestHours * 3_600_000);
  const rows = (await db<AttemptRow>('attempts')
    .whereIn('number', numbers)
    .where('placed_at', '>=', since)
    .whereNot('state', 'refused')
    .select('number', 'placed_at', 'state', 'result')) as Pick<AttemptRow, 'number' | 'placed_at' | 'state' | 'result'>[];
  const attempts = new Map<string, number[]>();
  const abandoned = new Map<string, number>();
  for (const row of rows) {
    attempts.set(row.number, [...(attempts.get(row.number) ?? []), row.placed_at]);
    if (row.result === 'abandoned') abandoned.set(row.number, Math.max(abandoned.get(row.number) ?? 0, row.placed_at));
  }
  return { attempts, abandoned, live: new Set(rows.filter(({ state }) => state === 'open').map((row) => row.number)) };
};

export interface Judged {
  readonly contact: ContactRow;
  readonly number: string;
  readonly decision: Decision;
  /** Another attempt at this number is not settled yet. */
  readonly elsewhere: boolean;
  /** The campaign has enough people like them. */
  readonly enough: boolean;
  /** All their numbers lead to nobody. */
  readonly bad: boolean;
}

/** What the gate says of each of them now. The number is that of the next attempt: the first, then the others in turn, past those that lead to nobody. */
export const judge = async (
  deps: ClaimDeps,
  campaign: CampaignRow,
  profile: Profile,
  contacts: readonly ContactRow[],
  mode: DialMode,
  now: number,
): Promise<Judged[]> => {
  const isBad = await badNumbersOf(deps.db, deps.badOnCards, contacts);
  const chosen = contacts.map((contact) => {
    const number = nextNumber(numbersOf(contact), contact.attempts, (one) => isBad(contact, one));
    return { contact, number: number ?? contact.number, bad: number === null };
  });
  const numbers = [...new Set(chosen.map(({ number }) => number))];
  if (numbers.length === 0) return [];
  const { hours, quotas } = settingsOf(campaign);
  const [history, listed, calendar, enough] = [
    await historyOf(deps.db, numbers, profile, now),
    await deps.dialling.known(deps.db, numbers, campaign.purpose, now),
    await deps.calendars.of(null),
    quotas.length === 0
      ? new Set<number>()
      : await inFullCells(deps.db, await cellsOf(deps.db, campaign, await deps.outcomesWith('sale')), contacts),
  ];
  return chosen.map(({ contact, number, bad }) => ({
    contact,
    number,
    bad,
    elsewhere: history.live.has(number),
    enough: enough.has(contact.id),
    decision: deps.dialling.decide({
      now,
      profile,
      number,
      kind: originOf(number)?.kind ?? null,
      purpose: campaign.purpose,
      mode,
      hours,
      attempts: history.attempts.get(number) ?? [],
      abandonedAt: history.abandoned.get(number) ?? null,
      doNotCall: listed.doNotCall.has(number),
      consent: listed.consent.has(number),
      isFree: (date) => !calendar.worksOn(date),
    }),
  }));
};

const wait = (trx: Knex, id: number, reason: string, nextAt: number) =>
  trx('campaign_contacts').where({ id, state: 'ready' }).update({ reason, next_at: nextAt });
const stop = (trx: Knex, id: number, reason: string) =>
  trx('campaign_contacts').where({ id, state: 'ready' }).update({ state: 'stopped', reason });

/** Where the gate does not let somebody be called now, that is written down. @returns whether they may be */
const heeded = async (trx: Knex, { contact, decision, elsewhere, enough, bad }: Judged, now: number): Promise<boolean> => {
  const rule = decision.rules.find(({ verdict }) => verdict === decision.verdict)?.code ?? 'number';
  if (decision.verdict === 'refused') await stop(trx, contact.id, rule);
  else if (bad) await stop(trx, contact.id, 'bad-number');
  else if (enough) await stop(trx, contact.id, 'quota');
  else if (decision.verdict === 'later') await wait(trx, contact.id, rule, decision.until!);
  else if (elsewhere) await wait(trx, contact.id, 'elsewhere', now + ELSEWHERE_MS);
  return decision.verdict === 'allowed' && !elsewhere && !enough && !bad;
};

/** Writes the attempt, unless somebody else was quicker. */
export const openAttempt = async (
  trx: Knex,
  campaign: CampaignRow,
  { contact, number, decision }: Judged,
  operatorId: number | null,
  now: number,
): Promise<Claimed | null> => {
  const taken = await trx('campaign_contacts')
    .where({ id: contact.id, state: 'ready', attempts: contact.attempts })
    .update({ state: 'live', reason: null, attempts: contact.attempts + 1, taken_by: null, taken_until: null, operator_id: null });
  if (taken === 0) return null;
  const n = contact.attempts + 1;
  // unique over restarts, and with its age where Asterisk looks for it: after the last dash
  const channelId = `allo-c${contact.id}_${n}-${Math.floor(now / 1000)}.${contact.id}`;
  const row = { campaign_id: campaign.id, contact_id: contact.id, n, number, pbx: campaign.pbx, channel_id: channelId, mode: campaign.mode, operator_id: operatorId, decision: JSON.stringify(decision), placed_at: now }; // prettier-ignore
  const [attemptId] = (await trx('attempts').insert(row)) as [number];
  return { attemptId, contactId: contact.id, channelId, number, name: contact.name };
};

/** Takes up to `count` people of a campaign whom the gate lets be called now, and writes their attempts. */
export const claim = async (deps: ClaimDeps, campaign: CampaignRow, profile: Profile, count: number): Promise<Claimed[]> => {
  const now = deps.now();
  const contacts = await dueContacts(deps.db, campaign.id, now, count * LOOK);
  const judged = await judge(deps, campaign, profile, contacts, campaign.mode, now);
  return inTransaction(deps.db, async (trx) => {
    const claimed: Claimed[] = [];
    const numbers = new Set<string>();
    for (const each of judged) {
      if (claimed.length >= count) break;
      if (numbers.has(each.number) || !(await heeded(trx, each, now))) continue;
      const one = await openAttempt(trx, campaign, each, null, now);
      if (!one) continue;
      numbers.add(each.number);
      claimed.push(one);
    }
    return claimed;
  });
};

/** The next person for an operator to look at, who has them to themselves for a while. `theirs`: the operator, then those whom they stand in for. */
export const take = async (
  deps: ClaimDeps,
  campaign: CampaignRow,
  profile: Profile,
  theirs: readonly [number, ...number[]],
  until: number,
): Promise<ContactRow | null> => {
  const now = deps.now();
  const [operatorId] = theirs;
  for (let round = 0; round < 5; round += 1) {
    const contacts = await dueContacts(deps.db, campaign.id, now, 10, theirs);
    if (contacts.length === 0) return null;
    for (const each of await judge(deps, campaign, profile, contacts, campaign.mode, now)) {
      if (!(await heeded(deps.db, each, now))) continue;
      const mine = await deps
        .db('campaign_contacts')
        .where({ id: each.contact.id, state: 'ready' })
        .where((free) => free.whereNull('taken_by').orWhere('taken_by', operatorId).orWhere('taken_until', '<=', now))
        .update({ taken_by: operatorId, taken_until: until });
      if (mine > 0) return { ...each.contact, taken_by: operatorId, taken_until: until };
    }
  }
  return null;
};

/** The PBX did not take the call: it was no attempt at the person. */
export const unplace = (db: Knex, attemptId: number, retryAt: number, reason: string): Promise<void> =>
  inTransaction(db, async (trx) => {
    const row = (await trx<AttemptRow>('attempts').where({ id: attemptId, state: 'open' }).first()) as AttemptRow | undefined;
    if (!row) return;
    await trx('attempts').where({ id: attemptId }).update({ state: 'refused', result: 'refused', ended_at: row.placed_at });
    await trx('campaign_contacts').where({ id: row.contact_id, state: 'live' }).update({ state: 'ready', reason, next_at: retryAt });
  });
