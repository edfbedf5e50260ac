import type { Actor } from '../core/authorize.ts';
import { isWithin } from '../core/reach.ts';
import type { Client } from './contract.ts';

type Row = Pick<Client, 'departmentId' | 'archivedAt'> & { ownerId: number | null };

/**
 * Who may do what with a client. Pure: the reach of each action is the actor's (see rights), and queries are limited by the same one
 * (core/reach.ts). A call grants one more card for as long as it lasts: `granted`, read only.
 */
export const clientPolicy = {
  list: (_actor: Actor) => true,
  create: (_actor: Actor) => true,
  read: (actor: Actor, client: Row, granted = false) => granted || isWithin(actor.reach.view, client),
  edit: (actor: Actor, client: Row) => may(actor, 'edit', client),
  archive: (actor: Actor, client: Row) => may(actor, 'archive', client),
  merge: (actor: Actor, client: Row) => may(actor, 'merge', client),
  /** Stages and the rules that move clients. */
  stages: (actor: Actor) => actor.role === 'administrator',
  migrations: (actor: Actor) => actor.role !== 'operator',
  /** To whom a client may be given by this actor; null: to nobody. */
  assign: (actor: Actor, ownerId: number | null) => actor.role !== 'operator' || ownerId === null || ownerId === actor.id,
  call: (actor: Actor, client: Row, granted = false) => client.archivedAt === null && clientPolicy.read(actor, client, granted),
} as const;

/** What changes a client needs that it can be read, too. */
const may = (actor: Actor, action: 'edit' | 'archive' | 'merge', client: Row): boolean =>
  client.archivedAt === null && isWithin(actor.reach.view, client) && isWithin(actor.reach[action], client);

/** Sent beside the client, so that the screen shows only what will work. */
export const abilities = (actor: Actor, client: Row, granted: boolean) => ({
  edit: clientPolicy.edit(actor, client),
  call: clientPolicy.call(actor, client, granted),
  archive: clientPolicy.archive(actor, client),
  merge: clientPolicy.merge(actor, client) && clientPolicy.edit(actor, client),
});
