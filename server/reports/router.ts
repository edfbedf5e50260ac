import type { Deps } from '../deps.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import {
  BreakReport,
  ExportDraft,
  OperatorReport,
  OutcomeReport,
  QueueReport,
  RebuildDraft,
  ReportQuery,
  Staffing,
  StaffingQuery,
} from './contract.ts';
import { MEDIA, READ, csvOf, fileName, xlsxOf } from './files.ts';
import { reportPolicy } from './policy.ts';
import { rebuild } from './rollup.ts';
import type { RollupDeps } from './rollup.ts';
import { breakReport, operatorReport, outcomeReport, queueReport, staffing } from './service.ts';

/** /api/reports: figures of metrics.md out of the roll-ups. */
export const reportRoutes = (deps: Deps, rollup: RollupDeps): Route[] => {
  const zone = (id: number) => deps.directory.timeZoneOf(id);
  return [
    route({
      method: 'get',
      path: '/reports/queues',
      summary: 'Visits to queues: service level, waits, abandonment, handling time',
      query: ReportQuery,
      reply: QueueReport,
      can: reportPolicy.read,
      handle: async ({ query, actor }) => queueReport(deps, query, await zone(actor.id)),
    }),
    route({
      method: 'get',
      path: '/reports/operators',
      summary: 'Operators: calls handled, offers not taken, transfers, occupancy, utilisation',
      query: ReportQuery,
      reply: OperatorReport,
      can: reportPolicy.read,
      handle: async ({ query, actor }) => operatorReport(deps, query, await zone(actor.id)),
    }),
    route({
      method: 'get',
      path: '/reports/outcomes',
      summary: 'Calls by their outcome',
      query: ReportQuery,
      reply: OutcomeReport,
      can: reportPolicy.read,
      handle: async ({ query, actor }) => outcomeReport(deps, query, await zone(actor.id)),
    }),
    route({
      method: 'get',
      path: '/reports/breaks',
      summary: 'Breaks by their reason',
      query: ReportQuery,
      reply: BreakReport,
      can: reportPolicy.read,
      handle: async ({ query, actor }) => breakReport(deps, query, await zone(actor.id)),
    }),
    route({
      method: 'get',
      path: '/reports/staffing',
      summary: 'How many operators a queue needs in each hour of a week, by Erlang C from its own history',
      query: StaffingQuery,
      reply: Staffing,
      can: reportPolicy.read,
      handle: async ({ query, actor }) => staffing(deps, query, await zone(actor.id)),
    }),
    route({
      method: 'post',
      path: '/reports/export',
      summary: 'A report as a file: CSV or XLSX',
      body: ExportDraft,
      media: 'application/octet-stream',
      can: reportPolicy.export,
      async handle({ body, actor, res }) {
        const timeZone = await zone(actor.id);
        const report = await READ[body.report](deps, body.query, timeZone);
        const file = body.format === 'csv' ? csvOf(body, report) : await xlsxOf(body, report);
        const { from, until } = body.query;
        const details = { report: body.report, format: body.format, from, until, rows: report.rows.length };
        await deps.audit(deps.db, { actorId: actor.id, what: 'reports.exported', details });
        res.set('Content-Disposition', `attachment; filename="${fileName(body, timeZone)}"`);
        res.set('Content-Type', MEDIA[body.format]).send(file);
      },
    }),
    route({
      method: 'post',
      path: '/reports/rebuild',
      summary: 'Counts a period of at most 31 days anew from the log',
      body: RebuildDraft,
      can: reportPolicy.rebuild,
      async handle({ body, actor }) {
        await rebuild(rollup, body.from, body.until);
        await deps.audit(deps.db, { actorId: actor.id, what: 'reports.rebuilt', details: body });
      },
    }),
  ];
};
