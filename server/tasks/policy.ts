import { isMine } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';

interface Row {
  readonly ownerId: number;
  readonly authorId: number;
}

const seesAll = (actor: Actor): boolean => ['supervisor', 'manager', 'administrator'].includes(actor.role);

/** Who may do what with a task: its owner or who stands in for them, its author, and those who are above all operators. Pure. */
export const taskPolicy = {
  list: (_actor: Actor) => true,
  listAll: seesAll,
  create: (_actor: Actor) => true,
  edit: (actor: Actor, task: Row) => seesAll(actor) || isMine(actor, task.ownerId) || task.authorId === actor.id,
  /** An operator plans for themselves only. */
  assign: (actor: Actor, ownerId: number) => seesAll(actor) || isMine(actor, ownerId),
} as const;

/** Sent beside the task, so that the screen shows only what will work. */
export const abilities = (actor: Actor, task: Row) => ({ edit: taskPolicy.edit(actor, task), assign: seesAll(actor) });
