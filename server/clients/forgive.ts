import type { Knex } from 'knex';
import { SHORTEST_NEAR } from '../core/near.ts';
import type { Reach } from '../core/reach.ts';
import { readingsOf } from '../core/readings.ts';
import { wordsToFind } from '../core/words.ts';
import { MOST_TRIED, nearWords } from './near.ts';
import { typedDigits } from './normalise.ts';
import type { NumberPlan } from './number-plan.ts';
import { areFew, searchClients } from './search.ts';

const exists = async (db: Knex, beginning: string): Promise<boolean> =>
  (await db('search_words').where('word', '>=', beginning).where('word', '<', `${beginning}\u{10ffff}`).first('word')) !== undefined;

/** The question with its slips mended: a word that somebody's name begins with stays as it is, unless all of them do. */
const mended = async (db: Knex, query: string): Promise<string[]> => {
  const words = wordsToFind(query);
  if (!words.some((word) => word.length >= SHORTEST_NEAR)) return [];
  const choices: string[][] = [];
  for (const word of words) {
    const near = (await exists(db, word)) ? [word] : await nearWords(db, word);
    if (near.length === 0) return [];
    choices.push(near);
  }
  const questions = Array.from({ length: MOST_TRIED }, (_, i) => choices.map((near) => near[Math.min(i, near.length - 1)]!).join(' '));
  return [...new Set(questions)].filter((question) => question !== words.join(' '));
};

export interface Forgiven {
  readonly ids: number[];
  /** There are others besides. */
  readonly more: boolean;
  /** What was found instead, when what was typed leads to nobody. */
  readonly takenFor: string | null;
}

/**
 * The first clients for what somebody typed, or for what they may have meant by it: the other alphabet, the other keyboard layout, and only when all
 * that finds nobody, one slip of the finger in each word.
 */
export const searchForgiving = async (
  db: Knex,
  ask: { query: string; plan: NumberPlan; reach: Reach; limit: number; few?: boolean },
): Promise<Forgiven> => {
  const few = ask.few ?? (await areFew(db, ask.reach));
  const search = (query: string) => searchClients(db, { ...ask, query, after: null, few });
  const asTyped = await search(ask.query);
  if (asTyped.next !== null || ask.query.includes('@') || typedDigits(ask.query))
    return { ids: asTyped.ids, more: asTyped.next !== null, takenFor: null };
  const ids = new Set(asTyped.ids);
  let takenFor: string | null = null;
  let more = false;
  const add = async (query: string): Promise<void> => {
    const found = await search(query);
    if (ids.size === 0 && found.ids.length > 0) takenFor = query;
    found.ids.forEach((id) => ids.add(id));
    more ||= found.next !== null || ids.size > ask.limit;
  };
  const readings = readingsOf(ask.query);
  for (const reading of readings) if (ids.size < ask.limit) await add(reading);
  for (const reading of [ask.query, ...readings]) {
    if (ids.size > 0) break;
    for (const question of await mended(db, reading)) if (ids.size < ask.limit) await add(question);
  }
  return { ids: [...ids].slice(0, ask.limit), more, takenFor };
};

/** For how long it is believed: it chooses only the way to the same answer. */
const FEW_MS = 60_000;

/** areFew, asked once a minute: the box asks with every letter. */
export const rememberFew = (db: Knex): ((reach: Reach) => Promise<boolean>) => {
  const known = new Map<string, { few: boolean; until: number }>();
  return async (reach) => {
    const [key, time] = [JSON.stringify(reach), performance.now()];
    const had = known.get(key);
    if (had && had.until > time) return had.few;
    const few = await areFew(db, reach);
    known.set(key, { few, until: time + FEW_MS });
    return few;
  };
};
