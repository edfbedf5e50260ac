import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import type { ComplaintReply } from './contract.ts';
import { complaintPolicy } from './policy.ts';
import { presentComplaint } from './present.ts';
import { findComplaint } from './rows.ts';
import type { ComplaintRow } from './rows.ts';
import { readTransitions } from './settings.ts';

export const invalid = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path, code }] });

export const readsClient = async (deps: Deps, actor: Actor, clientId: number): Promise<boolean> =>
  (await deps.mayReadClient(actor, clientId)) || (await deps.callGrants(actor, clientId));

/** A department reads what it was given, also after it has refused it. */
const wasHandedTo = async (deps: Deps, id: number, departmentId: number | null): Promise<boolean> =>
  departmentId !== null &&
  (await deps.db('complaint_handovers').where({ complaint_id: id, to_department_id: departmentId }).first('id')) !== undefined;

const mayRead = async (deps: Deps, actor: Actor, row: ComplaintRow): Promise<boolean> => {
  if (complaintPolicy.read(actor, row, { watches: false, readsClient: false })) return true;
  const watches = (await deps.db('complaint_watchers').where({ complaint_id: row.id, user_id: actor.id }).first('user_id')) !== undefined;
  if (await wasHandedTo(deps, row.id, actor.departmentId)) return true;
  const reads = row.client_id !== null && (await readsClient(deps, actor, row.client_id));
  return complaintPolicy.read(actor, row, { watches, readsClient: reads });
};

export const findReadable = async (deps: Deps, actor: Actor, id: number): Promise<ComplaintRow | null> => {
  const row = await findComplaint(deps.db, id);
  return row && (await mayRead(deps, actor, row)) ? row : null;
};

/** @throws AppError not_found: there is none, or none for this actor */
export const loadReadable = async (deps: Deps, actor: Actor, id: number): Promise<ComplaintRow> => {
  const row = await findReadable(deps, actor, id);
  if (!row) throw new AppError('not_found', 'no such complaint');
  return row;
};

/** @throws AppError not_found, forbidden */
export const loadWorkable = async (deps: Deps, actor: Actor, id: number): Promise<ComplaintRow> => {
  const row = await loadReadable(deps, actor, id);
  if (!complaintPolicy.work(actor, row)) throw new AppError('forbidden', `${actor.role}: somebody else's complaint`);
  return row;
};

/** @throws AppError conflict: what is said or done belongs to the one it goes on in */
export const notMerged = (row: ComplaintRow): void => {
  if (row.status === 'merged') throw new AppError('conflict', 'it goes on in another one', { reason: 'merged', into: row.merged_into });
};

export const replyWith = async (deps: Deps, actor: Actor, id: number): Promise<ComplaintReply> => {
  const row = await loadReadable(deps, actor, id);
  const complaint = await presentComplaint(deps, actor, row, (other) => mayRead(deps, actor, other));
  const work = complaintPolicy.work(actor, row);
  const waiting = complaint.handovers.find(({ state }) => state === 'waiting');
  const next = work ? (await readTransitions(deps.db)).filter(({ from }) => from === row.status).map(({ to }) => to) : [];
  return {
    complaint,
    next,
    can: {
      work,
      note: row.status !== 'merged',
      assign: complaintPolicy.assign(actor, row, actor.id),
      approve: complaintPolicy.approve(actor, null),
      accept: waiting !== undefined && complaintPolicy.accept(actor, waiting.toDepartmentId),
    },
  };
};
