import type { Knex } from 'knex';
import type { Profile } from '../dialling/contract.ts';
import type { LiveRun, Results, Stall } from './contract.ts';
import { aheadOf } from './goal.ts';
import { settingsOf } from './rows.ts';
import type { AttemptRow, CampaignRow, ContactRow } from './rows.ts';

/** Answered by a person, and those of them who had no operator in time, since a moment. */
export const abandonmentOf = async (db: Knex, campaignId: number, since: number, connectWithinMs: number) => {
  const [row] = (await db('attempts')
    .where({ campaign_id: campaignId })
    .where('placed_at', '>=', since)
    .whereNotNull('answered_at')
    .select(
      db.raw('COUNT(*) AS answered'),
      db.raw("SUM(CASE WHEN result = 'abandoned' OR connected_at - answered_at > ? THEN 1 ELSE 0 END) AS abandoned", [connectWithinMs]),
    )) as unknown as [{ answered: number; abandoned: number | null }];
  return { answered: Number(row.answered), abandoned: Number(row.abandoned ?? 0) };
};

/** Why no call is placed, as far as the campaign itself tells; what the dialler last said stands in `stalled`. Pure. */
export const stallOf = (campaign: CampaignRow, nextAt: number | null, now: number): Stall | null => {
  const { startsAt, endsAt } = settingsOf(campaign);
  if (campaign.state !== 'running') return 'not-running';
  if (startsAt !== null && now < startsAt) return 'not-begun';
  if (endsAt !== null && now >= endsAt) return 'over';
  if (nextAt === null) return 'no-contacts';
  if (nextAt > now) return 'waiting';
  if (campaign.mode === 'manual' || campaign.mode === 'preview') return 'by-hand';
  return (campaign.stalled as Stall | null) ?? null;
};

/** When the first of those who wait may be called; null: nobody waits. */
export const nextDue = async (db: Knex, campaignId: number): Promise<number | null> => {
  const firsts = await Promise.all(
    [0, 5].map((priority) => db<ContactRow>('campaign_contacts').where({ campaign_id: campaignId, state: 'ready', priority }).orderBy(['next_at', 'id']).first('next_at')), // prettier-ignore
  );
  const moments = (firsts as ({ next_at: number } | undefined)[]).flatMap((row) => (row ? [Number(row.next_at)] : []));
  return moments.length > 0 ? Math.min(...moments) : null;
};

/** `sales`: outcomes that are a conversion. */
export const runOf = async (
  db: Knex,
  campaign: CampaignRow,
  profile: Profile | null,
  sales: readonly string[],
  today: number,
  now: number,
): Promise<LiveRun> => {
  const within = profile?.rules.connectWithinMs ?? 2_000;
  const hours = profile?.rules.abandonment.windowHours ?? 24;
  const id = { campaign_id: campaign.id };
  const [open, placed, todays, window, nextAt] = [
    (await db<AttemptRow>('attempts').where({ ...id, state: 'open' }).limit(5_000).select('answered_at', 'connected_at')) as Pick<AttemptRow, 'answered_at' | 'connected_at'>[], // prettier-ignore
    (await db('attempts').where(id).where('placed_at', '>=', today).whereNot('state', 'refused').select(db.raw('COUNT(*) AS placed'), db.raw("SUM(CASE WHEN connected_at IS NULL THEN 0 ELSE 1 END) AS talked"))) as unknown as [{ placed: number; talked: number | null }], // prettier-ignore
    await abandonmentOf(db, campaign.id, today, within),
    await abandonmentOf(db, campaign.id, now - hours * 3_600_000, within),
    await nextDue(db, campaign.id),
  ];
  return {
    at: now,
    stall: stallOf(campaign, nextAt, now),
    nextAt,
    dialling: open.filter(({ answered_at }) => answered_at === null).length,
    waiting: open.filter(({ answered_at, connected_at }) => answered_at !== null && connected_at === null).length,
    talking: open.filter(({ connected_at }) => connected_at !== null).length,
    today: { placed: Number(placed[0].placed), talked: Number(placed[0].talked ?? 0), ...todays },
    ahead: await aheadOf(db, campaign, sales, now),
    window: { hours, most: profile?.rules.abandonment.most ?? 0.03, ...window },
  };
};

export const resultsOf = async (
  db: Knex,
  campaignId: number,
  briefs: (ids: readonly number[]) => Promise<Map<number, Results['operators'][number]['user']>>,
): Promise<Omit<Results, 'hours' | 'lists' | 'amd' | 'quotas' | 'deeds'>> => {
  const attempts = () => db('attempts').where({ campaign_id: campaignId }).whereNot('state', 'refused');
  const contacts = () => db('campaign_contacts').where({ campaign_id: campaignId });
  const count = async (query: Knex.QueryBuilder, what = '*'): Promise<number> => {
    const [row] = (await (what === '*' ? query.count({ n: '*' }) : query.countDistinct({ n: what }))) as [{ n: number }];
    return Number(row.n);
  };
  const grouped = async <K extends string>(query: Knex.QueryBuilder, key: K) =>
    ((await query.groupBy(key).select(key).count({ n: '*' })) as ({ n: number } & Record<K, string>)[]).map((row) => ({
      key: row[key],
      n: Number(row.n),
    }));
  const talks = (await attempts().whereNotNull('connected_at').whereNotNull('operator_id').groupBy('operator_id').select('operator_id').count({ n: '*' })) as { operator_id: number; n: number }[]; // prettier-ignore
  const users = await briefs(talks.map(({ operator_id }) => operator_id));
  const byN = (await attempts().groupBy('n').orderBy('n').select('n').count({ placed: '*' }).count({ talked: 'connected_at' })) as unknown as { n: number; placed: number; talked: number }[]; // prettier-ignore
  const answers = (await db('answers').where({ campaign_id: campaignId }).groupBy('question', 'value').orderBy(['question', 'value']).limit(500).select('question', 'value').count({ n: '*' })) as { question: string; value: string; n: number }[]; // prettier-ignore
  return {
    funnel: {
      contacts: await count(contacts()),
      called: await count(attempts(), 'contact_id'),
      answered: await count(attempts().whereNotNull('answered_at'), 'contact_id'),
      talked: await count(attempts().whereNotNull('connected_at'), 'contact_id'),
    },
    outcomes: (await grouped(contacts().whereNotNull('outcome'), 'outcome')).map(({ key, n }) => ({ outcome: key, contacts: n })),
    results: (await grouped(attempts().whereNotNull('result'), 'result')).map(({ key, n }) => ({ result: key, attempts: n })),
    operators: talks.flatMap(({ operator_id, n }) => (users.has(operator_id) ? [{ user: users.get(operator_id)!, talks: Number(n) }] : [])),
    attempts: byN.map(({ n, placed, talked }) => ({ n, placed: Number(placed), talked: Number(talked) })),
    answers: answers.map(({ question, value, n }) => ({ question, value, contacts: Number(n) })),
  };
};
