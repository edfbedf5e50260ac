import type { Deps, Feature } from '../deps.ts';
import { reportRoutes } from './router.ts';
import { isNightDue, night } from './check.ts';
import { mailReports } from './mailing.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { sweep } from './rollup.ts';
import type { ReportSources, RollupDeps } from './rollup.ts';

/** How far behind the log the figures may be. */
const SWEEP_MS = 30_000;

/** `sources`: where the figures come from; handed over, because no feature reads another one's tables. */
export const reportsFeature = (deps: Deps, sources: ReportSources): Feature => {
  const rollup: RollupDeps = { db: deps.db, now: deps.now, ...sources };
  return {
    routes: [...reportRoutes(deps, rollup), ...scheduleRoutes(deps)],
    start: async (roles) => {
      if (!roles.has('worker')) return () => {};
      deps.jobs.handle('reports.sweep', async () => void (await sweep(rollup)));
      deps.jobs.handle('reports.night', async () => {
        if (!(await isNightDue(rollup))) return;
        const wrong = await night(rollup);
        if (wrong.length > 0) deps.log.warn({ hours: wrong }, 'reports: sums that differed from the log were counted anew');
      });
      deps.jobs.handle('reports.mail', () => mailReports(deps));
      const due = () =>
        Promise.all([deps.jobs.add('reports.sweep', {}), deps.jobs.add('reports.mail', {}), deps.jobs.add('reports.night', {})]).catch(
          (err: unknown) => deps.log.warn({ err }, 'reports: sweep'),
        );
      void due();
      const timer = setInterval(due, SWEEP_MS);
      return () => clearInterval(timer);
    },
  };
};
