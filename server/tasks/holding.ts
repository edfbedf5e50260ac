import type { Deps } from '../deps.ts';
import { countOwned, journalOwners, pageOwned, stillTheirs, writeOwner } from '../core/holdings.ts';
import type { Holding, Owned } from '../core/holdings.ts';
import { addEvent } from './parts.ts';
import { findTask } from './queries.ts';
import { fileOnTimeline, tellOf } from './service.ts';

const OWNED: Owned = { table: 'tasks', column: 'owner_id', client: 'client_id', live: (query) => query.whereNull('done_at') };

/** What a person has to do, promised call-backs among it, for whoever takes over. */
export const taskHolding = (deps: Deps): Holding => ({
  kind: 'tasks',
  count: (db, userId) => countOwned(db, OWNED, userId),
  page: (db, userId, after, limit) => pageOwned(db, OWNED, userId, after, limit),
  ready: async () => async (trx, items, by) => {
    const theirs = await stillTheirs(trx, OWNED, items);
    // What a call promised is promised once by each: a colleague who has promised the same client the same has it already.
    const [refs, to] = [trx('tasks').whereIn('id', theirs.map(({ id }) => id)).whereNotNull('call_ref').select('call_ref'), [...new Set(theirs.map((item) => item.to))]]; // prettier-ignore
    const promised = new Set(((await trx('tasks').whereIn('call_ref', refs).whereIn('owner_id', to).select('call_ref', 'owner_id')) as { call_ref: string; owner_id: number }[]).map((row) => `${row.owner_id} ${row.call_ref}`)); // prettier-ignore
    const going: typeof theirs = [];
    for (const item of theirs) {
      const { callRef } = (await findTask(trx, item.id))!;
      if (callRef === null || !promised.has(`${item.to} ${callRef}`)) going.push(item);
    }
    await writeOwner(trx, OWNED, going, { version: trx.raw('version + 1') });
    await journalOwners(trx, 'tasks', going, by);
    const tells: (() => void)[] = [];
    for (const { id, from, to: next } of going) {
      const task = (await findTask(trx, id))!;
      await addEvent(trx, id, { by: by.actorId, kind: 'edited', at: by.at, data: { ownerId: [from, next] } });
      await fileOnTimeline(deps, trx, task);
      tells.push(() => tellOf(deps, task, { ...task, ownerId: from }));
    }
    return { passed: going.map(({ id }) => id), tell: () => tells.forEach((tell) => tell()) };
  },
});
