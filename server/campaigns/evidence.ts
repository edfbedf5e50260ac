import type { Deps } from '../deps.ts';
import { Decision } from '../dialling/contract.ts';
import type { Evidence } from '../dialling/contract.ts';
import { settingsOf } from './rows.ts';
import type { AttemptRow, CampaignRow } from './rows.ts';

/** Every attempt at a number, by whichever campaign, with what the rules said of it. */
export const attemptsOf = async (deps: Pick<Deps, 'db' | 'directory'>, number: string): Promise<Evidence['attempts']> => {
  const rows = (await deps.db<AttemptRow>('attempts').where({ number }).orderBy('id').limit(5_000)) as AttemptRow[];
  const campaigns = (await deps
    .db<CampaignRow>('campaigns')
    .whereIn('id', [...new Set(rows.map((row) => row.campaign_id))])) as CampaignRow[];
  const users = await deps.directory.briefs(rows.flatMap(({ operator_id }) => operator_id ?? []));
  return rows.flatMap((row) => {
    const campaign = campaigns.find(({ id }) => id === row.campaign_id);
    if (!campaign) return [];
    const { callerId, label, contract } = settingsOf(campaign);
    return {
      campaign: campaign.name,
      campaignId: campaign.id,
      purpose: campaign.purpose,
      n: row.n,
      mode: row.mode,
      placedAt: row.placed_at,
      answeredAt: row.answered_at,
      endedAt: row.ended_at,
      result: row.result,
      operator: users.get(row.operator_id ?? 0)?.name ?? null,
      callerId,
      label,
      contract,
      call: `${row.pbx}:${row.channel_id}`,
      decision: Decision.safeParse(JSON.parse(row.decision)).data ?? null,
    };
  });
};
