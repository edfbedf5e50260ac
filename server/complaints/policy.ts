import { isMine, role } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';

type Who = Pick<Actor, 'id' | 'role' | 'departmentId' | 'standsInFor'>;
interface Row {
  readonly owner_id: number | null;
  readonly department_id: number | null;
  readonly registered_by: number | null;
}

const officer = (actor: Who): boolean => ['complaints', 'supervisor', 'administrator'].includes(actor.role);
const ofDepartment = (actor: Who, row: Pick<Row, 'department_id'>): boolean =>
  row.department_id !== null && row.department_id === actor.departmentId;

/**
 * Who may do what with a complaint. Pure. Complaint officers, supervisors and administrators work on all of them; managers read all and approve;
 * operators have those of their department, those that they own, registered or watch, and read those of a client whose card they may read.
 */
export const complaintPolicy = {
  register: (_actor: Who) => true,
  list: (_actor: Who) => true,
  listAll: (actor: Who) => actor.role !== 'operator',
  read: (actor: Who, row: Row, near: { watches: boolean; readsClient: boolean }) =>
    actor.role !== 'operator' || near.watches || near.readsClient || complaintPolicy.work(actor, row) || row.registered_by === actor.id,
  work: (actor: Who, row: Row) => officer(actor) || isMine(actor, row.owner_id) || (actor.role === 'operator' && ofDepartment(actor, row)),
  /** An operator takes what is their department's, and gives to nobody else. */
  assign: (actor: Who, row: Row, ownerId: number | null) =>
    officer(actor) || (complaintPolicy.work(actor, row) && (ownerId === actor.id || (ownerId === null && isMine(actor, row.owner_id)))),
  /** Not what one has asked for oneself. */
  approve: (actor: Who, askedBy: number | null) => ['supervisor', 'manager', 'administrator'].includes(actor.role) && askedBy !== actor.id,
  /** A hand-over is answered by the department that it goes to, or by whoever is above it. */
  accept: (actor: Who, departmentId: number) => officer(actor) || actor.departmentId === departmentId,
  settings: role('administrator'),
  reports: role('supervisor', 'manager', 'complaints', 'administrator'),
} as const;
