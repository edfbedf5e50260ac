import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { MOST_CARRIED } from '../mail/contract.ts';
import { IdParam } from '../users/contract.ts';
import { z } from 'zod';
import { invalid } from './access.ts';
import {
  COMMON_SEVERITY,
  CategoryDraft,
  CategoryEdit,
  PolicyDraft,
  PolicyEdit,
  PolicyList,
  SettingsEdit,
  SeverityTable,
  Setup,
  TemplateDraft,
  TemplateEdit,
  TransitionTable,
} from './contract.ts';
import type { Category, PolicyDraft as Policy } from './contract.ts';
import { complaintPolicy } from './policy.ts';
import { asSeen, pathOf, policyColumns, readCategories, readPolicies, readSettings, readSeverities, readTemplates, readTransitions, without, writeSettings, writeSeverities, writeTransitions } from './settings.ts'; // prettier-ignore

const MAX_DEPTH = 4;
const IdReply = z.object({ id: z.number().int().positive() });

const checkParent = (all: readonly Category[], kind: Category['kind'], id: number | null, parentId: number | null | undefined) => {
  if (parentId == null) return;
  const path = pathOf(all, parentId);
  const fits = all.some((each) => each.id === parentId && each.kind === kind) && path.length < MAX_DEPTH && (id === null || !path.includes(id)); // prettier-ignore
  if (!fits) throw invalid('body.parentId', 'no_such_group');
};

