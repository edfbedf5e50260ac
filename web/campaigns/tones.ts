import type { CampaignState } from '../../server/campaigns/contract.ts';

export const TONES: Readonly<Record<CampaignState, 'neutral' | 'info' | 'success' | 'warning'>> = {
  draft: 'neutral',
  approved: 'info',
  running: 'success',
  paused: 'warning',
  finished: 'neutral',
};
