import type { Core, Deps, Feature } from '../app.ts';
import { createAccounts } from './accounts.ts';
import { createDirectory } from './directory.ts';
import { userRoutes } from './router.ts';

/** What the other features are handed: the directory, and to auth the accounts. */
export const usersDeps = ({ db, bus, now, log }: Core, reaches: Deps['reaches']) => {
  const { directory, stop } = createDirectory(db, bus, now, log, reaches);
  return { directory, accounts: createAccounts(db), stop };
};

export const usersFeature = (deps: Deps, endSessions: (userId: number) => Promise<void>): Feature => ({
  routes: userRoutes({ ...deps, pbxNames: deps.config.pbxs.map((pbx) => pbx.name), endSessions }),
});
