import type { Deps, Feature } from '../app.ts';
import { tasksRoutes } from './router.ts';

export const tasksFeature = (deps: Deps): Feature => ({ routes: tasksRoutes(deps) });
