import type { Deps, Feature } from '../../deps.ts';
import { inTransaction } from '../../core/db.ts';
import { AppError } from '../../core/errors.ts';
import { findClient } from '../queries.ts';
import { moveClient } from './move.ts';
import { readRules, readStages, untouched } from './queries.ts';
import { fitting, ruleContext } from './rules.ts';

type StageDeps = Pick<Deps, 'db' | 'fields' | 'audit' | 'config' | 'now' | 'clientStages' | 'bus' | 'log' | 'planCallBack' | 'notify'>;

const BATCH = 200;

/** Moves whom the rules fit, each client by the first rule that does. @returns how many */
export const applyRules = async (deps: StageDeps): Promise<number> => {
  const stages = await readStages(deps.db);
  const moved = new Set<number>();
  for (const rule of await readRules(deps.db)) {
    if (!rule.enabled) continue;
    let after = 0;
    for (;;) {
      const ids = await fitting(deps.db, rule, await ruleContext(deps, deps.db), after, BATCH).catch((err: unknown) => {
        // A field that it named is gone: the others go on.
        if (!(err instanceof AppError)) throw err;
        deps.log.warn({ err, rule: rule.id }, 'stage rule cannot be applied');
        return [];
      });
      for (const id of ids) if (!moved.has(id) && (await applyTo(deps, rule, id, stages))) moved.add(id);
      if (ids.length < BATCH) break;
      after = ids.at(-1)!;
    }
  }
  return moved.size;
};

const applyTo = async (
  deps: StageDeps,
  rule: Awaited<ReturnType<typeof readRules>>[number],
  id: number,
  stages: Awaited<ReturnType<typeof readStages>>,
): Promise<boolean> => {
  try {
    const done = await inTransaction(deps.db, async (trx) => {
      const client = await findClient(trx, id);
      if (!client) return false;
      // Whom somebody moved a moment ago by hand the next sweep looks at again.
      return moveClient(deps, trx, client, stages, { to: rule.to, reason: rule.name, rule, userId: null, at: deps.now() });
    });
    if (done) deps.bus.emit('client.changed', { id });
    return done;
  } catch (err) {
    if (!(err instanceof AppError)) throw err;
    deps.log.warn({ err, rule: rule.id, client: id }, 'stage rule: not moved');
    return false;
  }
};

/** Whoever is responsible for a client that waits too long is given a call-back, once for each time it came to the stage. @returns how many */
export const warnOfUntouched = async (deps: StageDeps): Promise<number> => {
  const now = deps.now();
  const stages = await readStages(deps.db);
  let after: { since: number; id: number } | null = null;
  let count = 0;
  for (;;) {
    const rows = await untouched(deps.db, { stages, reach: 'all', now, after, limit: BATCH });
    for (const { id, since, owner_id } of rows) {
      if (owner_id === null) continue;
      const tell = await inTransaction(deps.db, async (trx) => {
        const known = await trx('stage_alerts').where({ client_id: id, since }).first('client_id');
        if (known) return null;
        await trx('stage_alerts').insert({ client_id: id, since, at: now });
        const client = await findClient(trx, id);
        if (!client) return null;
        const text = stages.find(({ code }) => code === client.stage)?.label.ru ?? client.stage;
        const told = await deps.notify(trx, [owner_id], { kind: 'lead-untouched', effect: `client:${id}:untouched:${since}`, about: { kind: 'client', ref: id }, params: { stage: text } }); // prettier-ignore
        const phone = client?.phones.find(({ e164, badSince }) => e164 !== null && badSince === null)?.e164;
        const planned = phone
          ? await deps.planCallBack(trx, { ownerId: owner_id, authorId: owner_id, clientId: id, phone, dueAt: now, text, at: now })
          : null;
        return { told, planned };
      });
      tell?.told();
      tell?.planned?.();
      if (tell?.planned) count++;
    }
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return count;
    after = { since: last.since, id: last.id };
  }
};

const SWEEP_MS = 60_000;
/** Rules look at many cards: less often. */
const RULES_EVERY = 30;

export const stageJobs =
  (deps: StageDeps & Pick<Deps, 'jobs'>): NonNullable<Feature['start']> =>
  async (roles) => {
    if (!roles.has('worker')) return () => {};
    deps.jobs.handle('stages.sweep', async ({ rules }) => {
      if (rules) await applyRules(deps);
      await warnOfUntouched(deps);
    });
    let turn = 0;
    const sweep = () => {
      const rules = turn++ % RULES_EVERY === 0;
      deps.jobs.add('stages.sweep', { rules }).catch((err: unknown) => deps.log.warn({ err }, 'stages: sweep'));
    };
    const timer = setInterval(sweep, SWEEP_MS);
    return () => clearInterval(timer);
  };
