import { role, signedIn } from '../core/authorize.ts';
import { NOTHING } from '../core/reach.ts';
import type { Reach } from '../core/reach.ts';
import type { Role } from '../users/contract.ts';
import { ClientAction } from './contract.ts';
import type { Level } from './contract.ts';

export const rightsPolicy = { read: signedIn, edit: role('administrator') } as const;

type Levels = Readonly<Record<ClientAction, Level>>;
const EVERYTHING: Levels = { view: 'all', edit: 'all', archive: 'all', bulk: 'all', merge: 'all', export: 'all' };

/** What a role may before anybody has changed it. */
export const DEFAULTS: Readonly<Record<Role, Levels>> = {
  operator: { view: 'department', edit: 'department', archive: 'none', bulk: 'none', merge: 'none', export: 'none' },
  complaints: { ...EVERYTHING, bulk: 'none', merge: 'none', export: 'none' },
  supervisor: EVERYTHING,
  manager: EVERYTHING,
  administrator: EVERYTHING,
};

/** The department and all below it; a circle, should there be one, ends where it began. Pure. */
export const departmentTree = (root: number, parents: ReadonlyMap<number, number | null>): number[] => {
  const found = new Set([root]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [id, parent] of parents) if (parent !== null && found.has(parent)) found.add(id);
  }
  return [...found];
};

/** How far a level reaches for a person. `standsInFor`: whose clients are theirs too for the time being. Pure. */
export const reachOf = (
  level: Level,
  person: { id: number; departmentId: number | null },
  parents: ReadonlyMap<number, number | null>,
  standsInFor: readonly number[],
): Reach => {
  if (level === 'all') return 'all';
  if (level === 'none') return NOTHING;
  const owners = [person.id, ...standsInFor];
  if (level === 'own') return { owners, departments: [] };
  if (person.departmentId === null) return { owners, departments: [null] };
  const own = level === 'tree' ? departmentTree(person.departmentId, parents) : [person.departmentId];
  return { owners, departments: [null, ...own] };
};

export const reachesOf = (
  levels: Levels,
  person: { id: number; departmentId: number | null },
  parents: ReadonlyMap<number, number | null>,
  standsInFor: readonly number[],
): Record<ClientAction, Reach> =>
  Object.fromEntries(ClientAction.options.map((action) => [action, reachOf(levels[action], person, parents, standsInFor)])) as Record<
    ClientAction,
    Reach
  >;
