import { role } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { isWithin, reachesAny } from '../core/reach.ts';

interface Row {
  ownerId: number | null;
  departmentId: number | null;
  archivedAt: number | null;
}

/** Who may do what with cards that may be one client. Pure. A pair is shown to whoever may see both cards. */
export const duplicatePolicy = {
  list: (actor: Actor) => reachesAny(actor.reach.merge),
  see: (actor: Actor, rows: readonly Row[]) => rows.every((row) => isWithin(actor.reach.view, row)),
  /** To make one of them, and to say that they are two. */
  decide: (actor: Actor, rows: readonly Row[]) =>
    rows.every((row) => [actor.reach.view, actor.reach.edit, actor.reach.merge].every((reach) => isWithin(reach, row))),
  /** The search through all cards, from the beginning. */
  scan: role('administrator'),
} as const;
