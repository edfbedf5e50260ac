import type { Call } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { CallRefParam } from '../calls/contract.ts';
import { IdParam } from '../users/contract.ts';
import { claim, release } from './claims.ts';
import { MoveDraft, QueueServed, StateDraft } from './contract.ts';
import { floorPolicy } from './policy.ts';

/** What is ordered of operators and of what they serve; from agents and calls. */
export interface FloorLead {
  rest(actor: Actor, userId: number, reason: string | null): Promise<void>;
  endShift(actor: Actor, userId: number): Promise<void>;
  serve(actor: Actor, userId: number, queue: { pbx: string; name: string }, serves: boolean): Promise<void>;
  /** Ends their time after the call. @throws AppError conflict: the queue demands an outcome first */
  endWrapUp(userId: number): Promise<void>;
}

interface Parts {
  lead: FloorLead;
  /** Of this process's memory; null: it is not up. */
  callUp(ref: string): Call | null;
}

const split = (ref: string) => ({ pbx: ref.slice(0, ref.indexOf(':')), name: ref.slice(ref.indexOf(':') + 1) });
const unknown = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path, code }] });

/** /api/floor: what a supervisor does with calls and operators. Written down before it is ordered; of two at once the second is told. */
export const actRoutes = (deps: Deps, { lead, callUp }: Parts): Route[] => {
  /** @throws AppError conflict (acted): another supervisor has just done something with it */
  const alone = async <T>(actor: Actor, subject: string, what: string, order: () => Promise<T>): Promise<T> => {
    const other = await claim(deps.db, { subject, actorId: actor.id, what }, deps.now());
    if (other) {
      const by = (await deps.directory.briefs([other.actorId])).get(other.actorId)?.name ?? '';
      throw new AppError('conflict', 'another supervisor is at it', { reason: 'acted', by, what: other.what });
    }
    try {
      return await order();
    } catch (err) {
      await release(deps.db, { subject, actorId: actor.id });
      throw err;
    }
  };

  const onCall = async (
    actor: Actor,
    ref: string,
    what: 'moved' | 'taken' | 'ended',
    details: object,
    order: (call: Call) => Promise<void>,
  ) => {
    const call = callUp(ref);
    if (!call) throw new AppError('conflict', 'the call is over', { reason: 'ended' });
    await alone(actor, `call ${ref}`, what, async () => {
      await deps.audit(deps.db, { actorId: actor.id, what: `call.${what}`, table: 'calls', rowId: ref, details });
      await order(call);
    });
  };

  const phoneAt = async (pbx: string, userId: number, path: string): Promise<string> => {
    const phone = await deps.directory.extensionOf(userId);
    if (phone?.pbx !== pbx) throw unknown(path, 'no_extension');
    return phone.extension;
  };

  const onOperator = (actor: Actor, userId: number, what: string, order: () => Promise<void>) =>
    alone(actor, `operator ${userId}`, what, order);

  return [
    route({
      method: 'post',
      path: '/floor/calls/:ref/move',
      summary: 'Sends the caller of a call to another queue or operator; whoever talked is out of it',
      params: CallRefParam,
      body: MoveDraft,
      can: floorPolicy.act,
      async handle({ params: { ref }, body, actor }) {
        const { pbx } = split(ref);
        if ('queue' in body) {
          const queue = split(body.queue);
          if (queue.pbx !== pbx || !(await deps.queueBriefs()).has(body.queue)) throw unknown('body.queue', 'unknown_queue');
          return onCall(actor, ref, 'moved', body, ({ key }) => deps.pbx(pbx).move({ key, to: { queue: queue.name } }));
        }
        const number = await phoneAt(pbx, body.userId, 'body.userId');
        return onCall(actor, ref, 'moved', body, ({ key }) => deps.pbx(pbx).move({ key, to: { number } }));
      },
    }),
    route({
      method: 'post',
      path: '/floor/calls/:ref/take-over',
      summary: 'The caller of a talk comes to my phone; the operator is out of it',
      params: CallRefParam,
      can: floorPolicy.act,
      async handle({ params: { ref }, actor }) {
        const { pbx } = split(ref);
        const phone = await deps.directory.extensionOf(actor.id);
        if (!phone) throw new AppError('conflict', 'the user has no extension', { reason: 'no_extension' });
        if (phone.pbx !== pbx) throw new AppError('conflict', 'the call is on another PBX', { reason: 'not_in_call' });
        await onCall(actor, ref, 'taken', {}, ({ key }) => deps.pbx(pbx).move({ key, to: { number: phone.extension } }));
      },
    }),
    route({
      method: 'post',
      path: '/floor/calls/:ref/end',
      summary: 'Ends a call for everybody in it',
      params: CallRefParam,
      can: floorPolicy.act,
      handle: ({ params: { ref }, actor }) => onCall(actor, ref, 'ended', {}, ({ key }) => deps.pbx(split(ref).pbx).end({ key })),
    }),
    route({
      method: 'post',
      path: '/floor/operators/:id/state',
      summary: 'Sends an operator on a break, back to work, or off shift',
      params: IdParam,
      body: StateDraft,
      can: floorPolicy.act,
      handle: ({ params: { id }, body, actor }) =>
        onOperator(actor, id, body.state, async () => {
          if (body.state === 'break') return lead.rest(actor, id, body.reason);
          if (body.state === 'offline') return lead.endShift(actor, id);
          await lead.rest(actor, id, null);
          await lead.endWrapUp(id);
        }),
    }),
    route({
      method: 'post',
      path: '/floor/operators/:id/queues',
      summary: 'Adds an operator to a queue, or takes them from it, until the end of their shift',
      params: IdParam,
      body: QueueServed,
      can: floorPolicy.act,
      async handle({ params: { id }, body: { queue, serves }, actor }) {
        if (!(await deps.queueBriefs()).has(queue)) throw unknown('body.queue', 'unknown_queue');
        await onOperator(actor, id, 'queues', () => lead.serve(actor, id, split(queue), serves));
      },
    }),
  ];
};
