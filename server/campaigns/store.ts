import type { DialCampaign, DialStore } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { AUTOMATIC } from '../dialling/contract.ts';
import { claim, unplace } from './claim.ts';
import { settingsOf, findCampaign } from './rows.ts';
import type { CampaignRow } from './rows.ts';
import { abandonmentOf } from './runs.ts';

type StoreDeps = Pick<
  Deps,
  'db' | 'now' | 'calendars' | 'dialling' | 'bus' | 'queueBriefs' | 'callersLevel' | 'config' | 'outcomesWith' | 'badOnCards'
>;

/** Tries again after the PBX has refused an order. */
const REFUSED_MS = 60_000;
/** What was abandoned is counted anew after this. */
const COUNT_MS = 5_000;
/** With fewer answered than this the share says nothing. */
const FEW = 50;
/** The service level of a queue's callers is that of this time; of fewer it says nothing. */
const LEVEL_MS = 30 * 60_000;
const FEW_CALLERS = 5;

/** What the dialler of a PBX works on: the truth is the tables. */
export const dialStore = (deps: StoreDeps, pbx: string): DialStore => {
  const counted = new Map<number, { at: number; overspent: boolean }>();
  const rows = new Map<number, CampaignRow>();
  const levels = new Map<string, { at: number; below: boolean }>();

  const overspent = async (campaign: CampaignRow, most: number, hours: number, within: number): Promise<boolean> => {
    const now = deps.now();
    const known = counted.get(campaign.id);
    if (known && now - known.at < COUNT_MS) return known.overspent;
    const { answered, abandoned } = await abandonmentOf(deps.db, campaign.id, now - hours * 3_600_000, within);
    const over = answered >= FEW && abandoned > answered * most;
    counted.set(campaign.id, { at: now, overspent: over });
    return over;
  };

  /** Those who call are answered too slowly: the operators are theirs. */
  const yields = async ({ queue }: CampaignRow): Promise<boolean> => {
    const now = deps.now();
    const known = levels.get(queue);
    if (known && now - known.at < COUNT_MS) return known.below;
    const target = (await deps.queueBriefs()).get(`${pbx}:${queue}`)?.target;
    let below = false;
    if (target) {
      const ask = { pbx, queue, since: now - LEVEL_MS, now, targetMs: target.seconds * 1_000, shortMs: deps.config.shortAbandonMs };
      const { quick, of } = await deps.callersLevel(ask);
      below = of >= FEW_CALLERS && quick * 100 < of * target.percent;
    }
    levels.set(queue, { at: now, below });
    return below;
  };

  return {
    async campaigns() {
      const now = deps.now();
      const found = (await deps.db<CampaignRow>('campaigns').where({ pbx, state: 'running' }).whereIn('mode', [...AUTOMATIC]).orderBy('id')) as CampaignRow[]; // prettier-ignore
      const live: DialCampaign[] = [];
      for (const row of found) {
        const settings = settingsOf(row);
        const profile = await deps.dialling.profile(deps.db, row.profile);
        if (!profile || (settings.startsAt !== null && now < settings.startsAt) || (settings.endsAt !== null && now >= settings.endsAt))
          continue;
        rows.set(row.id, row);
        const { abandonment, ringSeconds, connectWithinMs } = profile.rules;
        live.push({
          id: row.id,
          queue: row.queue,
          mode: row.mode as DialCampaign['mode'],
          ratio: settings.ratio,
          maxLines: settings.maxLines,
          callsPerSecond: settings.callsPerSecond,
          ringMs: ringSeconds * 1_000,
          connectWithinMs,
          message: settings.message,
          amd: settings.amd,
          callerId: settings.callerId,
          abandonment: abandonment.most,
          yields: settings.callersFirst && (await yields(row)),
          overspent: await overspent(row, abandonment.most, abandonment.windowHours, connectWithinMs),
        });
      }
      return live;
    },
    async claim(campaignId, count) {
      // paused a moment ago: no further call
      const campaign = await findCampaign(deps.db, campaignId);
      const profile = campaign && (await deps.dialling.profile(deps.db, campaign.profile));
      if (!campaign || !profile || campaign.state !== 'running') return [];
      return claim(deps, campaign, profile, count);
    },
    async unplaced(attemptId) {
      await unplace(deps.db, attemptId, deps.now() + REFUSED_MS, 'trunk');
    },
    async stalled(campaignId, why) {
      await deps.db('campaigns').where({ id: campaignId }).update({ stalled: why });
      deps.bus.emit('campaign.changed', { id: campaignId });
    },
  };
};
