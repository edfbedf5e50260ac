import type { Deps } from '../deps.ts';
import { WRAP_UP_MS } from './live.ts';
import type { LiveCalls } from './live.ts';
import { unfiledWith } from './queries.ts';

const MAX_TOLD = 10_000;

/**
 * The call grants its operator the client's card until its outcome is saved, at most for WRAP_UP_MS after it. The first reading for the sake of a
 * call is in the audit; one that cannot be written there is not allowed.
 */
export const createGrants = (deps: Deps, live: LiveCalls): Deps['callGrants'] => {
  const told = new Set<string>();
  return async (actor, clientId) => {
    const ref = (await live.grant(actor.id, clientId)) ?? (await unfiledWith(deps.db, actor.id, clientId, deps.now() - WRAP_UP_MS));
    if (ref === null) return false;
    const once = `${ref} ${actor.id} ${clientId}`;
    if (told.has(once)) return true;
    await deps.audit(deps.db, {
      actorId: actor.id,
      what: 'client.read by call',
      table: 'clients',
      rowId: clientId,
      details: { call: ref },
    });
    told.add(once);
    if (told.size > MAX_TOLD) told.delete(told.values().next().value!);
    return true;
  };
};
