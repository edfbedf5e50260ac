import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { momentOf, plusDays, wallOf } from '../core/zone.ts';
import type { Answer, Deed } from './contract.ts';
import type { Results, Script, Step } from './contract.ts';
import { findCampaign } from './rows.ts';
import type { ContactRow } from './rows.ts';
import { scriptOf } from './service.ts';

/** What follows from an answer: a field of the client's card, an interest, a task. Rows, written once when the person is through, done by a worker. */

/** The rules that an answer fulfils. Pure. */
export const deedsOf = ({ deeds }: Step, answer: Answer): Deed[] =>
  deeds.filter(({ when }) => when === null || [answer].flat().some((each) => each === when));

/** As the script says it. Pure. */
export const wordsOf = ({ options }: Step, answer: Answer): string =>
  [answer].flat().map((each) => options.find(({ value }) => value === each)?.text ?? String(each)).join('; '); // prettier-ignore

/** What a rule may not do: a code. Of the one who saves it, too: it does what they may. */
export const faultOfDeed = async (deps: Deps, actor: Parameters<Deps['fields']['mayWrite']>[0], step: Step, deed: Deed): Promise<string | null> => {
  if (deed.when !== null && !step.options.some(({ value }) => value === deed.when)) return 'no_such_choice';
  if (deed.do === 'interest') return (await deps.interestLabel(deps.db, deed.topic)) === null ? 'no_such_interest' : null;
  if (deed.do === 'task') return null;
  const def = (await deps.fields.list(deps.db)).find(({ key }) => key === deed.field);
  if (!def || def.archivedAt !== null || def.type === 'formula' || def.type === 'file') return 'no_such_field';
  return deps.fields.mayWrite(actor, def) ? null : 'field_forbidden';
}; // prettier-ignore

interface Body {
  deed: Deed;
  answer: Answer;
  words: string;
}
interface DeedRow {
  id: number;
  campaign_id: number;
  contact_id: number;
  question: string;
  deed: string;
  body: string;
  call_ref: string;
  user_id: number;
  state: 'due' | 'done' | 'refused';
  why: string | null;
  due_at: number;
}

/** The person is through: what follows from their answers is due. In the transaction that says so; again it changes nothing. */
export const deedsDue = async (trx: Knex, contact: Pick<ContactRow, 'id' | 'campaign_id'>, by: { callRef: string; userId: number; at: number }): Promise<void> => {
  const answers = (await trx('answers').where({ contact_id: contact.id })) as { question: string; value: string; version: number }[];
  const scripts = new Map<number, Script | null>();
  for (const { question, value, version } of answers) {
    if (!scripts.has(version)) scripts.set(version, (await scriptOf({ db: trx }, contact.campaign_id, version)).script);
    const step = scripts.get(version)?.steps.find(({ id }) => id === question);
    const answer = JSON.parse(value) as Answer;
    for (const deed of step ? deedsOf(step, answer) : []) {
      const body: Body = { deed, answer, words: wordsOf(step!, answer) };
      const row = { campaign_id: contact.campaign_id, contact_id: contact.id, question, deed: deed.id, body: JSON.stringify(body), call_ref: by.callRef, user_id: by.userId, due_at: by.at }; // prettier-ignore
      await trx('answer_deeds').insert(row).onConflict(['contact_id', 'question', 'deed']).ignore();
    }
  }
}; // prettier-ignore

/** A fault that may pass (a database that is away): again after this. */
const AGAIN_MS = 60_000;
const AT_ONCE = 200;
/** On the wall of the working calendar. */
const TASK_HOUR = 10;

type DeedDeps = Pick<Deps, 'db' | 'now' | 'log' | 'bus' | 'calendars' | 'directory' | 'clientsByNumber' | 'setClientField' | 'sayInterest' | 'interestLabel' | 'planTask'>; // prettier-ignore

const refuse = (why: string) => new AppError('conflict', why, { reason: why });

