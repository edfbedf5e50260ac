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

/** `queue`: "main:support"; null: of none. `answered`: the two sides have talked; null: not known. `given`: what the call has already stays a choice. */
export interface Ended {
  readonly queue: string | null;
  readonly answered: boolean | null;
  readonly given: string | null;
}

/** What stands in the open group, of what is offered after such a call; a group that is left empty is not shown. */
export const choicesIn = ({ items, only }: OutcomeList, { queue, answered, given }: Ended, group: string | null): Outcome[] => {
  const wanted = queue === null ? undefined : only[queue];
  const fits = (code: string): boolean => {
    const after = items.find((o) => o.code === code)?.offered ?? 'always';
    return after === 'always' || answered === null || (after === 'answered') === answered;
  };
  const offered = (o: Outcome): boolean => {
    if (isGroup(items, o.code)) return items.some((below) => below.parent === o.code && offered(below));
    const path = [o.code, ...groupsOf(items, o.code)];
    return o.code === given || ((!wanted || path.some((code) => wanted.includes(code))) && path.every(fits));
  };
  return items.filter((o) => o.parent === group && offered(o));
};
