import type { Department } from '../../server/rights/contract.ts';

export interface Branch {
  department: Department;
  below: readonly Branch[];
}

/** The departments as a tree, each level in the order of the list. Pure. Whose parent is not in the list stands at the top. */
export const treeOf = (all: readonly Department[]): Branch[] => {
  const known = new Set(all.map(({ id }) => id));
  const under = (parent: number | null): Branch[] =>
    all
      .filter(({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null) === parent)
      .map((department) => ({ department, below: under(department.id) }));
  return under(null);
};
