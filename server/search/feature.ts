import type { Deps, Feature } from '../deps.ts';
import { searchRoutes } from './router.ts';

export const searchFeature = (deps: Deps): Feature => ({ routes: searchRoutes(deps) });
