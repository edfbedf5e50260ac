import type { Deps } from '../deps.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { dateText, wallOf } from '../core/zone.ts';
import { IdParam } from '../users/contract.ts';
import { taskAccess } from './access.ts';
import { MoveDecision, MoveDraft, MoveReply, MovesAsked, TaskReply, TaskReport, TaskReportExport, TaskReportQuery } from './contract.ts';
import type { MovesAsked as Asked } from './contract.ts';
import { movesAsked } from './move-rows.ts';
import { decide, isChief, moveTask, presentMoves } from './moves.ts';
import { taskPolicy } from './policy.ts';
import { findTask } from './queries.ts';
import { taskReport } from './report.ts';
import { present } from './service.ts';

/** How a report becomes a file: from reports. */
export interface ReportFiles {
  media: Readonly<Record<'csv' | 'xlsx', string>>;
  write(
    draft: Pick<TaskReportExport, 'format' | 'language' | 'words'> & { report: string; query: { by: string } },
    report: { rows: { key: { outcome: string }; figures: object }[]; total: object; timeZone: string },
  ): Promise<Buffer>;
}

/** Deadlines that move, whose consent that needs, and what became of them. */
export const moveRoutes = (deps: Deps, files: ReportFiles): readonly Route[] => {
  const { editable } = taskAccess(deps);
  return [
    route({
      method: 'post',
      path: '/tasks/:id/move',
      summary: 'Move the deadline, with the reason; the third time it waits for the consent of whoever leads the owner',
      params: IdParam,
      body: MoveDraft,
      reply: MoveReply,
      can: taskPolicy.list,
      async handle({ params, body, actor }) {
        const { task, asked } = await moveTask(deps, actor, await editable(actor, params.id), body);
        return { task: (await present(deps, actor, [task]))[0]!, asked };
      },
    }),
    route({
      method: 'get',
      path: '/tasks/moves',
      summary: 'Moves of deadlines that wait for my consent',
      reply: MovesAsked,
      can: taskPolicy.listAll,
      async handle({ actor }) {
        const items: Asked['items'] = [];
        for (const row of await movesAsked(deps.db)) {
          const task = (await findTask(deps.db, row.task_id))!;
          if (!(await isChief(deps, actor, task.ownerId))) continue;
          items.push({ move: (await presentMoves(deps, actor, [row], () => task.ownerId))[0]!, task: (await present(deps, actor, [task]))[0]! }); // prettier-ignore
        }
        return { items };
      },
    }),
    route({
      method: 'post',
      path: '/tasks/moves/:id',
      summary: 'Consent to a move, or refuse it, with the reason; 409 when somebody has already',
      params: IdParam,
      body: MoveDecision,
      reply: TaskReply,
      can: taskPolicy.listAll,
      async handle({ params, body, actor }) {
        return { task: (await present(deps, actor, [await decide(deps, actor, params.id, body)]))[0]! };
      },
    }),
    route({
      method: 'get',
      path: '/tasks/report',
      summary: 'How tasks ended: on time, late, moved, and in which step time was lost',
      query: TaskReportQuery,
      reply: TaskReport,
      can: taskPolicy.listAll,
      handle: async ({ query }) => taskReport(deps, query),
    }),
    route({
      method: 'post',
      path: '/tasks/report/export',
      summary: 'The same as a file: CSV or XLSX',
      body: TaskReportExport,
      media: 'application/octet-stream',
      can: taskPolicy.listAll,
      async handle({ body, actor, res }) {
        const { query, format } = body;
        const report = await taskReport(deps, query);
        const timeZone = await deps.directory.timeZoneOf(actor.id);
        const rows = report.rows.map(({ user, kind, figures }) => ({ key: { outcome: user?.name ?? kind ?? '' }, figures }));
        const draft = { ...body, report: `tasks-${query.by}`, query: { by: query.by } };
        const file = await files.write(draft, { rows, total: report.total, timeZone });
        await deps.audit(deps.db, { actorId: actor.id, what: 'reports.exported', details: { report: draft.report, query, format, rows: rows.length } }); // prettier-ignore
        const date = (at: number) => dateText(wallOf(at, timeZone));
        res.set(
          'Content-Disposition',
          `attachment; filename="allo-${draft.report}-${date(query.from)}-${date(query.until - 1)}.${format}"`,
        );
        res.set('Content-Type', files.media[format]).send(file);
      },
    }),
  ];
};
