import type { Deps, Feature } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { parsePhone } from '../core/phone.ts';
import { IdParam } from '../users/contract.ts';
import { CampaignDraft, CampaignEdit, CampaignList, CampaignSettings, CampaignView, ContactList, ContactQuery, ContactsAdded, ContactsFrom, ContactsImport, Results, ScriptDraft, ScriptReply, StateDraft } from './contract.ts'; // prettier-ignore
import type { Campaign } from './contract.ts';
import { hoursOf, listsOf, verdictsOf } from './breakdown.ts';
import { deedCounts, doDeeds, faultOfDeed } from './deeds.ts';
import { exportRoutes } from './export.ts';
import { endReached } from './goal.ts';
import { modesOf } from './lacks.ts';
import { addContacts, readList } from './lists.ts';
import { operatorRoutes } from './operator.ts';
import { campaignPolicy as may } from './policy.ts';
import { contactOf, settingsOf } from './rows.ts';
import type { CampaignRow, ContactRow } from './rows.ts';
import { cellsOf, reviveFor } from './quotas.ts';
import { resultsOf } from './runs.ts';
import { holdUnseen } from './settle.ts';
import { loaded, moveCampaign, scriptOf, shown, viewOf } from './service.ts';
import { sourceOf } from './sources.ts';
import type { Source } from './sources.ts';

const invalid = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path, code }] });

/** How often open attempts are looked at. */
const SWEEP_MS = 60_000;
/** How often campaigns with a goal are. */
const GOAL_MS = 5_000;
/** How soon what follows from an answer is done. */
const DEEDS_MS = 2_000;

