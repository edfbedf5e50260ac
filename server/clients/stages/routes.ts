import { randomBytes } from 'node:crypto';
import type { Deps } from '../../deps.ts';
import { signedIn } from '../../core/authorize.ts';
import { inTransaction } from '../../core/db.ts';
import { AppError } from '../../core/errors.ts';
import { route } from '../../core/http.ts';
import type { Route } from '../../core/http.ts';
import { IdParam } from '../../users/contract.ts';
import {
  Migrations,
  PeriodQuery,
  RuleTrial,
  StageDraft,
  StageEdit,
  StageList,
  StageParam,
  StageReply,
  StageRuleDraft,
  StageRuleReply,
  TimelineQuery,
  UntouchedPage,
} from '../contract.ts';
import type { Stage, StageRule } from '../contract.ts';
import { clientPolicy } from '../policy.ts';
import { deleteRule, insertRule, insertStage, lossReasons, migrations, readRules, readStages, untouched, updateRule, updateStage } from './queries.ts'; // prettier-ignore
import { fitting, ruleContext } from './rules.ts';

const MOST_COUNTED = 10_000;
const ABOVE = /^(\d{1,16})-(\d{1,16})$/;

/** /api/clients/stages: how far relationships may come, the rules that move them, and what came of it. */
export const stageRoutes = (deps: Deps): readonly Route[] => {
  const { db } = deps;

  const check = async (rule: Omit<StageRule, 'id'>): Promise<void> => {
    const stages = await readStages(db);
    const unknown = [...(rule.from ?? []), rule.to].find((code) => !stages.some((stage) => stage.code === code));
    if (unknown !== undefined) throw new AppError('invalid', 'no such stage', { issues: [{ path: 'body.to', code: 'no_such_stage' }] });
    // Whether each condition fits its field is seen by asking.
    await fitting(db, rule, await ruleContext(deps, db), 0, 1);
  };

  return [
    route({
      method: 'get',
      path: '/clients/stages',
      summary: 'The stages of a relationship, the rules that move clients, the reasons of loss given most',
      reply: StageList,
      can: signedIn,
      handle: async ({ actor }) => ({
        items: await readStages(db),
        rules: clientPolicy.stages(actor) ? await readRules(db) : [],
        reasons: await lossReasons(db),
        can: { edit: clientPolicy.stages(actor) },
      }),
    }),
    route({
      method: 'post',
      path: '/clients/stages',
      summary: 'A new stage',
      body: StageDraft,
      reply: StageReply,
      status: 201,
      can: clientPolicy.stages,
      handle: ({ body, actor }) =>
        inTransaction(db, async (trx) => {
          const stage: Stage = { ...body, code: `own_${randomBytes(5).toString('hex')}`, archivedAt: null };
          await insertStage(trx, stage);
          await deps.audit(trx, { actorId: actor.id, what: 'stage.created', table: 'client_stages', rowId: stage.code, details: body });
          return { stage };
        }),
    }),
    route({
      method: 'patch',
      path: '/clients/stages/:code',
      summary: 'Changes a stage, or takes it out of use; clients stay where they are',
      params: StageParam,
      body: StageEdit,
      reply: StageReply,
      can: clientPolicy.stages,
      handle: ({ params: { code }, body: { archived, ...edit }, actor }) =>
        inTransaction(db, async (trx) => {
          const before = (await readStages(trx)).find((stage) => stage.code === code);
          if (!before) throw new AppError('not_found', 'no such stage');
          if (archived && code === 'new') throw new AppError('conflict', 'new clients stand there', { reason: 'first_stage' });
          const archivedAt = archived === undefined ? before.archivedAt : archived ? deps.now() : null;
          const stage: Stage = { ...before, ...(edit as Partial<Stage>), archivedAt };
          await updateStage(trx, stage);
          await deps.audit(trx, {
            actorId: actor.id,
            what: 'stage.edited',
            table: 'client_stages',
            rowId: code,
            details: { before, edit },
          });
          return { stage };
        }),
    }),
    route({
      method: 'post',
      path: '/clients/stages/rules',
      summary: 'A new rule that moves clients by facts',
      body: StageRuleDraft,
      reply: StageRuleReply,
      status: 201,
      can: clientPolicy.stages,
      async handle({ body, actor }) {
        await check(body);
        return inTransaction(db, async (trx) => {
          const id = await insertRule(trx, body);
          await deps.audit(trx, { actorId: actor.id, what: 'stage-rule.created', table: 'stage_rules', rowId: id, details: body });
          return { rule: { id, ...body } };
        });
      },
    }),
    route({
      method: 'put',
      path: '/clients/stages/rules/:id',
      summary: 'Changes a rule',
      params: IdParam,
      body: StageRuleDraft,
      reply: StageRuleReply,
      can: clientPolicy.stages,
      async handle({ params: { id }, body, actor }) {
        await check(body);
        return inTransaction(db, async (trx) => {
          if ((await updateRule(trx, { id, ...body })) === 0) throw new AppError('not_found', 'no such rule');
          await deps.audit(trx, { actorId: actor.id, what: 'stage-rule.edited', table: 'stage_rules', rowId: id, details: body });
          return { rule: { id, ...body } };
        });
      },
    }),
    route({
      method: 'delete',
      path: '/clients/stages/rules/:id',
      summary: 'Deletes a rule; what it moved stays moved',
      params: IdParam,
      can: clientPolicy.stages,
      handle: ({ params: { id }, actor }) =>
        inTransaction(db, async (trx) => {
          if ((await deleteRule(trx, id)) === 0) throw new AppError('not_found', 'no such rule');
          await deps.audit(trx, { actorId: actor.id, what: 'stage-rule.deleted', table: 'stage_rules', rowId: id });
        }),
    }),
    route({
      method: 'post',
      path: '/clients/stages/rules/try',
      summary: 'How many clients a rule would move now',
      body: StageRuleDraft,
      reply: RuleTrial,
      can: clientPolicy.stages,
      async handle({ body }) {
        await check(body);
        const ids = await fitting(db, body, await ruleContext(deps, db), 0, MOST_COUNTED + 1);
        return { count: Math.min(ids.length, MOST_COUNTED), more: ids.length > MOST_COUNTED };
      },
    }),
    route({
      method: 'get',
      path: '/clients/stages/migrations',
      summary: 'How many clients moved from where to where in a period, and why some were lost',
      query: PeriodQuery,
      reply: Migrations,
      can: clientPolicy.migrations,
      handle: ({ query: { from, until }, actor }) => migrations(db, actor.reach.view, from, until),
    }),
    route({
      method: 'get',
      path: '/clients/untouched',
      summary: 'Clients at a stage with a hurry whom nobody has spoken with in time, the longest waiting first',
      query: TimelineQuery.pick({ before: true, limit: true }),
      reply: UntouchedPage,
      can: clientPolicy.list,
      async handle({ query: { before, limit }, actor }) {
        const cursor = before === undefined ? null : ABOVE.exec(before);
        if (before !== undefined && !cursor) throw new AppError('invalid', 'not a cursor of this list');
        const after = cursor && { since: Number(cursor[1]), id: Number(cursor[2]) };
        const rows = await untouched(db, { stages: await readStages(db), reach: actor.reach.view, now: deps.now(), after, limit: limit + 1 }); // prettier-ignore
        const page = rows.slice(0, limit);
        const clients = await deps.clientBriefs(page.map(({ id }) => id));
        const owners = await deps.directory.briefs([...new Set(page.flatMap(({ owner_id }) => owner_id ?? []))]);
        const last = page.at(-1);
        return {
          items: page.map(({ id, stage, since, owner_id }) => ({
            client: clients.get(id)!,
            stage,
            since,
            owner: owners.get(owner_id ?? 0) ?? null,
          })),
          next: rows.length > limit && last ? `${last.since}-${last.id}` : null,
        };
      },
    }),
  ];
};
