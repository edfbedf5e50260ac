import { AppError } from '../core/errors.ts';
import type { Status } from './contract.ts';
import { checklistOf } from './present.ts';
import type { HandoverRow } from './present.ts';
import type { Change } from './service.ts';

const missing = (reason: string) => new AppError('conflict', `not yet: ${reason}`, { reason });

/**
 * Nothing is closed silently: resolving asks for the cause and what was done, with no hand-over waiting and every point of their lists done; closing
 * also that the client was told, or why not.
 * @throws AppError conflict with what is missing
 */
export const checkClosing = async ({ trx, row }: Change, status: Status): Promise<void> => {
  if (status !== 'resolved' && status !== 'closed') return;
  if (row.cause_id === null) throw missing('cause_missing');
  if (row.done_text === '') throw missing('done_missing');
  const handovers = (await trx('complaint_handovers').where('complaint_id', row.id).whereNot('state', 'refused')) as HandoverRow[];
  if (handovers.some(({ state }) => state === 'waiting')) throw missing('handover_waiting');
  if (handovers.flatMap(checklistOf).some(({ done }) => !done)) throw missing('checklist_open');
  const asked = await trx('complaint_compensations').where({ complaint_id: row.id, state: 'asked' }).first('id');
  if (asked) throw missing('compensation_waiting');
  if (status === 'resolved') return;
  if (row.told === null || (!row.told && row.not_told_reason === '')) throw missing('told_missing');
};
