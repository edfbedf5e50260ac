import type { Actor } from '../core/authorize.ts';
import type { Client } from './contract.ts';

type Row = Pick<Client, 'departmentId' | 'archivedAt'>;

const seesAll = (actor: Actor): boolean => actor.role !== 'operator';

/**
 * Who may do what with a client. Pure. An operator has the clients of their department and those of none (everybody's); a call grants one more
 * card for as long as it lasts: `granted`, read only.
 */
export const clientPolicy = {
  list: (_actor: Actor) => true,
  create: (_actor: Actor) => true,
  read: (actor: Actor, client: Row, granted = false) =>
    granted || seesAll(actor) || client.departmentId === null || client.departmentId === actor.departmentId,
  edit: (actor: Actor, client: Row) => client.archivedAt === null && clientPolicy.read(actor, client),
  archive: (actor: Actor, client: Row) => seesAll(actor) && client.archivedAt === null,
  /** Stages and the rules that move clients. */
  stages: (actor: Actor) => actor.role === 'administrator',
  migrations: seesAll,
  /** To whom a client may be given by this actor; null: to nobody. */
  assign: (actor: Actor, ownerId: number | null) => seesAll(actor) || ownerId === null || ownerId === actor.id,
  call: (actor: Actor, client: Row, granted = false) => client.archivedAt === null && clientPolicy.read(actor, client, granted),
} as const;

/** The same rule for a query: the departments whose clients may be found; null stands for "of none", 'all' for no limit. */
export const visibleDepartments = (actor: Actor): 'all' | (number | null)[] =>
  seesAll(actor) ? 'all' : actor.departmentId === null ? [null] : [null, actor.departmentId];

/** Sent beside the client, so that the screen shows only what will work. */
export const abilities = (actor: Actor, client: Row, granted: boolean) => ({
  edit: clientPolicy.edit(actor, client),
  call: clientPolicy.call(actor, client, granted),
  archive: clientPolicy.archive(actor, client),
});
