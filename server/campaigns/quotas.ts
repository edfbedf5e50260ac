import type { Knex } from 'knex';
import type { CampaignSettings, Quota, QuotaCell, Script } from './contract.ts';
import { settingsOf } from './rows.ts';
import type { CampaignRow, ContactRow } from './rows.ts';

/** "100 men, 100 women": how many people with an answer a campaign wants. */

/** Quotas that ask for what no choice of the script is. Pure. */
export const lostQuotas = (quotas: readonly Quota[], script: Script | null): Quota[] =>
  quotas.filter(
    ({ question, value }) =>
      !script?.steps.some(({ id, kind, options }) => id === question && kind === 'single' && options.some((one) => one.value === value)),
  );

/**
 * Each quota and how many people fill it: those who are through, or have bought where the goal is sales, and those who talk now and have said it. Who said it when
 * it was full is none of them. `except`: a person who is not counted.
 */
export const quotaCells = async (
  db: Knex,
  campaignId: number,
  { quotas, goalOf }: Pick<CampaignSettings, 'quotas' | 'goalOf'>,
  sales: readonly string[],
  except = 0,
): Promise<QuotaCell[]> => {
  if (quotas.length === 0) return [];
  const rows = (await db('answers as a')
    .join('campaign_contacts as c', 'c.id', 'a.contact_id')
    .where({ 'a.campaign_id': campaignId, 'a.over_quota': false })
    .whereIn('a.question', [...new Set(quotas.map(({ question }) => question))])
    .whereNot('c.id', except)
    .where((counts) => {
      void counts.where('c.state', 'live');
      void counts.orWhere((through) => {
        void through.where('c.state', 'done');
        if (goalOf === 'conversions') void through.whereIn('c.outcome', [...sales]);
      });
    })
    .groupBy('a.question', 'a.value')
    .select('a.question', 'a.value')
    .select(db.raw("SUM(CASE WHEN c.state = 'live' THEN 1 ELSE 0 END) AS talking"))
    .count({ n: '*' })) as unknown as { question: string; value: string; n: number; talking: number }[];
  return quotas.map((quota) => {
    const row = rows.find(({ question, value }) => question === quota.question && JSON.parse(value) === quota.value);
    const talking = Number(row?.talking ?? 0);
    return { ...quota, have: Number(row?.n ?? 0) - talking, talking };
  });
};

export const isFull = ({ have, talking, most }: QuotaCell): boolean => have + talking >= most;
/** Nobody who talks now can leave it open again. */
export const isReached = ({ have, most }: QuotaCell): boolean => have >= most;

const folded = (text: string) => text.trim().toLocaleLowerCase('ru');

/** Of these, who is known to be in a full cell: by what they have answered before, or by a column of their list. */
export const inFullCells = async (db: Knex, cells: readonly QuotaCell[], contacts: readonly ContactRow[]): Promise<Set<number>> => {
  const full = cells.filter(isFull);
  if (full.length === 0 || contacts.length === 0) return new Set();
  const answers = (await db('answers')
    .whereIn(
      'contact_id',
      contacts.map(({ id }) => id),
    ) // prettier-ignore
    .whereIn('question', [...new Set(full.map(({ question }) => question))])) as { contact_id: number; question: string; value: string }[];
  const answered = new Map(answers.map((row) => [`${row.contact_id} ${row.question}`, JSON.parse(row.value) as unknown]));
  const isIn = (contact: ContactRow, { question, value, column, is }: QuotaCell): boolean => {
    const said = answered.get(`${contact.id} ${question}`);
    if (said !== undefined) return said === value;
    if (column === '' || contact.data === null) return false;
    return folded((JSON.parse(contact.data) as Record<string, string>)[folded(column)] ?? '') === folded(is);
  };
  return new Set(contacts.filter((contact) => full.some((cell) => isIn(contact, cell))).map(({ id }) => id));
};

/** Those who were passed over because their cell was full come again: the quotas are others now. */
export const reviveFor = (trx: Knex, campaignId: number): Promise<number> =>
  trx('campaign_contacts').where({ campaign_id: campaignId, state: 'stopped', reason: 'quota' }).update({ state: 'ready', reason: null });

/** Their answer came when its cell was full: the script has ended, and they count for none. */
export const cameOver = async (trx: Knex, contactId: number): Promise<boolean> =>
  (await trx('answers').where({ contact_id: contactId, over_quota: true }).first('id')) !== undefined;

export const cellsOf = (db: Knex, campaign: CampaignRow, sales: readonly string[]): Promise<QuotaCell[]> =>
  quotaCells(db, campaign.id, settingsOf(campaign), sales);
