import { isWithin } from '../core/reach.ts';
import type { Reach } from '../core/reach.ts';
import { fold, splitWords } from '../core/words.ts';
import type { HandoverRule } from './contract.ts';

/** To whom what goes. Pure. */

/** Where a client belongs; from clients. */
export interface Place {
  readonly ownerId: number | null;
  readonly departmentId: number | null;
  readonly stage: string;
  readonly address: string;
}

/** Everybody who gets something by the rule. */
export const takers = (rule: HandoverRule): number[] => {
  if (rule.kind === 'one') return [rule.to];
  if (rule.kind === 'evenly') return [...new Set(rule.to)];
  return [...new Set([...rule.cases.map(({ to }) => to), rule.otherwise])];
};

/** The words of `city`, one behind the other, somewhere in the address: "Пермь" is not in "Пермский край". */
const inAddress = (address: string, city: string): boolean => {
  const words = splitWords(fold(city)).join(' ');
  return words !== '' && ` ${splitWords(address).join(' ')} `.includes(` ${words} `);
};

const fits = (by: 'department' | 'stage' | 'city', value: string, client: Place): boolean => {
  if (by === 'department') return String(client.departmentId) === value;
  if (by === 'stage') return client.stage === value;
  return inAddress(client.address, value);
};

/**
 * @param client whom the row is about, as they are by then: their new owner is known
 * @param turn how many were dealt out before
 * @returns whose it becomes, and whether that took a turn
 */
export const whose = (rule: HandoverRule, client: Place | null, turn: number): { to: number; dealt: boolean } => {
  if (rule.kind === 'one') return { to: rule.to, dealt: false };
  if (rule.kind === 'by') {
    const found = client && rule.cases.find(({ value }) => fits(rule.by, value, client));
    return { to: found?.to ?? rule.otherwise, dealt: false };
  }
  const people = takers(rule);
  if (client && client.ownerId !== null && people.includes(client.ownerId)) return { to: client.ownerId, dealt: false };
  return { to: people[turn % people.length]!, dealt: true };
};

/** A client out of the reach of whoever gives is not theirs to give. */
export const mayGive = (reach: Reach, client: Place | null): boolean => client === null || isWithin(reach, client);
