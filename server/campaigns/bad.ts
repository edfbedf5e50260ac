import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { NOBODYS, isNobodys } from '../core/causes.ts';
import { numbersOf } from './rows.ts';
import type { AttemptRow, ContactRow } from './rows.ts';

type Numbered = Pick<ContactRow, 'id' | 'number' | 'more_numbers' | 'attempts'>;

/** The number of the next attempt: the first, then the others in turn, past those that lead to nobody; null: all do. Pure. */
export const nextNumber = (numbers: readonly string[], attempts: number, isBad: (number: string) => boolean): string | null => {
  const first = attempts % numbers.length;
  return [...numbers.slice(first), ...numbers.slice(0, first)].find((number) => !isBad(number)) ?? null;
};

/** Which numbers of these people lead to nobody: the cards say it; of a number on no card, the network when this person was called at it. */
export const badNumbersOf = async (
  db: Knex,
  badOnCards: Deps['badOnCards'],
  contacts: readonly Numbered[],
): Promise<(contact: Numbered, number: string) => boolean> => {
  const onCards = await badOnCards(db, [...new Set(contacts.flatMap(numbersOf))]);
  const called = contacts.filter(({ attempts }) => attempts > 0).map(({ id }) => id);
  const failed = (await db<AttemptRow>('attempts').whereIn('contact_id', called).whereIn('cause', [...NOBODYS]).select('contact_id', 'number')) as Pick<AttemptRow, 'contact_id' | 'number'>[]; // prettier-ignore
  const told = new Set(failed.map(({ contact_id, number }) => `${contact_id} ${number}`));
  return ({ id }, number) => onCards.get(number) ?? told.has(`${id} ${number}`);
};

/**
 * So many calls of one PBX, one after the other and over all campaigns, at numbers that nobody has: as many wrong numbers are not in a row (at one in twenty, once in
 * ten milliards), but a route, or a caller ID that the provider does not know, answers so to everything.
 */
const FLOOD = 8;
/** Older ones say nothing of the way as it is now. */
const LATELY_MS = 60 * 60_000;

/** @returns whether those before this attempt, with it, are such a row */
export const isFlood = async (trx: Knex, { id, pbx }: Pick<AttemptRow, 'id' | 'pbx'>, at: number): Promise<boolean> => {
  const before = (await trx<AttemptRow>('attempts')
    .where({ pbx })
    .where('id', '<', id)
    .whereNotNull('ended_at')
    .where('ended_at', '>', at - LATELY_MS)
    .orderBy('id', 'desc')
    .limit(FLOOD - 1)
    .pluck('cause')) as (number | null)[];
  return before.length === FLOOD - 1 && before.every(isNobodys);
};
