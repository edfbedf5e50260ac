import type { Outcome, OutcomeList } from '../../server/outcomes/contract.ts';

/** The outcomes as an operator walks through them: groups first opened, then one chosen. Pure. */

const groupsOf = (items: readonly Outcome[], code: string): string[] => {
  const groups: string[] = [];
  for (let at = items.find((o) => o.code === code)?.parent ?? null; at !== null && !groups.includes(at);) {
    groups.push(at);
    at = items.find((o) => o.code === at)?.parent ?? null;
  }
  return groups;
};

/** From the top to the one around it. */
export const pathTo = (items: readonly Outcome[], code: string | null): string[] => (code === null ? [] : groupsOf(items, code).reverse());

export const isGroup = (items: readonly Outcome[], code: string): boolean => items.some((o) => o.parent === code);

/** What stands in the open group, of what the queue ("main:support") offers; a group that is left empty is not shown. */
export const choicesIn = ({ items, only }: OutcomeList, queue: string | null, group: string | null): Outcome[] => {
  const wanted = queue === null ? undefined : only[queue];
  const offered = (o: Outcome): boolean =>
    isGroup(items, o.code)
      ? items.some((below) => below.parent === o.code && offered(below))
      : !wanted || [o.code, ...groupsOf(items, o.code)].some((code) => wanted.includes(code));
  return items.filter((o) => o.parent === group && offered(o));
};
