import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { mine } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { parsePhone } from '../core/phone.ts';
import { AUTOMATIC } from '../dialling/contract.ts';
import { IdParam } from '../users/contract.ts';
import { faultOf } from './answers.ts';
import { judge, openAttempt, take, unplace } from './claim.ts';
import { AnswersDraft, AnswersReply, CardQuery, CardReply, DialReply, MyCampaigns, Script } from './contract.ts';
import type { Answer, Card, FullCell } from './contract.ts';
import { campaignPolicy as may } from './policy.ts';
import { isFull, quotaCells } from './quotas.ts';
import { contactOf, settingsOf } from './rows.ts';
import type { AttemptRow, CampaignRow, ContactRow } from './rows.ts';
import { nextDue, stallOf } from './runs.ts';
import { scriptOf } from './service.ts';

/** Whoever looks at a person has them to themselves for so long, where the campaign sets no limit. */
const LOOK_MS = 15 * 60_000;
const SKIP_MS = 60 * 60_000;

/** What an operator does in a campaign: the next person, dialling, the card of a call, answers. */
export const operatorRoutes = (deps: Deps): Route[] => {
  /** Answers of which the campaign has enough without this person. */
  const fullFor = async (db: Knex, campaign: CampaignRow, sales: readonly string[], contactId: number): Promise<FullCell[]> => {
    const settings = settingsOf(campaign);
    if (settings.quotas.length === 0) return [];
    const cells = await quotaCells(db, campaign.id, settings, sales, contactId);
    return cells.filter(isFull).map(({ question, value }) => ({ question, value }));
  };

  const cardOf = async (actor: Actor, campaign: CampaignRow, contact: ContactRow): Promise<Card> => {
    const { script, version } = await scriptOf(deps, campaign.id);
    const rows = (await deps.db('answers').where({ contact_id: contact.id })) as { question: string; value: string }[];
    const [found] = contact.client_id === null ? await deps.clientsByNumber(contact.number) : [...(await deps.clientBriefs([contact.client_id])).values()]; // prettier-ignore
    return {
      campaign: { id: campaign.id, name: campaign.name, mode: campaign.mode, previewSeconds: settingsOf(campaign).previewSeconds },
      contact: contactOf(contact),
      client: found && (await deps.mayReadClient(actor, found.id)) ? found : null,
      script,
      scriptVersion: version,
      answers: Object.fromEntries(rows.map(({ question, value }) => [question, JSON.parse(value) as Answer])),
      full: await fullFor(deps.db, campaign, await deps.outcomesWith('sale'), contact.id),
      takenUntil: contact.taken_by === actor.id ? contact.taken_until : null,
    };
  };

  const running = async (actor: Actor): Promise<CampaignRow[]> => {
    const queues = await deps.queuesServed(actor.id);
    const rows = (await deps.db<CampaignRow>('campaigns').where('state', 'running').whereIn('mode', ['manual', 'preview']).orderBy('id')) as CampaignRow[]; // prettier-ignore
    return rows.filter(({ pbx, queue }) => queues.some((own) => own.pbx === pbx && own.name === queue));
  };

  const contactFor = async (actor: Actor, id: number): Promise<{ contact: ContactRow; campaign: CampaignRow }> => {
    const contact = (await deps.db<ContactRow>('campaign_contacts').where({ id }).first()) as ContactRow | undefined;
    const campaign = contact && ((await deps.db<CampaignRow>('campaigns').where({ id: contact.campaign_id }).first()) as CampaignRow);
    if (!contact || !campaign) throw new AppError('not_found', 'nobody');
    if (!may.edit(actor) && !(await deps.servesQueue(actor.id, campaign.pbx, campaign.queue)))
      throw new AppError('not_found', 'another queue’s campaign');
    return { contact, campaign };
  };

  return [
    route({
      method: 'get',
      path: '/campaigns/mine',
      summary: 'The running campaigns of my queues in which I choose when to dial',
      reply: MyCampaigns,
      can: may.call,
      handle: async ({ actor }) => ({ items: (await running(actor)).map(({ id, name }) => ({ id, name })) }),
    }),
    route({
      method: 'post',
      path: '/campaigns/next',
      summary: 'The next person for me to look at and call; until I dial or pass them on nobody else sees them',
      reply: CardReply,
      can: may.call,
      async handle({ actor }) {
        const now = deps.now();
        const shown = (await deps.db<ContactRow>('campaign_contacts').where({ taken_by: actor.id, state: 'ready' }).where('taken_until', '>', now).first()) as ContactRow | undefined; // prettier-ignore
        const campaigns = await running(actor);
        const at = shown && campaigns.find(({ id }) => id === shown.campaign_id);
        if (shown && at) return { card: await cardOf(actor, at, shown), why: null };
        let why = null;
        for (const campaign of campaigns) {
          const stall = stallOf(campaign, await nextDue(deps.db, campaign.id), now);
          why ??= stall;
          if (stall !== 'by-hand') continue;
          const profile = await deps.dialling.profile(deps.db, campaign.profile);
          const seconds = settingsOf(campaign).previewSeconds;
          // some seconds more than the operator is shown, for the dial at their end to come
          const until = now + (seconds > 0 ? seconds * 1_000 + 30_000 : LOOK_MS);
          const contact = profile && (await take(deps, campaign, profile, mine(actor), until));
          if (contact) return { card: await cardOf(actor, campaign, { ...contact, taken_until: seconds > 0 ? now + seconds * 1_000 : until }), why: null }; // prettier-ignore
          why = 'rules' as const;
        }
        return { card: null, why: why ?? 'not-running' };
      },
    }),
    route({
      method: 'post',
      path: '/campaigns/contacts/:id/skip',
      summary: 'Passes a person on: they come again in an hour, to anybody',
      params: IdParam,
      can: may.call,
      async handle({ params: { id }, actor }) {
        await contactFor(actor, id);
        const skipped = { taken_by: null, taken_until: null, next_at: deps.now() + SKIP_MS, reason: 'skipped' };
        await deps.db('campaign_contacts').where({ id, state: 'ready', taken_by: actor.id }).update(skipped);
      },
    }),
    route({
      method: 'post',
      path: '/campaigns/contacts/:id/dial',
      summary: 'Calls the person: my phone first, then theirs. The rules are asked at this moment',
      params: IdParam,
      reply: DialReply,
      can: may.call,
      async handle({ params: { id }, actor }) {
        const { contact, campaign } = await contactFor(actor, id);
        const now = deps.now();
        const phone = await deps.directory.extensionOf(actor.id);
        if (!phone || phone.pbx !== campaign.pbx) throw new AppError('conflict', 'no phone at this PBX', { reason: 'no_extension' });
        if (campaign.state !== 'running' || AUTOMATIC.includes(campaign.mode)) throw new AppError('conflict', 'not dialled by hand', { reason: 'state' }); // prettier-ignore
        if (contact.taken_by !== null && contact.taken_by !== actor.id && contact.taken_until! > now) throw new AppError('conflict', 'somebody else looks at them', { reason: 'taken' }); // prettier-ignore
        const profile = await deps.dialling.profile(deps.db, campaign.profile);
        if (!profile) throw new AppError('conflict', 'its profile is gone', { reason: 'profile' });
        const [judged] = await judge(deps, campaign, profile, [contact], campaign.mode, now);
        if (judged!.decision.verdict !== 'allowed')
          throw new AppError('conflict', 'the rules do not let it', { reason: 'rules', rules: judged!.decision.rules.filter((rule) => rule.verdict !== 'allowed').map(({ code, until }) => ({ code, until })) }); // prettier-ignore
        if (judged!.bad) throw new AppError('conflict', 'their numbers lead to nobody', { reason: 'bad-number' });
        if (judged!.enough) throw new AppError('conflict', 'the campaign has enough people like them', { reason: 'quota' });
        if (judged!.elsewhere) throw new AppError('conflict', 'is being called', { reason: 'elsewhere' });
        const claimed = await inTransaction(deps.db, (trx) => openAttempt(trx, campaign, judged!, actor.id, now));
        if (!claimed) throw new AppError('conflict', 'somebody else was quicker', { reason: 'taken' });
        try {
          await deps.pbx(campaign.pbx).originate({ extension: phone.extension, number: claimed.number, callerName: contact.name.slice(0, 80), id: claimed.channelId }); // prettier-ignore
        } catch (err) {
          // without an answer nobody knows whether it rings: the call log will say
          if (!(err instanceof AppError && err.code === 'pbx_timeout')) await unplace(deps.db, claimed.attemptId, now, 'refused');
          throw err;
        }
        return { ref: `${campaign.pbx}:${claimed.channelId}` };
      },
    }),
    route({
      method: 'get',
      path: '/campaigns/card',
      summary: 'The campaign’s card of a call: of one that it placed, or of somebody who calls and is to be called',
      query: CardQuery,
      reply: CardReply,
      can: may.call,
      async handle({ query: { ref }, actor }) {
        const cut = ref.indexOf(':');
        const [pbx, channel_id] = [ref.slice(0, cut), ref.slice(cut + 1)];
        const attempt = (await deps.db<AttemptRow>('attempts').where({ pbx, channel_id }).first()) as AttemptRow | undefined;
        if (attempt) {
          const { contact, campaign } = await contactFor(actor, attempt.contact_id);
          return { card: await cardOf(actor, campaign, contact), why: null };
        }
        const caller = await deps.callerOf(ref);
        const number = caller && parsePhone(caller, deps.config.defaultCountry).e164;
        if (!number) return { card: null, why: null };
        const waits = (await deps
          .db<ContactRow>('campaign_contacts')
          .where({ number, state: 'ready' })
          .orderBy('id')
          .limit(20)) as ContactRow[];
        const live = (await deps.db<CampaignRow>('campaigns').whereIn('id', waits.map((one) => one.campaign_id)).where('state', 'running')) as CampaignRow[]; // prettier-ignore
        const contact = waits.find((one) => live.some(({ id }) => id === one.campaign_id));
        if (!contact) return { card: null, why: null };
        return {
          card: await cardOf(
            actor,
            live.find(({ id }) => id === contact.campaign_id)!,
            contact,
          ),
          why: null,
        };
      },
    }),
    route({
      method: 'put',
      path: '/campaigns/contacts/:id/answers',
      summary: 'What the person has answered to the script, each question by itself; says of which answers there are enough',
      params: IdParam,
      body: AnswersDraft,
      reply: AnswersReply,
      can: may.call,
      async handle({ params: { id }, body: { version, answers }, actor }) {
        const { contact, campaign } = await contactFor(actor, id);
        const row = (await deps.db('script_versions').where({ campaign_id: campaign.id, version }).first()) as { body: string } | undefined;
        if (!row) throw new AppError('invalid', 'no such version', { issues: [{ path: 'body.version', code: 'unknown_version' }] });
        const { steps } = Script.parse(JSON.parse(row.body));
        for (const [question, value] of Object.entries(answers)) {
          const step = steps.find((each) => each.id === question);
          const fault = step ? faultOf(step, value) : 'unknown_question';
          if (fault) throw new AppError('invalid', question, { issues: [{ path: `body.answers.${question}`, code: fault }] });
        }
        const sales = await deps.outcomesWith('sale');
        return inTransaction(deps.db, async (trx) => {
          // one at a time, so that the last place in a cell is given once
          if (settingsOf(campaign).quotas.length > 0) await trx('campaigns').where({ id: campaign.id }).forUpdate().first('id');
          const full = await fullFor(trx, campaign, sales, contact.id);
          const isOver = (question: string, value: Answer) => full.some((cell) => cell.question === question && cell.value === value);
          const rows = Object.entries(answers).map(([question, value]) => ({ campaign_id: campaign.id, contact_id: contact.id, version, question, value: JSON.stringify(value), user_id: actor.id, at: deps.now(), over_quota: isOver(question, value) })); // prettier-ignore
          if (rows.length > 0) await trx('answers').insert(rows).onConflict(['contact_id', 'question']).merge(['version', 'value', 'user_id', 'at', 'over_quota']); // prettier-ignore
          return { full };
        });
      },
    }),
  ];
};
