import type { Deps } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import type { UserBrief } from '../users/contract.ts';
import { DeputyDraft, DeputyList, DeputyReply, MyDeputies } from './contract.ts';
import type { Deputy } from './contract.ts';
import { endDeputy, findDeputy, insertDeputy, listDeputising, listPast } from './deputies.ts';
import type { StoredDeputy } from './deputies.ts';
import { handoverPolicy } from './policy.ts';

const PAST = 30;
const LONGEST_MS = 366 * 86_400_000;

type Person = UserBrief & { departmentId: number | null; leftAt: number | null };
const bad = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path: `body.${path}`, code }] });

/** /api/handover/deputies. `person`: also of somebody who has left. */
export const deputyRoutes = (deps: Deps, person: (id: number) => Promise<Person | null>): Route[] => {
  const { db, now, audit } = deps;

  const mayAbout = async (actor: Actor, userId: number): Promise<boolean> => {
    const about = await person(userId);
    return about !== null && handoverPolicy.use(actor) && handoverPolicy.about(actor, about);
  };
  const present = async (actor: Actor, rows: readonly StoredDeputy[]): Promise<Deputy[]> => {
    const users = await deps.directory.briefs([...new Set(rows.flatMap(({ userId, deputyId }) => [userId, deputyId]))]);
    const shown: Deputy[] = [];
    for (const { userId, deputyId, ...row } of rows) {
      const [user, deputy] = [users.get(userId), users.get(deputyId)];
      if (!user || !deputy) continue;
      const over = row.endedAt !== null || row.endsAt <= now();
      shown.push({ ...row, user, deputy, can: { end: !over && (await mayAbout(actor, userId)) } });
    }
    return shown;
  };
  const told = (row: Pick<StoredDeputy, 'userId' | 'deputyId'>) => {
    deps.bus.emit('rights.changed', {});
    deps.push([row.userId, row.deputyId], { topic: 'deputies' });
  };

  /** @throws AppError invalid, forbidden, conflict */
  const check = async (actor: Actor, { userId, deputyId, startsAt, endsAt }: StoredDraft): Promise<void> => {
    const [user, deputy] = [await person(userId), await person(deputyId)];
    if (!user || user.leftAt !== null) throw bad('userId', 'unknown_user');
    if (!handoverPolicy.about(actor, user)) throw new AppError('forbidden', `${actor.role}: a deputy for somebody else`);
    if (!deputy || deputy.leftAt !== null) throw bad('deputyId', 'unknown_user');
    if (deputyId === userId) throw bad('deputyId', 'themselves');
    if (endsAt <= startsAt) throw bad('endsAt', 'before_start');
    if (endsAt <= now()) throw bad('endsAt', 'past');
    if (endsAt - startsAt > LONGEST_MS) throw bad('endsAt', 'too_long');
  };
  type StoredDraft = ReturnType<typeof DeputyDraft.parse>;

  return [
    route({
      method: 'get',
      path: '/handover/deputies',
      summary: 'Who stands in for whom, now and later; then the last that are over',
      reply: DeputyList,
      can: handoverPolicy.use,
      async handle({ actor }) {
        const rows = [...(await listDeputising(db, now())), ...(await listPast(db, now(), PAST))];
        const mine = await Promise.all(
          rows.map(({ userId, deputyId }) => deputyId === actor.id || userId === actor.id || mayAbout(actor, userId)),
        );
        return {
          items: await present(
            actor,
            rows.filter((_, i) => mine[i]),
          ),
        };
      },
    }),
    route({
      method: 'get',
      path: '/handover/deputies/mine',
      summary: 'Who has my work while I am away, and whose work I have, now and later',
      reply: MyDeputies,
      can: signedIn,
      async handle({ actor }) {
        const rows = await listDeputising(db, now());
        return {
          forMe: await present(actor, rows.filter(({ userId }) => userId === actor.id)), // prettier-ignore
          byMe: await present(actor, rows.filter(({ deputyId }) => deputyId === actor.id)), // prettier-ignore
        };
      },
    }),
    route({
      method: 'post',
      path: '/handover/deputies',
      summary: 'Somebody stands in for somebody, from when until when',
      body: DeputyDraft,
      reply: DeputyReply,
      status: 201,
      can: handoverPolicy.use,
      async handle({ body, actor }) {
        await check(actor, body);
        const id = await inTransaction(db, async (trx) => {
          // the person's row: two at once must not both find that nobody stands in
          await trx('users').where({ id: body.userId }).forUpdate().first('id');
          const there = (await listDeputising(trx, now())).some((one) => one.userId === body.userId && one.deputyId === body.deputyId && one.startsAt < body.endsAt && body.startsAt < one.endsAt); // prettier-ignore
          if (there) throw new AppError('conflict', 'stands in already', { reason: 'overlaps' });
          const made = await insertDeputy(trx, { ...body, createdBy: actor.id, at: now() });
          const { userId, deputyId, startsAt, endsAt } = body;
          await audit(trx, { actorId: actor.id, what: 'deputy.named', table: 'deputies', rowId: made, details: { userId, deputyId, startsAt, endsAt } }); // prettier-ignore
          return made;
        });
        told(body);
        return { deputy: (await present(actor, [(await findDeputy(db, id))!]))[0]! };
      },
    }),
    route({
      method: 'post',
      path: '/handover/deputies/:id/end',
      summary: 'The person is back before their time, or is not away after all',
      params: IdParam,
      reply: DeputyReply,
      can: handoverPolicy.use,
      async handle({ params: { id }, actor }) {
        const row = await findDeputy(db, id);
        if (!row || !(await mayAbout(actor, row.userId))) throw new AppError('not_found', 'no such deputy');
        await inTransaction(db, async (trx) => {
          if (!(await endDeputy(trx, id, now()))) throw new AppError('conflict', 'it is over', { reason: 'over' });
          await audit(trx, { actorId: actor.id, what: 'deputy.ended', table: 'deputies', rowId: id });
        });
        told(row);
        return { deputy: (await present(actor, [(await findDeputy(db, id))!]))[0]! };
      },
    }),
  ];
};
