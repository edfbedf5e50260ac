import { role } from '../core/authorize.ts';
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
  /** The calls behind the figures of reports, of everybody. */
  log: role('supervisor', 'manager', 'administrator'),
  /** Calls whose outcome is missing, of everybody. */
  missing: (actor: Actor) => seesAll(actor),
} as const;

/** Orders to the PBX. `talks`: the actor is in the talk now. */
export const orderPolicy = {
  control: (_actor: Actor, talks: boolean) => talks,
  record: (actor: Actor, talks: boolean) => talks || files(actor),
  /** Listening in is the supervisors', never an operator's; of one's own call there is nothing to listen in to. */
  spy: (actor: Actor, talks: boolean) => files(actor) && !talks,
  /** `serves`: the actor serves the queue in which it waits; a parked call is anybody's who is at a phone. */
  pickup: (actor: Actor, serves: boolean) => files(actor) || serves,
} as const;

/** Sent beside the call, so that the screen shows only what will work. */
export const abilities = (actor: Actor, part: Part | null, { talks, up, talked }: { talks: boolean; up: boolean; talked: boolean }) => ({
  outcome: callPolicy.outcome(actor, part),
  attach: callPolicy.attach(actor, part),
  control: orderPolicy.control(actor, talks),
  record: up && talked && orderPolicy.record(actor, talks),
  spy: up && talked && orderPolicy.spy(actor, talks),
});
