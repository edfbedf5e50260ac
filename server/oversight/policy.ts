import { isSupervised, leads, role } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import type { Role } from '../users/contract.ts';

interface Person {
  readonly id: number;
  readonly role: Role;
  readonly departmentId: number | null;
}

export const oversightPolicy = {
  read: role('supervisor', 'manager', 'administrator'),
  about: leads,
  /** Nobody says of themselves that it was all right. */
  see: (actor: Pick<Actor, 'id'>, userId: number) => actor.id !== userId,
  rules: role('administrator'),
} as const;

/** Who is told of somebody: the supervisors of their department, or else the managers, or else the administrators; never themselves. Pure. */
export const chiefsOf = (staff: readonly Person[], person: Person): number[] => {
  const others = staff.filter(({ id }) => id !== person.id);
  const first = others.filter((one) => isSupervised(person.role) && one.role === 'supervisor' && one.departmentId === person.departmentId);
  const lists = [first, ...(['manager', 'administrator'] as const).map((of) => others.filter((one) => one.role === of))];
  return (lists.find((list) => list.length > 0) ?? []).map(({ id }) => id);
};
