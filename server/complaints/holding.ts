import type { Deps } from '../deps.ts';
import { countOwned, journalOwners, pageOwned, stillTheirs } from '../core/holdings.ts';
import type { Holding, Owned } from '../core/holdings.ts';
import { changeInside } from './service.ts';
import { readTiming } from './timing.ts';

const OWNED: Owned = { table: 'complaints', column: 'owner_id', client: 'client_id', live: (query) => query.where('is_open', 1) };

/** The complaints that a person works on, each with the move in its history. */
export const complaintHolding = (deps: Deps): Holding => ({
  kind: 'complaints',
  count: (db, userId) => countOwned(db, OWNED, userId),
  page: (db, userId, after, limit) => pageOwned(db, OWNED, userId, after, limit),
  async ready() {
    const timing = await readTiming(deps);
    return async (trx, items, by) => {
      const going = await stillTheirs(trx, OWNED, items);
      const tells: (() => void)[] = [];
      for (const { id, from, to } of going) {
        const asked = { id, actorId: by.actorId, seen: null, what: 'complaint.assigned', details: { batch: by.batch } };
        const tell = await changeInside(deps, trx, asked, timing, async (change) => {
          await change.move('owner', from, to);
          change.set({ owner_id: to });
        });
        tells.push(tell);
      }
      await journalOwners(trx, 'complaints', going, by);
      return { passed: going.map(({ id }) => id), tell: () => tells.forEach((tell) => tell()) };
    };
  },
});
