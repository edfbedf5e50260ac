import { isMine } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';

interface Row {
  readonly ownerId: number;
  readonly authorId: number;
}
interface Ended extends Row {
  readonly accept: boolean;
  readonly acceptedAt: number | null;
  readonly doneAt: number | null;
  readonly cancelled: boolean;
}

const seesAll = (actor: Actor): boolean => ['supervisor', 'manager', 'administrator'].includes(actor.role);

/** Who may do what with a task: its owner or who stands in for them, its author, those who are above all operators; who watches it reads it. Pure. */
export const taskPolicy = {
  list: (_actor: Actor) => true,
  listAll: seesAll,
  create: (_actor: Actor) => true,
  edit: (actor: Actor, task: Row) => seesAll(actor) || isMine(actor, task.ownerId) || task.authorId === actor.id,
  /** `watches`: is among its watchers. */
  read: (actor: Actor, task: Row, watches: boolean) => watches || taskPolicy.edit(actor, task),
  /** Of what is done and waits for it: the author, who stands in for them, or those above all, for an author who is gone. */
  accept: (actor: Actor, task: Ended) =>
    task.accept && task.doneAt !== null && task.acceptedAt === null && !task.cancelled && (isMine(actor, task.authorId) || ['manager', 'administrator'].includes(actor.role)), // prettier-ignore
  /** An operator plans for themselves only. */
  assign: (actor: Actor, ownerId: number) => seesAll(actor) || isMine(actor, ownerId),
} as const;

/** Sent beside the task, so that the screen shows only what will work. */
export const abilities = (actor: Actor, task: Ended) => ({
  edit: taskPolicy.edit(actor, task),
  assign: seesAll(actor),
  accept: taskPolicy.accept(actor, task),
});
