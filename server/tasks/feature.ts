import type { Deps, Feature } from '../deps.ts';
import { mine } from '../core/authorize.ts';
import { callBackSource } from './dispatch.ts';
import { cardRoutes } from './card-routes.ts';
import { dayRoutes } from './day-routes.ts';
import { moveRoutes } from './move-routes.ts';
import type { ReportFiles } from './move-routes.ts';
import { tasksRoutes } from './router.ts';
import { searchTasks } from './search.ts';
import { unplannedRoutes } from './unplanned.ts';
import { makeOccurrences } from './series.ts';
import { present } from './service.ts';

const SWEEP_MS = 15_000;

/** @returns stop */
const seriesJob = (deps: Deps): (() => void) => {
  const sweep = () => void makeOccurrences(deps).catch((err: unknown) => deps.log.warn({ err }, 'tasks: what comes again'));
  sweep();
  const timer = setInterval(sweep, SWEEP_MS);
  return () => clearInterval(timer);
};

export const tasksFeature = (
  deps: Deps,
  files: ReportFiles,
): Feature & Pick<Deps, 'findTasks'> & { due: ReturnType<typeof callBackSource> } => ({
  due: callBackSource(deps),
  // Before what has an id in its place: /tasks/report is no task.
  routes: [...dayRoutes(deps), ...unplannedRoutes(deps), ...moveRoutes(deps, files), ...tasksRoutes(deps), ...cardRoutes(deps)],
  start: async (roles) => (roles.has('worker') ? seriesJob(deps) : () => {}),
  findTasks: async (actor, ask) => present(deps, actor, await searchTasks(deps.db, mine(actor), ask)),
});
