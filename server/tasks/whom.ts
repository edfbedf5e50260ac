import type { ClientBrief } from '../clients/contract.ts';
import { beginningsOf } from './names.ts';

type Search = (query: string, limit: number) => Promise<ClientBrief[]>;

/** Signs that an ending may add: "иванов" is Иванова, and not Ивановский. */
const ENDING = 3;
const SHOWN = 5;
const ASKED = 20;

const wordsOf = (client: ClientBrief): string[] =>
  `${client.name} ${client.company}`.toLowerCase().replaceAll('ё', 'е').split(/[^\p{L}\p{N}]+/u); // prettier-ignore

const fits = (client: ClientBrief, beginnings: readonly string[]): boolean => {
  const words = wordsOf(client);
  return beginnings.every((beginning) => words.some((word) => word.startsWith(beginning) && word.length <= beginning.length + ENDING));
};

/** Clients with all these beginnings, the longest (nearest to what was typed) first. */
const find = async (words: readonly string[], search: Search): Promise<ClientBrief[]> => {
  const choices = words.map(beginningsOf);
  for (let step = 0; step < Math.max(...choices.map((c) => c.length)); step++) {
    const beginnings = choices.map((choice) => choice[Math.min(step, choice.length - 1)]!);
    const found = (await search(beginnings.join(' '), ASKED)).filter((client) => fits(client, beginnings));
    if (found.length > 0) return found;
  }
  return [];
};

/** Whom the names may mean. All words of a name together, then the fewer first ones of them, then each alone. */
export const whoIsMeant = async (names: readonly (readonly string[])[], search: Search): Promise<ClientBrief[]> => {
  for (const words of names) {
    for (let many = words.length; many >= 1; many--) {
      const found = await find(words.slice(0, many), search);
      if (found.length > 0) return found.slice(0, SHOWN);
    }
  }
  return [];
};
