import type { Deps, Feature } from '../deps.ts';
import { mine } from '../core/authorize.ts';
import { callBackSource } from './dispatch.ts';
import { tasksRoutes } from './router.ts';
import { searchTasks } from './search.ts';
import { present } from './service.ts';

export const tasksFeature = (deps: Deps): Feature & Pick<Deps, 'findTasks'> & { due: ReturnType<typeof callBackSource> } => ({
  due: callBackSource(deps),
  routes: tasksRoutes(deps),
  findTasks: async (actor, ask) => present(deps, actor, await searchTasks(deps.db, mine(actor), ask)),
});
