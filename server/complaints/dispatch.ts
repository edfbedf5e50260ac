import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { assignComplaint } from './assign.ts';
import { presentBriefs } from './present.ts';
import { PARKED, complaints } from './rows.ts';
import type { ComplaintRow } from './rows.ts';

/**
 * Open ones with a running clock that has come to its policy's warning, told already or not; those that are nobody's first, of each the least
 * time left first.
 */
const pressing = async (db: Knex, now: number, limit: number): Promise<ComplaintRow[]> => {
  const warned = db('complaint_clocks')
    .whereRaw('complaint_clocks.complaint_id = complaints.id')
    .whereNull('stopped_at')
    .whereNotNull('due_at')
    // what is to be told next is more than the warning, or nothing is: the warning's time is over
    .where((either) => void either.whereNull('alarm').orWhereNot('alarm', 'warn').orWhere('alarm_at', '<=', now));
  const take = (most: number) =>
    complaints(db).where('is_open', 1).where('place', '<', PARKED).whereExists(warned.clone().select('complaint_id')).orderBy(['place', 'id']).limit(most); // prettier-ignore
  const nobodys = await take(limit).whereNull('owner_id');
  if (nobodys.length >= limit) return nobodys;
  return [...nobodys, ...(await take(limit - nobodys.length).whereNotNull('owner_id'))];
};

/** Complaints whose time is over or nearly so, for the dispatch list. */
export const complaintSource = (deps: Deps) => ({
  kind: 'complaint' as const,
  async due(actor: Actor, now: number, limit: number) {
    const rows = await pressing(deps.db, now, limit);
    const briefs = await presentBriefs(deps, actor, rows);
    return briefs.map(({ id, version, number, subject, client, owner }, i) => ({
      kind: 'complaint' as const,
      id,
      version,
      number: rows[i]!.contact_phone,
      client,
      text: `${number}: ${subject}`,
      queue: rows[i]!.queue ?? '',
      dueAt: rows[i]!.place,
      owner,
    }));
  },
  give: (actor: Actor, id: number, { version, ownerId }: { version: number; ownerId: number }): Promise<void> =>
    assignComplaint(deps, actor, id, { version, ownerId }),
});
