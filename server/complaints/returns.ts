import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { clientSpoke } from './register.ts';
import { complaints } from './rows.ts';
import { changeInside } from './service.ts';
import { readSettings } from './settings.ts';
import { readTiming } from './timing.ts';

/**
 * A client calls again whose complaint was taken for done, or waits for them: nobody has to remember it. The call is noted in the transaction that writes it
 * into the log, and after some minutes, unless the operator has tied it to a complaint meanwhile, it is tied to that one, which is opened again or goes on.
 */

const DAY_MS = 86_400_000;
/** The operator says what a call was about within. */
export const SAY_MS = 3 * 60_000;
const BATCH = 200;
const RETURNING = ['resolved', 'closed', 'waiting-client'] as const;

export interface EndedCall {
  readonly pbx: string;
  readonly linkedid: string;
  readonly clientId: number;
  readonly startedAt: number;
}

/** Of the same calls again nothing is noted twice. */
export const noteReturns = async (trx: Knex, calls: readonly EndedCall[], now: number): Promise<void> => {
  if (calls.length === 0) return;
  const { callReopens, reopenDays } = await readSettings(trx);
  if (!callReopens) return;
  const found = await complaints(trx)
    .whereIn('client_id', [...new Set(calls.map(({ clientId }) => clientId))])
    .whereIn('status', [...RETURNING])
    .where((lately) => lately.whereNull('closed_at').orWhere('closed_at', '>', now - reopenDays * DAY_MS))
    .where((lately) => lately.whereNull('resolved_at').orWhere('resolved_at', '>', now - reopenDays * DAY_MS))
    .orderBy('id', 'desc')
    .select('id', 'client_id', 'status');
  // Of several the call is about the one that waits for the client, else about the newest: that one is looked at first, and the call is then taken.
  found.sort((a, b) => Number(b.status === 'waiting-client') - Number(a.status === 'waiting-client'));
  const rows = calls.flatMap(({ pbx, linkedid, clientId, startedAt }) =>
    found
      .filter((row) => row.client_id === clientId)
      .map(({ id }) => ({ complaint_id: id, call_ref: `${pbx}:${linkedid}`, started_at: startedAt, noted_at: now })),
  );
  if (rows.length > 0) await trx('complaint_returns').insert(rows).onConflict(['complaint_id', 'call_ref']).ignore();
};

interface ReturnRow {
  id: number;
  complaint_id: number;
  call_ref: string;
  started_at: number;
}

/** @returns whether there may be more */
export const settleReturns = async (deps: Deps): Promise<boolean> => {
  const { db } = deps;
  const now = deps.now();
  const due = (await db('complaint_returns')
    .whereNull('settled_at')
    .where('noted_at', '<=', now - SAY_MS)
    .orderBy('id')
    .limit(BATCH)) as ReturnRow[];
  const timing = due.length > 0 ? await readTiming(deps) : null;
  for (const one of due) {
    const tell = await inTransaction(db, async (trx) => {
      const mine = await trx('complaint_returns').where({ id: one.id }).whereNull('settled_at').update({ settled_at: now });
      if (mine === 0 || !(await stillSo(trx, one))) return () => {};
      return changeInside(
        deps,
        trx,
        { id: one.complaint_id, actorId: null, seen: null, what: 'complaint.called' },
        timing!,
        async (change) => {
          await trx('complaint_calls').insert({
            complaint_id: one.complaint_id,
            call_ref: one.call_ref,
            moment_at: one.started_at,
            user_id: null,
          });
          await change.move('called', '', one.call_ref);
          await clientSpoke(change);
        },
      );
    });
    tell();
  }
  return due.length === BATCH;
};

/** The call is nobody else's matter, and began after the complaint came to where it stands. */
const stillSo = async (trx: Knex, { complaint_id, call_ref, started_at }: ReturnRow): Promise<boolean> => {
  const row = await complaints(trx).where({ id: complaint_id }).forUpdate().first('status');
  if (!row || !RETURNING.some((status) => status === row.status)) return false;
  const tied = (await trx('complaint_calls').where({ call_ref }).first('complaint_id')) as object | undefined;
  const turned = (await trx('complaint_moves').where({ complaint_id, kind: 'status' }).orderBy('id', 'desc').first('at')) as
    { at: number } | undefined;
  return tied === undefined && started_at > (turned?.at ?? 0);
};
