import type { Deps } from '../deps.ts';
import { countOwned, journalOwners, pageOwned, stillTheirs, writeOwner } from '../core/holdings.ts';
import type { Holding, Owned } from '../core/holdings.ts';
import { findMeeting, partsOf, replaceParts } from './queries.ts';
import { tell } from './service.ts';

/** The meetings that somebody holds and that are not over, for whoever takes over. */
export const meetingHolding = (deps: Deps): Holding => {
  const owned: Owned = {
    table: 'meetings',
    column: 'owner_id',
    client: 'client_id',
    live: (query) => query.whereNull('cancelled_at').where('until_at', '>', deps.now()),
  };
  return {
    kind: 'meetings',
    count: (db, userId) => countOwned(db, owned, userId),
    page: (db, userId, after, limit) => pageOwned(db, owned, userId, after, limit),
    ready: async () => async (trx, items, by) => {
      const going = await stillTheirs(trx, owned, items);
      await writeOwner(trx, owned, going, { version: trx.raw('version + 1') });
      await journalOwners(trx, 'meetings', going, by);
      const tells: (() => void)[] = [];
      for (const { id, from, to } of going) {
        const meeting = (await findMeeting(trx, id))!;
        const before = await partsOf(trx, [id]);
        const others = before.filter(({ userId }) => userId !== from && userId !== to);
        const owner = { meetingId: id, userId: to, resourceId: null, clientId: null, email: null, answer: 'accepted' as const };
        await replaceParts(trx, meeting, [owner, ...others], false);
        tells.push(() => tell(deps, meeting, [...before, owner]));
      }
      return { passed: going.map(({ id }) => id), tell: () => tells.forEach((one) => one()) };
    },
  };
};
