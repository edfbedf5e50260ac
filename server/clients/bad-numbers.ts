import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { findClients } from './queries.ts';
import { journal } from './service.ts';

/** Numbers that lead to nobody, by the cards that hold them. */

/**
 * What the cards say of these numbers (E.164). A number that several cards hold is bad only when all of them say so: whoever says on one of them that it is good
 * again has it dialled again.
 * @returns true: leads to nobody. A number on no card is not in it.
 */
export const badOnCards = async (db: Knex, numbers: readonly string[]): Promise<Map<string, boolean>> => {
  const rows = (await db('phones')
    .join('clients', 'clients.id', 'phones.client_id')
    .whereIn('phones.e164', numbers)
    .whereNull('clients.archived_at')
    .select({ number: 'phones.e164', since: 'phones.bad_since' })) as { number: string; since: number | null }[];
  const bad = new Map<string, boolean>();
  for (const { number, since } of rows) bad.set(number, (bad.get(number) ?? true) && since !== null);
  return bad;
};

/** In a transaction: on each card that holds the number it leads to nobody since `at`, with the journal of any other edit. Again changes nothing. */
export const markBadNumber = async (deps: Pick<Deps, 'audit'>, trx: Knex, number: string, at: number): Promise<void> => {
  const ids = (await trx('phones')
    .join('clients', 'clients.id', 'phones.client_id')
    .where('phones.e164', number)
    .whereNull('phones.bad_since')
    .whereNull('clients.archived_at')
    .distinct()
    .pluck('clients.id')) as number[];
  const phonesOf = async () => {
    const cards = await findClients(trx, ids);
    return new Map([...cards].map(([id, { phones }]) => [id, phones.map(({ raw, purpose, bestTime, badSince }) => ({ raw, purpose, bestTime, badSince }))])); // prettier-ignore
  };
  const before = await phonesOf();
  await trx('phones').whereIn('client_id', ids).where({ e164: number }).whereNull('bad_since').update({ bad_since: at });
  const after = await phonesOf();
  for (const id of ids) {
    // whoever has the form open may not write the old list over it
    await trx('clients').where({ id }).increment('version', 1).update({ updated_at: at });
    const { version } = (await trx('clients').where({ id }).first('version')) as { version: number };
    await journal(deps, trx, id, version, [{ field: 'phones', before: before.get(id), after: after.get(id) }], { actor: null, at });
  }
};
