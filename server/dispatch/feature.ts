import type { Deps, Feature } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { UserBrief } from '../users/contract.ts';
import { DISPATCH_MOST, DispatchList, DispatchParam, GiveDraft, GiveReply } from './contract.ts';
import type { DispatchItem, DispatchKind } from './contract.ts';
import { dispatchPolicy } from './policy.ts';
import { startTelling } from './live.ts';

/** The door through which a feature puts what is due into the dispatch list. */
export interface DispatchSource {
  kind: DispatchKind;
  /** What is due at `now`, the most urgent first. */
  due(actor: Actor, now: number, limit: number): Promise<DispatchItem[]>;
  /** Makes it this person's, whom it tells. @throws AppError not_found, conflict when it was changed since `version` */
  give(actor: Actor, id: number, order: { version: number; ownerId: number; text: string }): Promise<void>;
}

/** A missed call is always nobody's; a complaint that still is has been overlooked. */
const urgency = ({ kind, owner }: DispatchItem): number => (kind === 'complaint' && owner === null ? 0 : 1);

/** From agents and users. */
export interface DispatchPeople {
  onShift(): Promise<number[]>;
  departments(): Promise<{ id: number; name: string }[]>;
}

/** /api/dispatch: one list of all that is due, which supervisors give to people. */
export const dispatchFeature = (deps: Deps, sources: readonly DispatchSource[], people: DispatchPeople): Feature => {
  const everything = async (actor: Actor): Promise<DispatchItem[]> => {
    const lists = await Promise.all(sources.map((source) => source.due(actor, deps.now(), DISPATCH_MOST + 1)));
    return lists.flat().sort((a, b) => urgency(a) - urgency(b) || a.dueAt - b.dueAt);
  };

  const present = async () => {
    const actors = await Promise.all((await people.onShift()).map((id) => deps.directory.actorOf(id)));
    return actors.filter((one) => one !== null);
  };

  const list = async (actor: Actor): Promise<DispatchList> => {
    const [all, here] = await Promise.all([everything(actor), present()]);
    const departments = (await people.departments()).map(({ id, name }) => ({
      id,
      name,
      onShift: here.filter(({ departmentId }) => departmentId === id).length,
    }));
    return { items: all.slice(0, DISPATCH_MOST), more: all.length > DISPATCH_MOST, departments };
  };

  /** Of a department, whoever is on shift and has the least that is due; operators before their heads. */
  const leastBusy = async (actor: Actor, departmentId: number): Promise<number> => {
    const here = (await present()).filter((one) => one.departmentId === departmentId);
    const busy = new Map<number, number>();
    for (const { owner } of await everything(actor)) if (owner) busy.set(owner.id, (busy.get(owner.id) ?? 0) + 1);
    const order = ({ id, role }: (typeof here)[number]) => [role === 'operator' ? 0 : 1, busy.get(id) ?? 0, id] as const;
    const [first] = here.sort((a, b) => {
      const [x, y] = [order(a), order(b)];
      return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
    });
    if (!first) throw new AppError('conflict', 'nobody of the department is on shift', { reason: 'nobody' });
    return first.id;
  };

  const personOf = async (ownerId: number): Promise<UserBrief> => {
    const brief = (await deps.directory.briefs([ownerId])).get(ownerId);
    if (!brief || !(await deps.directory.actorOf(ownerId)))
      throw new AppError('invalid', 'nobody', { issues: [{ path: 'body.userId', code: 'unknown_user' }] });
    return brief;
  };

  return {
    routes: [
      route({
        method: 'get',
        path: '/dispatch',
        summary:
          'All that is due now: promised call-backs, callers whom nobody answered, complaints whose time runs out; complaints that nobody works on are first, then who waits longest',
        reply: DispatchList,
        can: dispatchPolicy.lead,
        handle: ({ actor }) => list(actor),
      }),
      route({
        method: 'post',
        path: '/dispatch/:kind/:id/give',
        summary: 'Gives it to a person, or to a department: to whoever there has the least to do',
        params: DispatchParam,
        body: GiveDraft,
        reply: GiveReply,
        can: dispatchPolicy.lead,
        async handle({ params: { kind, id }, body, actor }) {
          const source = sources.find((one) => one.kind === kind);
          if (!source) throw new AppError('not_found', 'no such kind');
          const ownerId = 'userId' in body ? body.userId : await leastBusy(actor, body.departmentId);
          const owner = await personOf(ownerId);
          await source.give(actor, id, { version: body.version, ownerId, text: body.text });
          const by = (await deps.directory.briefs([actor.id])).get(actor.id) ?? null;
          if (ownerId !== actor.id) deps.pushDue([ownerId], { topic: 'given', kind, by });
          return { owner };
        },
      }),
    ],
    start: async (roles) => (roles.has('api') ? startTelling(deps) : () => {}),
  };
};
