/** Whose turn it is in a queue, when some who wait in it have hung up and keep their place. Pure. */

export interface Line<T extends { readonly since: number }> {
  /** Operators who are free, and members who are there at all. */
  readonly idle: number;
  readonly present: number;
  /** Calls placed for this queue that no operator has yet. */
  readonly pending: number;
  /** Since when each caller on the line waits. */
  readonly waiting: readonly number[];
  /** Those who are to be called, whoever has waited longest first. */
  readonly line: readonly T[];
}

/**
 * @returns who is to be called now: those for whom an operator is free before everybody who came after them is served; where none is free, the first in
 * the line as soon as somebody who came later waits on the phone, since the next operator would be theirs.
 */
export const turns = <T extends { readonly since: number }>({ idle, present, pending, waiting, line }: Line<T>): T[] => {
  if (present === 0) return [];
  const free = Math.max(0, idle - pending);
  const ahead = (one: T) => waiting.filter((since) => since < one.since).length;
  const served = line.filter((one, i) => ahead(one) + i < free);
  const [first] = line;
  if (served.length > 0 || !first || pending > 0) return served;
  return ahead(first) === 0 && waiting.length > 0 ? [first] : [];
};
