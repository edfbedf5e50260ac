/** Outcomes as a tree of groups. Pure. */

interface Node {
  readonly code: string;
  readonly parent: string | null;
  readonly retiredAt: number | null;
}

/** The groups around it, from the nearest; ends also where rows point in a circle. */
export const groupsOf = <N extends Node>(nodes: readonly N[], code: string): N[] => {
  const byCode = new Map(nodes.map((node) => [node.code, node]));
  const groups: N[] = [];
  for (let at = byCode.get(code)?.parent ?? null; at !== null;) {
    const group = byCode.get(at);
    if (!group || groups.includes(group) || group.code === code) break;
    groups.push(group);
    at = group.parent;
  }
  return groups;
};

/** Neither it nor a group around it is retired. */
export const isOffered = (nodes: readonly Node[], node: Node): boolean =>
  [node, ...groupsOf(nodes, node.code)].every(({ retiredAt }) => retiredAt === null);

/** `only`: what a queue offers, outcomes or groups of them; empty: all. */
export const isIn = (nodes: readonly Node[], code: string, only: readonly string[]): boolean =>
  only.length === 0 || [code, ...groupsOf(nodes, code).map((group) => group.code)].some((each) => only.includes(each));

export const isGroup = (nodes: readonly Node[], code: string): boolean => nodes.some((node) => node.parent === code);

/** May it stand in that group: one that is there, not below itself, and not too deep for a keyboard. */
export const mayStandIn = (nodes: readonly Node[], code: string | null, parent: string): boolean => {
  const above = [parent, ...groupsOf(nodes, parent).map((group) => group.code)];
  return nodes.some((node) => node.code === parent) && (code === null || !above.includes(code)) && above.length <= MAX_DEPTH;
};

const MAX_DEPTH = 3;
