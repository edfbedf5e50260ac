import type { Actor } from '../core/authorize.ts';
import type { Part } from './shape.ts';

/** Operators have the calls they took part in; everybody above them all. */
const seesAll = (actor: Actor): boolean => actor.role !== 'operator';
const files = (actor: Actor): boolean => actor.role === 'supervisor' || actor.role === 'administrator';

/** `part`: what the actor did in this call, null when nothing. Pure. */
export const callPolicy = {
  read: (actor: Actor, part: Part | null) => seesAll(actor) || part !== null,
  outcome: (actor: Actor, part: Part | null) => files(actor) || part !== null,
  attach: (actor: Actor, part: Part | null) => files(actor) || part !== null,
} as const;

/** Sent beside the call, so that the screen shows only what will work. */
export const abilities = (actor: Actor, part: Part | null) => ({
  outcome: callPolicy.outcome(actor, part),
  attach: callPolicy.attach(actor, part),
});
