import type { FieldDef } from '../fields/contract.ts';
import type { Client } from './contract.ts';
import { missingFields } from './custom.ts';

/** What every card is better for, by kind: of the card itself and of the shipped fields. */
const WANTED: Readonly<Record<Client['kind'], readonly string[]>> = {
  company: ['phones', 'emails', 'owner', 'inn', 'address', 'source'],
  person: ['phones', 'emails', 'owner', 'company', 'position', 'source'],
};

type Card = Pick<Client, 'kind' | 'stage' | 'company' | 'position' | 'custom'> & {
  phones: readonly unknown[];
  emails: readonly unknown[];
  ownerId: number | null;
};

const has = (card: Card, key: string): boolean => {
  if (key === 'phones') return card.phones.length > 0;
  if (key === 'emails') return card.emails.length > 0;
  if (key === 'owner') return card.ownerId !== null;
  if (key === 'company' || key === 'position') return card[key] !== '';
  return card.custom[key] !== undefined;
};

/**
 * How much of what is asked for stands on the card: the wanted ones, and whatever the administrator requires of this kind at this stage. Pure.
 * @returns per cent, and the keys that are missing, the required ones first
 */
export const completenessOf = (card: Card, defs: readonly FieldDef[]): { percent: number; missing: string[] } => {
  const required = missingFields(defs, card, {});
  const hidden = new Set(defs.filter(({ archivedAt }) => archivedAt !== null).map(({ key }) => key));
  const asked = [...new Set([...required, ...WANTED[card.kind]])].filter((key) => !hidden.has(key));
  const missing = asked.filter((key) => !has(card, key));
  return { percent: asked.length === 0 ? 100 : Math.round(((asked.length - missing.length) / asked.length) * 100), missing };
};
