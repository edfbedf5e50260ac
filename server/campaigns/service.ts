import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { momentOf, wallOf } from '../core/zone.ts';
import type { Campaign, CampaignView, Lack, Script } from './contract.ts';
import { Script as ScriptShape } from './contract.ts';
import { ONLY_ADVICE, lacksOf, modesOf } from './lacks.ts';
import { campaignPolicy as may } from './policy.ts';
import { countsOf, findCampaign, settingsOf } from './rows.ts';
import type { CampaignRow } from './rows.ts';
import { runOf } from './runs.ts';

export const loaded = async (deps: Pick<Deps, 'db'>, id: number): Promise<CampaignRow> => {
  const row = await findCampaign(deps.db, id);
  if (!row) throw new AppError('not_found', 'no such campaign');
  return row;
};

export const shown = async (deps: Pick<Deps, 'db' | 'directory'>, rows: readonly CampaignRow[]): Promise<Campaign[]> => {
  const [counts, users] = await Promise.all([
    countsOf(deps.db, rows.map(({ id }) => id)), // prettier-ignore
    deps.directory.briefs(rows.map(({ owner_id }) => owner_id)),
  ]);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    owner: users.get(row.owner_id) ?? null,
    state: row.state,
    pbx: row.pbx,
    queue: row.queue,
    mode: row.mode,
    profile: row.profile,
    purpose: row.purpose,
    settings: settingsOf(row),
    version: row.version,
    createdAt: row.created_at,
    startedAt: row.started_at,
    counts: counts.get(row.id)!,
  }));
};

/** The latest version, or that one. */
export const scriptOf = async (
  deps: Pick<Deps, 'db'>,
  campaignId: number,
  version?: number,
): Promise<{ script: Script | null; version: number }> => {
  const row = (await deps.db('script_versions').where({ campaign_id: campaignId, ...(version !== undefined && { version }) }).orderBy('version', 'desc').first()) as { body: string; version: number } | undefined; // prettier-ignore
  return row ? { script: ScriptShape.parse(JSON.parse(row.body)), version: row.version } : { script: null, version: 0 };
};

const lacksFor = async (deps: Deps, row: CampaignRow): Promise<{ lacks: Lack[]; modes: Campaign['mode'][] }> => {
  const profile = await deps.dialling.profile(deps.db, row.profile);
  const [operators, contact, { script }] = [
    await deps.operatorsOf(row.pbx, row.queue),
    await deps.db('campaign_contacts').where({ campaign_id: row.id }).first('id'),
    await scriptOf(deps, row.id),
  ];
  const facts = { profile, queueKnown: operators !== null, operators: operators ?? 0, contacts: contact ? 1 : 0, script, now: deps.now() }; // prettier-ignore
  return { lacks: lacksOf(row, facts), modes: modesOf(profile, row.purpose) };
};

export const viewOf = async (deps: Deps, row: CampaignRow, actor: Actor): Promise<CampaignView> => {
  const now = deps.now();
  const { timeZone } = await deps.calendars.of(null);
  const today = momentOf({ ...wallOf(now, timeZone), hour: 0, minute: 0 }, timeZone);
  const profile = await deps.dialling.profile(deps.db, row.profile);
  const [[campaign], wizard, run, { script }] = await Promise.all([
    shown(deps, [row]),
    lacksFor(deps, row),
    runOf(deps.db, row, profile, await deps.outcomesWith('sale'), today, now),
    scriptOf(deps, row.id),
  ]);
  return { campaign: campaign!, ...wizard, run, script, can: { edit: may.edit(actor), export: may.export(actor) } };
};

const FROM: Record<Campaign['state'], Campaign['state'][]> = {
  draft: ['approved'],
  approved: ['draft', 'paused'],
  running: ['approved', 'paused'],
  paused: ['running'],
  finished: ['approved', 'running', 'paused'],
};

/** Moves a campaign on; it runs only when nothing is missing. Paused means that no further call is placed, at once. */
export const moveCampaign = async (deps: Deps, actor: Actor, id: number, to: Campaign['state']): Promise<CampaignRow> => {
  const row = await loaded(deps, id);
  if (row.state === to) return row;
  if (!FROM[to].includes(row.state)) throw new AppError('conflict', `${row.state} -> ${to}`, { reason: 'state', from: row.state });
  if (to === 'approved' || to === 'running') {
    const missing = (await lacksFor(deps, row)).lacks.filter((lack) => !ONLY_ADVICE.includes(lack));
    if (missing.length > 0) throw new AppError('conflict', `lacks ${missing.join(', ')}`, { reason: 'lacks', lacks: missing });
  }
  await inTransaction(deps.db, async (trx) => {
    const started = to === 'running' && row.started_at === null ? { started_at: deps.now() } : {};
    const moved = await trx('campaigns')
      .where({ id, state: row.state })
      .update({ state: to, stalled: null, ...started });
    if (moved === 0) throw new AppError('conflict', 'changed meanwhile', { reason: 'changed' });
    await deps.audit(trx, { actorId: actor.id, what: `campaign.${to}`, table: 'campaigns', rowId: id, details: { from: row.state } });
  });
  deps.bus.emit('campaign.changed', { id });
  return loaded(deps, id);
};
