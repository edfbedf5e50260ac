import type { Deps } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { dateText, wallOf } from '../core/zone.ts';
import { invalid } from './access.ts';
import { countActions, listActions } from './actions.ts';
import { ActionCounts, ActionPage, ActionQuery, ComplaintPage, ReportExport, ReportQuery, ReportReply, ReportTickets } from './contract.ts';
import { complaintPolicy } from './policy.ts';
import { presentBriefs } from './present.ts';
import { complaintReport, filterOf } from './report.ts';
import { idsBehind, rowsInOrder } from './report-sql.ts';
import { weeksOf } from './trend.ts';

/** From reports: a table of figures as a file. */
export interface FigureFiles {
  media: Readonly<Record<'csv' | 'xlsx', string>>;
  write(
    draft: Pick<ReportExport, 'format' | 'language' | 'words'> & { report: string; query: { by: string } },
    report: { rows: { key: { code?: string; at?: number }; figures: object }[]; total: object; timeZone: string },
  ): Promise<Buffer>;
}

/** Minor units are what we count in, not what is read in a sheet. */
const inSheet = (figures: Readonly<Record<string, number | null>>) => ({ ...figures, ...(figures.cost != null && { cost: figures.cost / 100 }) }); // prettier-ignore

/** /api/complaints/report: figures of complaints, the tickets behind each, and files of them. */
export const reportRoutes = (deps: Deps, files: FigureFiles): Route[] => {
  const zone = (id: number) => deps.directory.timeZoneOf(id);
  return [
    route({
      method: 'get',
      path: '/complaints/report',
      summary: 'Figures of complaints by cause, category, severity, product, department, operator, week, age, status or hand-over',
      query: ReportQuery,
      reply: ReportReply,
      can: complaintPolicy.reports,
      handle: async ({ query, actor }) => complaintReport(deps, query, await zone(actor.id)),
    }),
    route({
      method: 'get',
      path: '/complaints/report/tickets',
      summary: 'The complaints that a figure counts',
      query: ReportTickets,
      reply: ComplaintPage,
      can: complaintPolicy.reports,
      async handle({ query, actor }) {
        const now = deps.now();
        const { from, until } = query;
        if (until <= from) throw invalid('query.until', 'too_small');
        const named = ['product', 'severity', 'statuses'].includes(query.by) || query.row === undefined || /^\d{1,10}$/.test(query.row);
        if (!named) throw invalid('query.row', 'invalid_format');
        const timeZone = await zone(actor.id);
        const found = await idsBehind(deps.db, { from, until }, (span) => weeksOf(span.from, span.until, timeZone), await filterOf(deps, query), query, now); // prettier-ignore
        if (!found) throw new AppError('invalid', 'not a cursor', { issues: [{ path: 'query.after', code: 'invalid_format' }] });
        return { items: await presentBriefs(deps, actor, await rowsInOrder(deps.db, found.ids)), next: found.next, now };
      },
    }),
    route({
      method: 'get',
      path: '/complaints/actions',
      summary: 'Corrective actions of all complaints: open, overdue or done',
      query: ActionQuery,
      reply: ActionPage,
      can: complaintPolicy.reports,
      handle: ({ query }) => listActions(deps, query),
    }),
    route({
      method: 'get',
      path: '/complaints/actions/counts',
      summary: 'Open corrective actions by owner and by department',
      query: ActionQuery,
      reply: ActionCounts,
      can: complaintPolicy.reports,
      handle: ({ query }) => countActions(deps, query),
    }),
    route({
      method: 'post',
      path: '/complaints/report/export',
      summary: 'Figures of complaints as a file: CSV or XLSX',
      body: ReportExport,
      media: 'application/octet-stream',
      can: complaintPolicy.reports,
      async handle({ body, actor, res }) {
        const timeZone = await zone(actor.id);
        const { query, format } = body;
        const report = await complaintReport(deps, query, timeZone);
        const rows = report.rows.map(({ key, name, figures }) => ({ key: key.at === undefined ? { code: name ?? key.code ?? '' } : { at: key.at }, figures: inSheet(figures) })); // prettier-ignore
        const draft = { ...body, report: `complaints-${query.by}`, query: { by: query.by } };
        const file = await files.write(draft, { rows, total: inSheet(report.total), timeZone });
        await deps.audit(deps.db, {
          actorId: actor.id,
          what: 'reports.exported',
          details: { report: draft.report, query, format, rows: rows.length },
        });
        const date = (at: number) => dateText(wallOf(at, timeZone));
        res.set('Content-Disposition', `attachment; filename="allo-${draft.report}-${date(query.from)}-${date(query.until - 1)}.${format}"`); // prettier-ignore
        res.set('Content-Type', files.media[format]).send(file);
      },
    }),
  ];
};
