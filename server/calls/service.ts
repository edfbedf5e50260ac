import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import type { LiveCalls } from './live.ts';
import { callPolicy } from './policy.ts';
import { partIn, rowByRef, splitRef } from './queries.ts';
import { rawNumber, shownNumber } from './shape.ts';
import type { Part } from './shape.ts';
import { fileOnTimeline } from './timeline.ts';
import type { WrapUps } from './wrap-up.ts';
import { writeCalls } from './write.ts';
import type { CallRecord } from './write.ts';

/** How long a request waits for the writer, whose process may be another, to bring the row of a call that is up. */
const WRITER_MS = 500;

const invalid = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path, code }] });

/** The row and the actor's part in it. A call that is up but not in the log yet is written here: doing it twice changes nothing. */
export const loadCall = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string): Promise<{ row: CallRecord; part: Part | null }> => {
  const mine = live.find(ref, actor.id);
  const call = live.call(ref);
  let row = await rowByRef(deps.db, ref);
  for (let waited = 0; !row && call && waited < WRITER_MS; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    row = await rowByRef(deps.db, ref);
  }
  if (!row && call) {
    await writeCalls(deps, [{ call, at: call.endedAt ?? call.startedAt, adopted: call.adopted, merged: [] }]);
    row = await rowByRef(deps.db, ref);
  }
  if (!row) throw new AppError('not_found', 'no such call');
  const part = (await partIn(deps.db, row.id, actor.id)) ?? (mine && mine.phase !== 'elsewhere' ? ('offered' as const) : null);
  if (!callPolicy.read(actor, part)) throw new AppError('forbidden', `${actor.role}: another operator's call`);
  return { row, part };
};

const locked = async (
  deps: Pick<Deps, 'db'>,
  ref: string,
  change: (trx: Parameters<Parameters<typeof inTransaction>[1]>[0], row: CallRecord) => Promise<void>,
) =>
  inTransaction(deps.db, async (trx) => {
    const row = await trx<CallRecord>('calls').where(splitRef(ref)).forUpdate().first();
    if (!row) throw new AppError('not_found', 'the call was merged into another');
    await change(trx, row);
  });

const flagsOf = (text: string | null): string[] => (text === null ? [] : (JSON.parse(text) as string[]));

/** Says how a call ended. A second outcome is an event of its own; "do not call" stays whatever follows. The same again changes nothing. */
export const fileOutcome = async (
  deps: Deps,
  live: LiveCalls,
  wrapUps: WrapUps,
  actor: Actor,
  ref: string,
  draft: { outcome: string; note: string; next?: { dueAt: number; text: string } | undefined },
): Promise<void> => {
  const { row: call, part } = await loadCall(deps, live, actor, ref);
  if (!callPolicy.outcome(actor, part)) throw new AppError('forbidden', `${actor.role}: outcome of another operator's call`);
  const chosen = await deps.outcomeFor(draft.outcome, call);
  if (!chosen) throw invalid('body.outcome', 'unknown_outcome');
  if (chosen.needsNote && draft.note === '') throw invalid('body.note', 'required');
  if (chosen.nextStep === 'required' && !draft.next) throw invalid('body.next', 'required');

  let clientId: number | null = null;
  let promised: number | null = null;
  let freed: number[] = [];
  await locked(deps, ref, async (trx, row) => {
    freed = await wrapUps.filed(trx, ref);
    if (draft.next) {
      const number = shownNumber(
        row.direction === 'out' ? row.to_e164 : row.from_e164,
        rawNumber({ direction: row.direction, from: row.from_raw, to: row.to_raw }),
      );
      const promise = {
        callRef: ref,
        actorId: actor.id,
        clientId: row.client_id,
        phone: number.slice(0, 60),
        ...draft.next,
        at: deps.now(),
      };
      promised = await deps.promiseCallBack(trx, promise);
      clientId = row.client_id;
    }
    const last = await trx('call_outcomes')
      .where('call_id', row.id)
      .orderBy('id', 'desc')
      .first<{ user_id: number; outcome: string; note: string } | undefined>();
    if (last && last.user_id === actor.id && last.outcome === draft.outcome && last.note === draft.note) return;
    const flags: string[] = [...chosen.flags];
    const kept = flagsOf(row.outcome_flags).includes('do-not-call') && !flags.includes('do-not-call') ? [...flags, 'do-not-call'] : flags;
    const event = {
      call_id: row.id,
      user_id: actor.id,
      outcome: draft.outcome,
      flags: JSON.stringify(flags),
      note: draft.note,
      at: deps.now(),
    };
    await trx('call_outcomes').insert(event);
    const after = { outcome: draft.outcome, outcome_flags: JSON.stringify(kept), note: draft.note, outcome_due: 0 };
    await trx('calls').where('id', row.id).update(after);
    if (row.ended_at !== null) await deps.reportCalls(trx, [{ startedAt: row.started_at, endedAt: row.ended_at }]);
    await deps.settleOutcome(trx, {
      ref,
      pbx: row.pbx,
      linkedid: row.linkedid,
      number: row.direction === 'out' ? row.to_e164 : row.from_e164,
      outcome: draft.outcome,
      flags: kept,
      callBackAt: draft.next?.dueAt ?? null,
      actorId: actor.id,
    });
    await deps.audit(trx, { actorId: actor.id, what: 'call.outcome', table: 'calls', rowId: row.id, details: { outcome: draft.outcome } });
    if (row.client_id !== null) await fileOnTimeline(deps, trx, [{ ...row, ...after }]);
    clientId = row.client_id;
  });
  deps.bus.emit('call.filed', { ref });
  for (const userId of new Set([actor.id, ...freed])) await wrapUps.told(userId);
  if (promised !== null) deps.push([actor.id], { topic: 'tasks', id: promised });
  if (clientId !== null) deps.bus.emit('client.changed', { id: clientId, history: true });
};

/** Says whose call it was. Whoever may not read a card may not attach it either: its name would be shown with the call. */
export const attachClient = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string, clientId: number): Promise<void> => {
  const { part } = await loadCall(deps, live, actor, ref);
  if (!callPolicy.attach(actor, part)) throw new AppError('forbidden', `${actor.role}: client of another operator's call`);
  if (!(await deps.mayReadClient(actor, clientId)) && !(await live.grant(actor.id, clientId)))
    throw invalid('body.clientId', 'unknown_client');

  let left: number | null = null;
  await locked(deps, ref, async (trx, row) => {
    left = row.client_id;
    await trx('calls').where('id', row.id).update({ client_id: clientId, client_fixed: true });
    if (row.client_id !== clientId) await deps.moveTimeline(trx, 'call', ref, clientId);
    await fileOnTimeline(deps, trx, [{ ...row, client_id: clientId }]);
    if (row.client_id !== clientId) await deps.moveCallBacks(trx, ref, clientId, actor.id);
    await deps.moveInterests(trx, ref, clientId);
    await deps.audit(trx, {
      actorId: actor.id,
      what: 'call.attached',
      table: 'calls',
      rowId: row.id,
      details: { clientId, before: row.client_id },
    });
  });
  deps.bus.emit('call.filed', { ref });
  for (const id of new Set([clientId, ...(left === null ? [] : [left as number])])) deps.bus.emit('client.changed', { id, history: true });
};

/** The call appears in the log when the bridge tells of it; then it is the client's from whose card it was dialled. */
export const attachWhenSeen = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string, clientId: number): Promise<void> => {
  for (let waited = 0; waited < 10_000; waited += 100) {
    if (await rowByRef(deps.db, ref)) return attachClient(deps, live, actor, ref, clientId);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
