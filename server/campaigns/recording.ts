import type { Knex } from 'knex';
import { findCampaign, isCampaignCall, settingsOf } from './rows.ts';

/** What a campaign says of recordings of its calls; null where it leaves that to its queue. */
export interface CampaignRecording {
  readonly id: number;
  readonly record: 'none' | 'all' | null;
  /** 0: for ever. */
  readonly keepDays: number | null;
}

/** Null: there is no such campaign. */
export const recordingOf = async (db: Knex, id: number): Promise<CampaignRecording | null> => {
  const campaign = await findCampaign(db, id);
  if (!campaign) return null;
  const { record, keepDays } = settingsOf(campaign);
  return { id, record: record === 'queue' ? null : record, keepDays };
};

/** Of the campaign that placed this call; null: none did. */
export const recordingOfCall = async (
  db: Knex,
  { pbx, linkedid }: { pbx: string; linkedid: string },
): Promise<CampaignRecording | null> => {
  if (!isCampaignCall(linkedid)) return null;
  const row = (await db('attempts').where({ pbx, channel_id: linkedid }).first('campaign_id')) as { campaign_id: number } | undefined;
  return row ? recordingOf(db, row.campaign_id) : null;
};
