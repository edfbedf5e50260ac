import type { Knex } from 'knex';
import type { Deps } from '../../deps.ts';
import { writeChanges } from '../../core/changes.ts';
import { AppError } from '../../core/errors.ts';
import type { Stage } from '../contract.ts';
import { missingFields, refuse } from '../custom.ts';
import type { StoredClient } from '../queries.ts';
import { addTimeline } from '../timeline.ts';

export interface Move {
  to: string;
  reason: string;
  /** null: by hand */
  rule: { id: number; name: string } | null;
  userId: number | null;
  at: number;
  /** What it is a part of. */
  batch?: string;
}

/**
 * In a transaction: the client stands at another stage, and it is written when, from where, by whom or by which rule, and why. To the stage where they
 * are already it changes nothing.
 * @throws AppError conflict when the card was changed since `client` was read; invalid when a stage is not offered, a loss has no reason, or a field
 *   that the stage asks for is missing (only by hand: a rule moves by facts)
 */
export const moveClient = async (
  deps: Pick<Deps, 'fields' | 'audit'>,
  trx: Knex,
  client: StoredClient,
  stages: readonly Stage[],
  { to, reason, rule, userId, at, batch }: Move,
): Promise<boolean> => {
  const target = stages.find(({ code }) => code === to);
  if (!target || target.archivedAt !== null) throw new AppError('invalid', 'no such stage', { issues: [{ path: 'body.to', code: 'no_such_stage' }] }); // prettier-ignore
  if (client.stage === to) return false;
  if (target.meaning === 'lost' && reason === '')
    throw new AppError('invalid', 'a loss needs its reason', { issues: [{ path: 'body.reason', code: 'required' }] });
  if (rule === null) {
    const missing = missingFields(await deps.fields.list(trx), { kind: client.kind, stage: to }, client.custom);
    refuse(missing.map((key) => ({ key, code: 'required' })));
  }
  const changed = await trx('clients')
    .where({ id: client.id, version: client.version })
    .update({ stage: to, stage_at: at, updated_at: at, version: client.version + 1 });
  if (changed === 0) throw new AppError('conflict', 'the client was changed meanwhile');
  const [id] = (await trx('stage_moves').insert({ client_id: client.id, at, from_stage: client.stage, to_stage: to, rule_id: rule?.id ?? null, user_id: userId, reason })) as [number]; // prettier-ignore
  await writeChanges(trx, { actorId: userId, at, batch: batch ?? null }, [
    { table: 'clients', rowId: client.id, field: 'stage', before: client.stage, after: to },
  ]);
  const data = { from: client.stage, to, reason, ...(rule ? { rule: rule.name } : {}) };
  await addTimeline(trx, { clientId: client.id, at, kind: 'stage', ref: String(id), userId, data });
  await deps.audit(trx, { actorId: userId, what: 'client.moved', table: 'clients', rowId: client.id, details: data });
  return true;
};
