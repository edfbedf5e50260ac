import type { Deps, Feature } from '../deps.ts';
import { noteTask } from './actions.ts';
import { deedRoutes } from './deeds-routes.ts';
import { complaintSource } from './dispatch.ts';
import type { Redis } from '../core/redis.ts';
import { complaintJobs } from './jobs.ts';
import { publicRoutes } from './public.ts';
import { reportRoutes } from './report-routes.ts';
import type { FigureFiles } from './report-routes.ts';
import { complaintRoutes } from './router.ts';
import { settingsRoutes } from './settings-routes.ts';
import { workRoutes } from './work-routes.ts';

/** /api/complaints */
export const complaintsFeature = (
  deps: Deps,
  redis: Redis | null,
  figureFiles: FigureFiles,
): Feature & { due: ReturnType<typeof complaintSource> } => ({
  due: complaintSource(deps),
  // "setup" and the like stand before ":id"
  routes: [
    ...publicRoutes(deps, redis),
    ...settingsRoutes(deps),
    ...reportRoutes(deps, figureFiles),
    ...complaintRoutes(deps),
    ...workRoutes(deps),
    ...deedRoutes(deps),
  ],
  // Every node hears this by itself and tells its own browsers; only an id travels, reading the complaint asks the policy again.
  async start(roles) {
    const stopTelling = deps.bus.on('complaint.changed', ({ id, clientId }) => deps.pushHere('all', { topic: 'complaints', id, clientId }));
    // a lost event heals when the action is due
    const stopNoting = roles.has('worker')
      ? deps.bus.on(
          'task.changed',
          ({ id }) => void noteTask(deps, id).catch((err: unknown) => deps.log.warn({ err }, 'complaints: a task')),
        )
      : () => {};
    const stopSweeping = await complaintJobs(deps, roles);
    return () => {
      stopSweeping();
      stopNoting();
      stopTelling();
    };
  },
});
