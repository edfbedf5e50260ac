import type { Knex } from 'knex';
import { wallOf } from '../core/zone.ts';
import type { Results } from './contract.ts';

/** Results by the hour of the day, and by the list that people came from. */

/** No zone's hour begins within one. */
const QUARTER_MS = 900_000;

/** Calls by hour on the wall of this zone; hours without calls are left out. */
export const hoursOf = async (db: Knex, campaignId: number, timeZone: string): Promise<Results['hours']> => {
  const rows = (await db('attempts')
    .where({ campaign_id: campaignId })
    .whereNot('state', 'refused')
    .groupBy('quarter')
    .select(db.raw('placed_at - placed_at % ? AS quarter', [QUARTER_MS]))
    .count({ placed: '*', talked: 'connected_at' })) as unknown as { quarter: number; placed: number; talked: number }[];
  const hours = new Map<number, Results['hours'][number]>();
  for (const { quarter, placed, talked } of rows) {
    const { hour } = wallOf(Number(quarter), timeZone);
    const had = hours.get(hour) ?? { hour, placed: 0, talked: 0 };
    hours.set(hour, { hour, placed: had.placed + Number(placed), talked: had.talked + Number(talked) });
  }
  return [...hours.values()].sort((a, b) => a.hour - b.hour);
};

const VERDICTS = ['human', 'machine', 'notsure'] as const;

/** How AMD judged those who lifted, and of how many an operator said that it was a machine; verdicts that were not given are left out. */
export const verdictsOf = async (db: Knex, campaignId: number, machines: readonly string[]): Promise<Results['amd']> => {
  const judged = () => db('attempts').where({ campaign_id: campaignId }).whereNotNull('amd').groupBy('amd').select('amd').count({ n: '*' });
  const counted = async (query: Knex.QueryBuilder) =>
    new Map(((await query) as { amd: string; n: number }[]).map(({ amd, n }) => [amd, Number(n)]));
  const [all, said] = [await counted(judged()), await counted(judged().whereIn('outcome', machines))];
  return VERDICTS.filter((verdict) => all.has(verdict)).map((verdict) => ({
    verdict,
    attempts: all.get(verdict)!,
    saidMachine: said.get(verdict) ?? 0,
  }));
};

/** People by the list they came from, the oldest first; those of before lists were kept stand under null. */
export const listsOf = async (db: Knex, campaignId: number, sales: readonly string[]): Promise<Results['lists']> => {
  const people = () => db('campaign_contacts as c').where('c.campaign_id', campaignId).groupBy('c.list_id').select('c.list_id');
  const called = () => people().join('attempts as a', 'a.contact_id', 'c.id').whereNot('a.state', 'refused').countDistinct({ n: 'c.id' });
  const counted = async (query: Knex.QueryBuilder) =>
    new Map(((await query) as { list_id: number | null; n: number }[]).map(({ list_id, n }) => [list_id, Number(n)]));
  const [all, reached, talked, sold] = [
    await counted(people().count({ n: '*' })),
    await counted(called()),
    await counted(called().whereNotNull('a.connected_at')),
    await counted(people().whereIn('c.outcome', sales).count({ n: '*' })),
  ];
  const lists = (await db('campaign_lists').where({ campaign_id: campaignId }).orderBy('id')) as { id: number; kind: string; name: string; at: number }[]; // prettier-ignore
  const line = (id: number | null, list: Results['lists'][number]['list']) =>
    all.has(id) ? [{ list, contacts: all.get(id)!, called: reached.get(id) ?? 0, talked: talked.get(id) ?? 0, sales: sold.get(id) ?? 0 }] : []; // prettier-ignore
  return [...lists.flatMap(({ id, kind, name, at }) => line(id, { id, kind, name, at: Number(at) })), ...line(null, null)];
};
