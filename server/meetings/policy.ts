import { isMine, leads, role } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import type { Role } from '../users/contract.ts';

export interface Person {
  readonly id: number;
  readonly role: Role;
  readonly departmentId: number | null;
}

/** Whose calendar is read with its titles; of everybody else only when they are busy. Of no department is not of everybody's here. Pure. */
const seesPerson = (actor: Actor, person: Person): boolean => {
  const { view } = actor.reach;
  if (isMine(actor, person.id) || view === 'all') return true;
  return view.owners.includes(person.id) || (person.departmentId !== null && view.departments.includes(person.departmentId));
};

/** Pure. `people`: the owner and whoever takes part. */
export const meetingPolicy = {
  list: (_actor: Actor) => true,
  create: (_actor: Actor) => true,
  read: (actor: Actor, people: readonly Person[]) => people.some((person) => seesPerson(actor, person)),
  edit: (actor: Actor, owner: Person | undefined) => owner !== undefined && (isMine(actor, owner.id) || leads(actor, owner)),
  answer: (actor: Actor, userIds: readonly number[], ownerId: number) => actor.id !== ownerId && userIds.includes(actor.id),
  resources: role('supervisor', 'manager', 'administrator'),
} as const;