/** In the transaction that marks it as done. `stays`: whoever filed the outcome still works here. @returns what tells of it afterwards */
const perform = async (
  deps: DeedDeps,
  trx: Knex,
  row: DeedRow,
  { clientId, timeZone, number, stays }: { clientId: number | null; timeZone: string; number: string; stays: boolean },
) => {
  const { deed, answer, words } = JSON.parse(row.body) as Body;
  const at = deps.now();
  if (deed.do === 'task') {
    const campaign = (await findCampaign(trx, row.campaign_id))!;
    const ownerId = stays ? row.user_id : campaign.owner_id;
    const dueAt = deed.days === 0 ? at + 3_600_000 : momentOf({ ...plusDays(wallOf(at, timeZone), deed.days), hour: TASK_HOUR, minute: 0 }, timeZone); // prettier-ignore
    const text = deed.text.replaceAll('{answer}', words).slice(0, 500);
    return (await deps.planTask(trx, { kind: 'task', ownerId, authorId: row.user_id, clientId, phone: number, dueAt, text, at })).tell;
  }
  if (clientId === null) throw refuse('no-client');
  if (deed.do === 'interest') {
    await deps.sayInterest(trx, { clientId, topicId: deed.topic, strength: deed.strength, callRef: row.call_ref, userId: row.user_id, at });
  } else {
    const value = deed.value !== '' ? deed.value : Array.isArray(answer) || words !== String(answer) ? words : answer;
    await deps.setClientField(trx, clientId, deed.field, value, at);
  }
  return () => {};
};

/** Why it can never be done: a code; null: something else is wrong. */
const refusalOf = (err: unknown): string | null => {
  if (!(err instanceof AppError)) return null;
  const issues = err.data.issues as { code: string }[] | undefined;
  return String(issues?.[0]?.code ?? err.data.reason ?? err.code).slice(0, 60);
};

/** Does what is due, each in its own transaction, so that one that cannot be done holds up no other. @returns how many were done */
export const doDeeds = async (deps: DeedDeps): Promise<number> => {
  const due = (await deps.db<DeedRow>('answer_deeds').where({ state: 'due' }).where('due_at', '<=', deps.now()).orderBy(['due_at', 'id']).limit(AT_ONCE)) as DeedRow[]; // prettier-ignore
  if (due.length === 0) return 0;
  const { timeZone } = await deps.calendars.of(null);
  let done = 0;
  for (const row of due) {
    try {
      const contact = (await deps.db<ContactRow>('campaign_contacts').where({ id: row.contact_id }).first()) as ContactRow | undefined;
      if (!contact) throw refuse('no-person');
      // as the card in the call showed it
      const clientId = contact.client_id ?? (await deps.clientsByNumber(contact.number))[0]?.id ?? null;
      const stays = (await deps.directory.actorOf(row.user_id)) !== null;
      const tell = await inTransaction(deps.db, async (trx) => {
        if ((await trx('answer_deeds').where({ id: row.id, state: 'due' }).update({ state: 'done' })) === 0) return null;
        return perform(deps, trx, row, { clientId, timeZone, number: contact.number, stays });
      });
      if (!tell) continue;
      done += 1;
      tell();
      if (clientId !== null) deps.bus.emit('client.changed', { id: clientId, history: true });
    } catch (err) {
      const why = refusalOf(err);
      const change = why === null ? { due_at: deps.now() + AGAIN_MS } : { state: 'refused', why };
      await deps.db('answer_deeds').where({ id: row.id, state: 'due' }).update(change);
      deps.log[why === null ? 'error' : 'warn']({ err, deed: row.id, why }, 'campaigns: what follows from an answer was not done');
    }
  }
  return done;
};

/** Scripts of campaigns that write into this field. */
export const scriptsWith = async (db: Knex, key: string): Promise<{ what: 'script'; name: string }[]> => {
  const campaigns = (await db('campaigns').whereNot('state', 'finished').select('id', 'name')) as { id: number; name: string }[];
  const using: { what: 'script'; name: string }[] = [];
  for (const { id, name } of campaigns) {
    const { script } = await scriptOf({ db }, id);
    if (script?.steps.some(({ deeds }) => deeds.some((deed) => deed.do === 'field' && deed.field === key))) using.push({ what: 'script', name }); // prettier-ignore
  }
  return using;
};

/** How many were done, wait, or could not be done, and why. */
export const deedCounts = async (db: Knex, campaignId: number): Promise<Results['deeds']> =>
  ((await db('answer_deeds').where({ campaign_id: campaignId }).groupBy('state', 'why').orderBy(['state', 'why']).select('state', 'why').count({ n: '*' })) as (Pick<DeedRow, 'state' | 'why'> & { n: number })[])
    .map(({ state, why, n }) => ({ state, why, n: Number(n) })); // prettier-ignore
