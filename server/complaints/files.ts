import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { findReadable } from './access.ts';
import { findComplaint } from './rows.ts';
import { tellOf } from './service.ts';

/** What the files of a complaint ask of it: whoever reads it sees them and adds some, as with notes; of a merged one they are only seen. */
export const complaintFiles = (deps: () => Deps): Deps['fileOwners'][string] => ({
  async may(actor: Actor, ref, action) {
    if (!/^\d{1,10}$/.test(ref)) return false;
    const row = await findReadable(deps(), actor, Number(ref));
    return row !== null && (action === 'read' || row.status !== 'merged');
  },
  async attached(trx, ref, { name, at, userId }) {
    const row = await findComplaint(trx, Number(ref));
    if (!row) throw new Error(`files of complaint ${ref}, which is not there`);
    // nobody who works on it at the same time is held up by a file: it has the version that there is
    await trx('complaint_moves').insert({ complaint_id: row.id, kind: 'file', from_value: '', to_value: name.slice(0, 200), note: '', user_id: userId, at, version: row.version }); // prettier-ignore
  },
  told: (ref) => tellOf(deps(), { id: Number(ref), client_id: null }),
});