/** /api/campaigns */
export const campaignsFeature = (deps: Deps): Feature => {
  const changed = (id: number) => deps.bus.emit('campaign.changed', { id });

  /** What the profile forbids is not saved: the words stand on the screen. */
  const check = async ({
    profile: code,
    purpose,
    mode,
    pbx,
    queue,
  }: Pick<CampaignRow, 'profile' | 'purpose' | 'mode' | 'pbx' | 'queue'>) => {
    const profile = await deps.dialling.profile(deps.db, code);
    if (!profile) throw invalid('body.profile', 'unknown_profile');
    if (!modesOf(profile, purpose).includes(mode)) throw invalid('body.mode', 'forbidden_by_profile');
    if ((await deps.operatorsOf(pbx, queue)) === null) throw invalid('body.queue', 'unknown_queue');
  };

  const add = async (campaign: CampaignRow, source: Source, dryRun: boolean, actorId: number) => {
    const among = async (numbers: readonly string[]) =>
      (await deps.dialling.known(deps.db, numbers, campaign.purpose, deps.now())).doNotCall;
    const { kind, name } = source.from;
    const list = { campaign_id: campaign.id, kind, name, user_id: actorId, at: deps.now() };
    const counted = await addContacts(deps.db, list, source.pages, among, dryRun);
    if (!dryRun) {
      const details = { ...counted, from: source.from };
      await deps.audit(deps.db, { actorId, what: 'campaign.contacts', table: 'campaigns', rowId: campaign.id, details });
      changed(campaign.id);
    }
    return { ...counted, ...source.refused };
  };

  const sweep = () =>
    holdUnseen(deps.db, deps.now(), deps.isInLog).then(
      (held) => held > 0 && deps.log.warn({ held }, 'campaigns: attempts of which no log has heard'),
      (err: unknown) => deps.log.error({ err }, 'campaigns: open attempts could not be looked at'),
    );

  const goals = () =>
    endReached(deps).then(
      (ended) => ended > 0 && deps.log.info({ ended }, 'campaigns: came to their goal'),
      (err: unknown) => deps.log.error({ err }, 'campaigns: goals could not be looked at'),
    );

  let atWork = false;
  const deeds = async () => {
    if (atWork) return;
    atWork = true;
    try {
      await doDeeds(deps);
    } catch (err) {
      deps.log.error({ err }, 'campaigns: what follows from answers could not be looked at');
    } finally {
      atWork = false;
    }
  };

  return {
    start: async (roles) => {
      if (!roles.has('worker')) return () => {};
      const timers = [
        setInterval(() => void deeds(), DEEDS_MS),
        setInterval(() => void sweep(), SWEEP_MS),
        setInterval(() => void goals(), GOAL_MS),
      ];
      return () => timers.forEach(clearInterval);
    },
    routes: [
      ...operatorRoutes(deps),
      ...exportRoutes(deps),
      route({
        method: 'get',
        path: '/campaigns',
        summary: 'The campaigns, the newest first',
        reply: CampaignList,
        can: may.list,
        async handle({ actor }) {
          const rows = (await deps.db<CampaignRow>('campaigns').orderBy('id', 'desc').limit(200)) as CampaignRow[];
          return { items: await shown(deps, rows), can: { edit: may.edit(actor) } };
        },
      }),
      route({
        method: 'post',
        path: '/campaigns',
        summary: 'A new campaign, a draft',
        body: CampaignDraft,
        reply: CampaignView,
        status: 201,
        can: may.edit,
        async handle({ body: { settings, ...draft }, actor }) {
          await check(draft);
          const row = { ...draft, settings: JSON.stringify(settings), owner_id: actor.id, created_at: deps.now() };
          const id = await inTransaction(deps.db, async (trx) => {
            const [made] = (await trx('campaigns').insert(row)) as [number];
            await deps.audit(trx, { actorId: actor.id, what: 'campaign.created', table: 'campaigns', rowId: made, details: draft });
            return made;
          });
          return viewOf(deps, await loaded(deps, id), actor);
        },
      }),
      route({
        method: 'get',
        path: '/campaigns/:id',
        summary: 'A campaign: what is missing, how it runs, and why it does not dial',
        params: IdParam,
        reply: CampaignView,
        can: may.list,
        handle: async ({ params: { id }, actor }) => viewOf(deps, await loaded(deps, id), actor),
      }),
      route({
        method: 'patch',
        path: '/campaigns/:id',
        summary: 'Changes a campaign, also while it runs: the next call is placed by what it is then',
        params: IdParam,
        body: CampaignEdit,
        reply: CampaignView,
        can: may.edit,
        async handle({ params: { id }, body: { version, settings, ...edit }, actor }) {
          const before = await loaded(deps, id);
          if (before.state === 'finished') throw new AppError('conflict', 'it is finished', { reason: 'state' });
          const given = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)) as Partial<CampaignRow>;
          const next = { ...before, ...given };
          if (before.state === 'running' && (next.pbx !== before.pbx || next.queue !== before.queue))
            throw invalid('body.queue', 'running');
          await check(next);
          const merged = CampaignSettings.parse({ ...settingsOf(before), ...settings });
          await inTransaction(deps.db, async (trx) => {
            const row = { ...given, settings: JSON.stringify(merged), version: version + 1 };
            if ((await trx('campaigns').where({ id, version }).update(row)) === 0)
              throw new AppError('conflict', 'changed meanwhile', { reason: 'changed' });
            if (settings?.quotas) await reviveFor(trx, id);
            await deps.audit(trx, {
              actorId: actor.id,
              what: 'campaign.edited',
              table: 'campaigns',
              rowId: id,
              details: { ...edit, settings },
            });
          });
          changed(id);
          return viewOf(deps, await loaded(deps, id), actor);
        },
      }),
      route({
        method: 'post',
        path: '/campaigns/:id/state',
        summary: 'Approves, starts, pauses or finishes a campaign',
        params: IdParam,
        body: StateDraft,
        reply: CampaignView,
        can: may.edit,
        handle: async ({ params: { id }, body: { to }, actor }) =>
          viewOf(deps, await moveCampaign(deps, actor, id, to as Campaign['state']), actor),
      }),
      route({
        method: 'post',
        path: '/campaigns/:id/contacts',
        summary: 'People from a list; with dryRun only says what it would add',
        params: IdParam,
        body: ContactsImport,
        reply: ContactsAdded,
        can: may.edit,
        async handle({ params: { id }, body: { text, name, dryRun }, actor }) {
          const campaign = await loaded(deps, id);
          const { people, rejected, rejectedCount } = readList(text, deps.config.defaultCountry);
          return add(campaign, { from: { kind: 'list', name }, pages: [people], refused: { rejected, rejectedCount } }, dryRun, actor.id);
        },
      }),
      route({
        method: 'post',
        path: '/campaigns/:id/contacts/from',
        summary:
          'People from a saved filter, the missed calls, or another campaign by how it ended for them; with dryRun only says what it would add',
        params: IdParam,
        body: ContactsFrom,
        reply: ContactsAdded,
        can: may.edit,
        async handle({ params: { id }, body, actor }) {
          const campaign = await loaded(deps, id);
          return add(campaign, await sourceOf(deps, actor, body), body.dryRun, actor.id);
        },
      }),
      route({
        method: 'get',
        path: '/campaigns/:id/contacts',
        summary: 'The people of a campaign, and why each is not called now',
        params: IdParam,
        query: ContactQuery,
        reply: ContactList,
        can: may.list,
        async handle({ params: { id }, query: { state, number, after, limit }, actor }) {
          await loaded(deps, id);
          const query = deps.db<ContactRow>('campaign_contacts').where({ campaign_id: id }).where('id', '>', after).orderBy('id').limit(limit + 1); // prettier-ignore
          if (state) void query.where({ state });
          if (number) void query.where('number', parsePhone(number, deps.config.defaultCountry).e164 ?? '');
          const rows = (await query) as ContactRow[];
          const page = rows.slice(0, limit);
          const seen = await deps.clientsSeen(actor, page.flatMap(({ client_id }) => client_id ?? [])); // prettier-ignore
          const items = page.map((row) => (row.client_id === null || seen.has(row.client_id) ? contactOf(row) : { ...contactOf(row), name: '', numbers: [], data: {} })); // prettier-ignore
          return { items, next: rows.length > limit ? page.at(-1)!.id : null };
        },
      }),
      route({
        method: 'post',
        path: '/campaigns/contacts/:id/release',
        summary:
          'A person whose last attempt nobody could settle, or whose numbers led to nobody, is called again: a supervisor has looked',
        params: IdParam,
        can: may.edit,
        async handle({ params: { id }, actor }) {
          await inTransaction(deps.db, async (trx) => {
            const row = (await trx<ContactRow>('campaign_contacts')
              .where({ id })
              .where((q) => q.where({ state: 'held' }).orWhere({ state: 'stopped', reason: 'bad-number' }))
              .first()) as ContactRow | undefined;
            if (!row) throw new AppError('not_found', 'nobody is held');
            const end = { state: 'settled', result: 'failed', ended_at: deps.now() };
            await trx('attempts').where({ contact_id: id, state: 'open' }).update(end);
            await trx('campaign_contacts').where({ id }).update({ state: 'ready', reason: 'released', next_at: deps.now() });
            await deps.audit(trx, { actorId: actor.id, what: 'campaign.released', table: 'campaign_contacts', rowId: id });
          });
        },
      }),
      route({
        method: 'get',
        path: '/campaigns/:id/results',
        summary: 'The funnel, and results by outcome, operator, attempt, hour, list and answer',
        params: IdParam,
        reply: Results,
        can: may.list,
        handle: async ({ params: { id } }) => {
          const campaign = await loaded(deps, id);
          const sales = await deps.outcomesWith('sale');
          const { timeZone } = await deps.calendars.of(null);
          const [results, hours, lists, amd, quotas, deedsDone] = await Promise.all([
            resultsOf(deps.db, id, deps.directory.briefs),
            hoursOf(deps.db, id, timeZone),
            listsOf(deps.db, id, sales),
            verdictsOf(deps.db, id, await deps.outcomesWith('machine')),
            cellsOf(deps.db, campaign, sales),
            deedCounts(deps.db, id),
          ]);
          return { ...results, hours, lists, amd, quotas, deeds: deedsDone };
        },
      }),
      route({
        method: 'put',
        path: '/campaigns/:id/script',
        summary: 'A new version of the script; calls that go on keep theirs',
        params: IdParam,
        body: ScriptDraft,
        reply: ScriptReply,
        can: may.edit,
        async handle({ params: { id }, body: { script }, actor }) {
          await loaded(deps, id);
          for (const [i, step] of script.steps.entries())
            for (const [k, deed] of step.deeds.entries()) {
              const fault = await faultOfDeed(deps, actor, step, deed);
              if (fault) throw invalid(`body.script.steps.${i}.deeds.${k}`, fault);
            }
          const version = (await scriptOf(deps, id)).version + 1;
          await inTransaction(deps.db, async (trx) => {
            await trx('script_versions').insert({
              campaign_id: id,
              version,
              body: JSON.stringify(script),
              user_id: actor.id,
              at: deps.now(),
            });
            await deps.audit(trx, { actorId: actor.id, what: 'campaign.script', table: 'campaigns', rowId: id, details: { version } });
          });
          changed(id);
          return { script, version };
        },
      }),
    ],
  };
};
