import { leads } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import type { Role } from '../users/contract.ts';

interface Person {
  readonly id: number;
  readonly role: Role;
  readonly departmentId: number | null;
}

/** When somebody works everybody may know, as they may know when somebody is busy; why somebody is away, few. Pure. */
export const schedulePolicy = {
  list: (_actor: Actor) => true,
  edit: (actor: Actor, person: Person) => leads(actor, person),
  /** Whoever falls ill says so themselves, or their chief does. */
  absent: (actor: Actor, person: Person) => actor.id === person.id || leads(actor, person),
  why: (actor: Actor, person: Person) => actor.id === person.id || leads(actor, person),
  /** A deputy sees the clients of whoever is away: of one's own accord only a colleague of the same department. */
  deputy: (actor: Actor, person: Person, deputy: Person) =>
    deputy.id !== person.id && (leads(actor, person) || deputy.departmentId === person.departmentId),
} as const;
