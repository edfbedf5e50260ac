import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import type { CampaignSettings, LiveRun } from './contract.ts';
import { countsOf, settingsOf } from './rows.ts';
import { isReached, quotaCells } from './quotas.ts';
import type { AttemptRow, CampaignRow } from './rows.ts';

/** What a campaign is to come to, and when it is there, or out of people, at the pace of the last hour. */

type GoalOf = CampaignSettings['goalOf'];

/** The pace is that of so long. */
const PACE_MS = 3_600_000;
/** Fewer in that time, or less of it gone by, says nothing yet. */
const FEW = 3;
const SHORT_MS = 120_000;

/** Epoch ms at which `left` are through, when `ended` were in the last `spanMs`; null: too few to tell. Pure. */
export const runsOut = (left: number, { ended, spanMs }: { ended: number; spanMs: number }, now: number): number | null => {
  if (left <= 0) return now;
  if (ended < FEW || spanMs < SHORT_MS) return null;
  return now + Math.round((left * spanMs) / ended);
};

const number = (rows: unknown): number => Number((rows as [{ n: number | null }])[0].n ?? 0);

/** People talked with, or people whose outcome is a sale. */
export const reachedBy = async (db: Knex, campaignId: number, of: GoalOf, sales: readonly string[]): Promise<number> =>
  number(
    await (of === 'conversions'
      ? db('campaign_contacts').where({ campaign_id: campaignId }).whereIn('outcome', sales).count({ n: '*' })
      : db('attempts').where({ campaign_id: campaignId }).whereNotNull('connected_at').countDistinct({ n: 'contact_id' })),
  );

/** Of the people called since then: who is through, who was talked with, who bought. */
const sinceThen = async (db: Knex, campaignId: number, since: number, sales: readonly string[]) => {
  const called = () => db<AttemptRow>('attempts as a').where('a.campaign_id', campaignId).where('a.placed_at', '>=', since).where('a.state', 'settled'); // prettier-ignore
  const people = () => called().join('campaign_contacts as c', 'c.id', 'a.contact_id').countDistinct({ n: 'c.id' });
  const [first] = (await called().min({ at: 'a.placed_at' })) as unknown as [{ at: number | null }];
  return {
    began: first.at === null ? null : Number(first.at),
    through: number(await people().whereIn('c.state', ['done', 'stopped'])),
    reached: number(await people().whereNotNull('a.connected_at')),
    conversions: number(await people().whereIn('c.outcome', sales)),
  };
};

export const aheadOf = async (db: Knex, campaign: CampaignRow, sales: readonly string[], now: number): Promise<LiveRun['ahead']> => {
  const settings = settingsOf(campaign);
  const { goal: wanted, goalOf: of } = settings;
  const quotas = await quotaCells(db, campaign.id, settings, sales);
  const counts = (await countsOf(db, [campaign.id])).get(campaign.id)!;
  const left = counts.ready + counts.live;
  const { began, ...pace } = await sinceThen(db, campaign.id, now - PACE_MS, sales);
  const at = (some: number, ended: number) => (campaign.state === 'running' ? runsOut(some, { ended, spanMs: now - (began ?? now) }, now) : null); // prettier-ignore
  if (wanted === 0) return { left, runsOutAt: at(left, pace.through), goal: null, quotas };
  const have = await reachedBy(db, campaign.id, of, sales);
  return { left, runsOutAt: at(left, pace.through), goal: { of, wanted, have, expectedAt: at(wanted - have, pace[of]) }, quotas };
};

/** Ends each running campaign that has come to its goal, or has every quota full; calls that go on are not cut. @returns how many ended */
export const endReached = async (deps: Pick<Deps, 'db' | 'audit' | 'bus' | 'outcomesWith'>): Promise<number> => {
  const running = (await deps.db<CampaignRow>('campaigns').where({ state: 'running' })) as CampaignRow[];
  const aiming = running.map((row) => ({ id: row.id, ...settingsOf(row) })).filter(({ goal, quotas }) => goal > 0 || quotas.length > 0);
  if (aiming.length === 0) return 0;
  const sales = await deps.outcomesWith('sale');
  let ended = 0;
  for (const { id, goal, goalOf, quotas } of aiming) {
    const have = goal > 0 ? await reachedBy(deps.db, id, goalOf, sales) : 0;
    const cells = await quotaCells(deps.db, id, { quotas, goalOf }, sales);
    const full = cells.length > 0 && cells.every(isReached);
    if ((goal === 0 || have < goal) && !full) continue;
    const moved = await inTransaction(deps.db, async (trx) => {
      if ((await trx('campaigns').where({ id, state: 'running' }).update({ state: 'finished', stalled: null })) === 0) return 0;
      const details = { from: 'running', ...(full ? { quotas: cells } : { goal, goalOf, have }) };
      await deps.audit(trx, { actorId: null, what: 'campaign.finished', table: 'campaigns', rowId: id, details });
      return 1;
    });
    if (moved > 0) deps.bus.emit('campaign.changed', { id });
    ended += moved;
  }
  return ended;
};
