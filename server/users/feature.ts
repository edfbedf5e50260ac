import type { Core, Deps, Feature } from '../deps.ts';
import { createAccounts } from './accounts.ts';
import { createDirectory } from './directory.ts';
import { userRoutes } from './router.ts';
import { editUser } from './service.ts';
import type { By, UserDeps } from './service.ts';

/** What the other features are handed: the directory, and to auth the accounts. */
export const usersDeps = ({ db, bus, now, log }: Core, reaches: Deps['reaches']) => {
  const { directory, stop } = createDirectory(db, bus, now, log, reaches);
  return { directory, accounts: createAccounts(db), stop };
};

/** `endSessions`: signs a person out everywhere. `letGo`: see UserDeps. */
export const usersFeature = (
  deps: Deps,
  parts: { endSessions(userId: number): Promise<void>; letGo: UserDeps['letGo'] },
): Feature & { leave(id: number, by: By): Promise<void> } => {
  const all = { ...deps, ...parts, pbxNames: deps.config.pbxs.map((pbx) => pbx.name) };
  return {
    routes: userRoutes(all),
    async leave(id, by) {
      await editUser(all, id, { left: true }, by);
      await parts.endSessions(id);
    },
  };
};
