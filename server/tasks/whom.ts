import type { ClientBrief } from '../clients/contract.ts';
import { readingsOf } from '../core/readings.ts';
import { beginningsOf } from './names.ts';

type Search = (query: string, limit: number) => Promise<ClientBrief[]>;

/** Signs that an ending may add: "иванов" is Иванова, and not Ивановский. */
const ENDING = 3;
const SHOWN = 5;
const ASKED = 20;
const MOST_TRIED = 8;

const wordsOf = (client: ClientBrief): string[] =>
  `${client.name} ${client.company}`.toLowerCase().replaceAll('ё', 'е').split(/[^\p{L}\p{N}]+/u); // prettier-ignore

const fits = (client: ClientBrief, beginnings: readonly string[]): boolean => {
  const words = wordsOf(client);
  return beginnings.every((beginning) => words.some((word) => word.startsWith(beginning) && word.length <= beginning.length + ENDING));
};

/** As the same name begins in the other alphabet, or on the other layout of the keyboard. */
const otherBeginningsOf = (word: string): string[] => {
  const beginnings = beginningsOf(word);
  const others = beginnings.flatMap(readingsOf);
  return others.length > 0 ? [...new Set(others)].slice(0, MOST_TRIED) : beginnings;
};

/** Clients with all these beginnings, the longest (nearest to what was typed) first. */
const find = async (choices: readonly (readonly string[])[], search: Search): Promise<ClientBrief[]> => {
  for (let step = 0; step < Math.max(...choices.map((c) => c.length)); step++) {
    const beginnings = choices.map((choice) => choice[Math.min(step, choice.length - 1)]!);
    const found = (await search(beginnings.join(' '), ASKED)).filter((client) => fits(client, beginnings));
    if (found.length > 0) return found;
  }
  return [];
};

/** Whom the names may mean, as they are spelt, or else in the other alphabet. All words of a name together, then the fewer first ones of them. */
export const whoIsMeant = async (names: readonly (readonly string[])[], search: Search): Promise<ClientBrief[]> => {
  for (const spelt of [beginningsOf, otherBeginningsOf])
    for (const words of names)
      for (let many = words.length; many >= 1; many--) {
        const found = await find(words.slice(0, many).map(spelt), search);
        if (found.length > 0) return found.slice(0, SHOWN);
      }
  return [];
};