/** /api/complaints/...: what an administrator sets. */
export const settingsRoutes = (deps: Deps): Route[] => {
  const write = (actorId: number, what: string, details: object, run: (trx: Knex) => Promise<void>) =>
    inTransaction(deps.db, async (trx) => {
      await run(trx);
      await deps.audit(trx, { actorId, what, table: 'complaint_settings', details });
    });
  const gone = (changed: number) => {
    if (changed === 0) throw new AppError('not_found', 'no such row');
  };
  const checkPolicy = async (draft: Policy) => {
    const all = await readCategories(deps.db);
    if (draft.categoryId !== null && !all.some(({ id, kind }) => id === draft.categoryId && kind === 'category'))
      throw invalid('body.categoryId', 'unknown_category');
    if (draft.severity !== null && !(await readSeverities(deps.db)).some(({ code }) => code === draft.severity))
      throw invalid('body.severity', 'unknown_severity');
    if (draft.departmentId !== null && !(await deps.directory.departments()).some(({ id }) => id === draft.departmentId)) throw invalid('body.departmentId', 'unknown_department'); // prettier-ignore
    if (draft.calendarId !== null && !(await deps.calendars.snapshot()).has(draft.calendarId))
      throw invalid('body.calendarId', 'unknown_calendar');
  };

  return [
    route({
      method: 'get',
      path: '/complaints/setup',
      summary: 'What any page of complaints needs: categories, severities, templates, transitions, who works where',
      reply: Setup,
      can: complaintPolicy.list,
      async handle({ actor }) {
        return {
          categories: await readCategories(deps.db),
          severities: await readSeverities(deps.db),
          templates: await readTemplates(deps.db),
          transitions: await readTransitions(deps.db),
          departments: await deps.directory.departments(),
          people: await deps.directory.staff(),
          settings: await readSettings(deps.db),
          mostCarried: MOST_CARRIED,
          can: {
            all: complaintPolicy.listAll(actor),
            department: actor.departmentId !== null,
            settings: complaintPolicy.settings(actor),
            reports: complaintPolicy.reports(actor),
          },
        };
      },
    }),
    route({
      method: 'put',
      path: '/complaints/settings',
      summary: 'Days of repetition and reopening, the limit of compensations, the public form',
      body: SettingsEdit,
      can: complaintPolicy.settings,
      async handle({ body: { seen, ...body }, actor }) {
        if (body.departmentId !== null && !(await deps.directory.departments()).some(({ id }) => id === body.departmentId)) throw invalid('body.departmentId', 'unknown_department'); // prettier-ignore
        await write(actor.id, 'complaint-settings.edited', body, async (trx) => {
          await asSeen(trx, 'complaint_settings', seen, () => readSettings(trx));
          await writeSettings(trx, body);
        });
      },
    }),
    route({
      method: 'put',
      path: '/complaints/transitions',
      summary: 'From which status into which',
      body: TransitionTable,
      can: complaintPolicy.settings,
      async handle({ body: { items, seen }, actor }) {
        const names = items.map(({ from, to }) => `${from} ${to}`);
        if (new Set(names).size !== names.length) throw invalid('body.items', 'twice');
        if (items.some(({ from, to }) => from === to || from === 'merged' || to === 'merged' || to === 'new'))
          throw invalid('body.items', 'no_such_way');
        await write(actor.id, 'complaint-transitions.edited', { items: names }, async (trx) => {
          await asSeen(trx, 'complaint_transitions', seen, () => readTransitions(trx));
          await writeTransitions(trx, items);
        });
      },
    }),
    route({
      method: 'put',
      path: '/complaints/severities',
      summary:
        'How grave complaints are: labels, colours and order, the least grave first; none is deleted, complaints keep what they have',
      body: SeverityTable,
      can: complaintPolicy.settings,
      async handle({ body: { items, seen }, actor }) {
        const codes = items.flatMap(({ code }) => code ?? []);
        if (new Set(codes).size !== codes.length) throw invalid('body.items', 'twice');
        // mail and the form have no other
        if (!items.some(({ code, retired }) => code === COMMON_SEVERITY && !retired)) throw invalid('body.items', 'common_severity');
        await write(actor.id, 'complaint-severities.edited', { items }, async (trx) => {
          await asSeen(trx, 'complaint_severities', seen, () => readSeverities(trx));
          const there = (await readSeverities(trx)).map(({ code }) => code);
          if (codes.some((code) => !there.includes(code))) throw invalid('body.items', 'unknown_severity');
          if (there.some((code) => !codes.includes(code))) throw invalid('body.items', 'severity_missing');
          await writeSeverities(trx, items, deps.now());
        });
      },
    }),
    route({
      method: 'post',
      path: '/complaints/categories',
      summary: 'A new category or cause',
      body: CategoryDraft,
      reply: IdReply,
      status: 201,
      can: complaintPolicy.settings,
      async handle({ body: { kind, label, parentId }, actor }) {
        checkParent(await readCategories(deps.db), kind, null, parentId);
        let id = 0;
        await write(actor.id, 'complaint-category.created', { kind, label }, async (trx) => {
          const [{ last }] = (await trx('complaint_categories').where({ kind }).max({ last: 'position' })) as [{ last: number | null }];
          [id] = (await trx('complaint_categories').insert({ kind, code: null, label, parent_id: parentId, position: (last ?? 0) + 1, retired_at: null })) as [number]; // prettier-ignore
        });
        return { id };
      },
    }),
    route({
      method: 'patch',
      path: '/complaints/categories/:id',
      summary: 'Renames, moves or retires one; complaints keep what they have',
      params: IdParam,
      body: CategoryEdit,
      can: complaintPolicy.settings,
      async handle({ params: { id }, body: { seen, ...body }, actor }) {
        const all = await readCategories(deps.db);
        const before = all.find((each) => each.id === id);
        if (!before) throw new AppError('not_found', 'no such category');
        checkParent(all, before.kind, id, body.parentId);
        if (body.label === null && before.code === null) throw invalid('body.label', 'required');
        const columns = {
          ...(body.label !== undefined && { label: body.label }),
          ...(body.parentId !== undefined && { parent_id: body.parentId }),
          ...(body.retired !== undefined && { retired_at: body.retired ? deps.now() : null }),
        };
        if (Object.keys(columns).length === 0) return;
        await write(actor.id, 'complaint-category.edited', { id, ...body }, async (trx) => {
          await asSeen(trx, 'complaint_categories', seen, async () => {
            const now = (await readCategories(trx)).find((each) => each.id === id);
            return now && { label: now.label, parentId: now.parentId, retired: now.retired };
          });
          await trx('complaint_categories').where({ id }).update(columns);
        });
      },
    }),
    route({
      method: 'get',
      path: '/complaints/policies',
      summary: 'By when a complaint must have had what',
      reply: PolicyList,
      can: complaintPolicy.reports,
      handle: async () => ({ items: await readPolicies(deps.db) }),
    }),
    route({
      method: 'post',
      path: '/complaints/policies',
      summary: 'A new policy; the most particular that fits a complaint holds',
      body: PolicyDraft,
      reply: IdReply,
      status: 201,
      can: complaintPolicy.settings,
      async handle({ body, actor }) {
        await checkPolicy(body);
        let id = 0;
        await write(actor.id, 'complaint-policy.created', body, async (trx) => void ([id] = (await trx('complaint_policies').insert(policyColumns(body))) as [number])); // prettier-ignore
        return { id };
      },
    }),
    route({
      method: 'put',
      path: '/complaints/policies/:id',
      summary: 'Changes a policy; the clocks of what is open are counted anew within a minute',
      params: IdParam,
      body: PolicyEdit,
      can: complaintPolicy.settings,
      async handle({ params: { id }, body: { seen, ...body }, actor }) {
        await checkPolicy(body);
        if (!(await readPolicies(deps.db)).some((one) => one.id === id)) throw new AppError('not_found', 'no such policy');
        await write(actor.id, 'complaint-policy.edited', { id, ...body }, async (trx) => {
          await asSeen(trx, 'complaint_policies', seen, async () => without(await readPolicies(trx), id));
          await trx('complaint_policies').where({ id }).update(policyColumns(body));
        });
      },
    }),
    route({
      method: 'delete',
      path: '/complaints/policies/:id',
      summary: 'Deletes a policy',
      params: IdParam,
      can: complaintPolicy.settings,
      handle: ({ params: { id }, actor }) =>
        write(actor.id, 'complaint-policy.deleted', { id }, async (trx) => gone(await trx('complaint_policies').where({ id }).delete())),
    }),
    route({
      method: 'post',
      path: '/complaints/templates',
      summary: 'A text for answers',
      body: TemplateDraft,
      reply: IdReply,
      status: 201,
      can: complaintPolicy.settings,
      async handle({ body, actor }) {
        let id = 0;
        await write(actor.id, 'complaint-template.created', { name: body.name }, async (trx) => void ([id] = (await trx('complaint_templates').insert({ ...body, retired_at: null })) as [number])); // prettier-ignore
        return { id };
      },
    }),
    route({
      method: 'put',
      path: '/complaints/templates/:id',
      summary: 'Changes a text for answers',
      params: IdParam,
      body: TemplateEdit,
      can: complaintPolicy.settings,
      async handle({ params: { id }, body: { seen, ...body }, actor }) {
        if (!(await deps.db('complaint_templates').where({ id }).first('id'))) throw new AppError('not_found', 'no such template');
        await write(actor.id, 'complaint-template.edited', { id, name: body.name }, async (trx) => {
          await asSeen(trx, 'complaint_templates', seen, async () => without(await readTemplates(trx), id));
          await trx('complaint_templates').where({ id }).update(body);
        });
      },
    }),
    route({
      method: 'delete',
      path: '/complaints/templates/:id',
      summary: 'Deletes a text for answers',
      params: IdParam,
      can: complaintPolicy.settings,
      handle: ({ params: { id }, actor }) =>
        write(actor.id, 'complaint-template.deleted', { id }, async (trx) => gone(await trx('complaint_templates').where({ id }).delete())),
    }),
  ];
};
