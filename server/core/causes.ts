/** Causes (Q.850) that speak of the way, not of the number: no route, out of order, congestion, no circuit. */
const OF_THE_TRUNK = new Set([2, 3, 6, 20, 25, 27, 34, 38, 41, 42, 44, 47, 58, 63, 66, 69, 79, 88, 111, 127]);

/** Causes that say that nobody has the number: unassigned, of no valid format. */
export const NOBODYS = [1, 28] as const;
export const isNobodys = (cause: number | null): boolean => NOBODYS.some((one) => one === cause);

/** A call that failed so was no attempt at the person. */
export const isOfTheTrunk = (cause: number | null): boolean => cause !== null && OF_THE_TRUNK.has(cause);
