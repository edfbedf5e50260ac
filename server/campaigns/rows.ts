import type { Knex } from 'knex';
import type { DialMode, Purpose } from '../dialling/contract.ts';
import { CampaignSettings } from './contract.ts';
import type { AttemptResult, Campaign, CampaignState, Contact } from './contract.ts';

export interface CampaignRow {
  id: number;
  name: string;
  owner_id: number;
  state: CampaignState;
  pbx: string;
  queue: string;
  mode: DialMode;
  profile: string;
  purpose: Purpose;
  settings: string;
  stalled: string | null;
  version: number;
  created_at: number;
  started_at: number | null;
}

export interface ContactRow {
  id: number;
  campaign_id: number;
  client_id: number | null;
  list_id: number | null;
  name: string;
  number: string;
  more_numbers: string | null;
  data: string | null;
  state: Contact['state'];
  reason: string | null;
  next_at: number;
  /** 0: a promise, or somebody who was abandoned; 5: everybody else. Less goes first. */
  priority: number;
  operator_id: number | null;
  taken_by: number | null;
  taken_until: number | null;
  attempts: number;
  outcome: string | null;
}
export const SOON = 0;
export const ORDINARY = 5;

export interface AttemptRow {
  id: number;
  campaign_id: number;
  contact_id: number;
  n: number;
  number: string;
  pbx: string;
  channel_id: string;
  state: 'open' | 'settled' | 'refused';
  mode: DialMode;
  operator_id: number | null;
  decision: string;
  placed_at: number;
  answered_at: number | null;
  connected_at: number | null;
  ended_at: number | null;
  result: AttemptResult | null;
  cause: number | null;
  amd: 'human' | 'machine' | 'notsure' | null;
  outcome: string | null;
}

/** By the id that a campaign gives the channel of a call (claim.ts); a call back has one that begins alike. */
export const isCampaignCall = (linkedid: string): boolean => /^allo-c\d/.test(linkedid);

export const settingsOf = (row: Pick<CampaignRow, 'settings'>): CampaignSettings => CampaignSettings.parse(JSON.parse(row.settings));

export const numbersOf = (row: Pick<ContactRow, 'number' | 'more_numbers'>): string[] => [
  row.number,
  ...(row.more_numbers === null ? [] : (JSON.parse(row.more_numbers) as string[])),
];

export const contactOf = (row: ContactRow): Contact => ({
  id: row.id,
  campaignId: row.campaign_id,
  clientId: row.client_id,
  name: row.name,
  numbers: numbersOf(row),
  data: row.data === null ? {} : (JSON.parse(row.data) as Record<string, string>),
  state: row.state,
  reason: row.reason,
  nextAt: row.next_at,
  attempts: row.attempts,
  outcome: row.outcome,
});

export const findCampaign = async (db: Knex, id: number): Promise<CampaignRow | null> =>
  ((await db<CampaignRow>('campaigns').where({ id }).first()) as CampaignRow | undefined) ?? null;

const NONE: Campaign['counts'] = { ready: 0, live: 0, held: 0, done: 0, stopped: 0 };

/** How many of each campaign's people are where. */
export const countsOf = async (db: Knex, ids: readonly number[]): Promise<Map<number, Campaign['counts']>> => {
  const rows = (await db('campaign_contacts')
    .whereIn('campaign_id', ids)
    .groupBy('campaign_id', 'state')
    .select('campaign_id', 'state')
    .count({ n: '*' })) as { campaign_id: number; state: Contact['state']; n: number }[];
  const counts = new Map(ids.map((id) => [id, { ...NONE }]));
  for (const { campaign_id, state, n } of rows) counts.get(campaign_id)![state] = Number(n);
  return counts;
};
