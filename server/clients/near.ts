import type { Knex } from 'knex';
import { byNearness, isNear, nearKeys } from '../core/near.ts';

const BATCH = 400;

/** In the transaction that writes the words. Words stay when their last client goes: they then lead to nobody. */
export const saveNear = async (db: Knex, words: readonly string[]): Promise<void> => {
  const keyed = words.map((word) => ({ word, keys: nearKeys(word) })).filter(({ keys }) => keys.length > 0);
  if (keyed.length === 0) return;
  const known = new Set<string>();
  for (let from = 0; from < keyed.length; from += BATCH) {
    const some = keyed.slice(from, from + BATCH).map(({ keys, word }) => [keys[0]!, word]);
    ((await db('search_near').whereIn(['near', 'word'], some).pluck('word')) as string[]).forEach((word) => known.add(word));
  }
  const rows = keyed.filter(({ word }) => !known.has(word)).flatMap(({ word, keys }) => keys.map((near) => ({ near, word })));
  for (let from = 0; from < rows.length; from += BATCH)
    await db('search_near')
      .insert(rows.slice(from, from + BATCH))
      .onConflict()
      .ignore();
};

/** Words that are read for one that was typed. */
const MOST_CANDIDATES = 400;
/** Of them tried. */
export const MOST_TRIED = 4;

/** Words that clients have and that are one slip away, the likeliest first; of two that begin alike the shorter, which finds both. */
export const nearWords = async (db: Knex, typed: string): Promise<string[]> => {
  const keys = nearKeys(typed);
  if (keys.length === 0) return [];
  const found = (await db('search_near').distinct('word').whereIn('near', keys).limit(MOST_CANDIDATES).pluck('word')) as string[];
  const near = found.filter((word) => isNear(typed, word));
  return near
    .filter((word) => !near.some((other) => other !== word && word.startsWith(other)))
    .sort(byNearness(typed))
    .slice(0, MOST_TRIED);
};
