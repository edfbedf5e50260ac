import { z } from 'zod';
import type { Deps, Feature } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import type { Role, UserBrief } from '../users/contract.ts';
import { AlertList, AlertQuery, DayQuery, DayReply, RecordList, RecordQuery, RulesDraft, RulesReply, SightKind } from './contract.ts';
import type { ExportRecord } from './contract.ts';
import { dayOf } from './counting.ts';
import type { Sightings } from './counting.ts';
import { oversightPolicy } from './policy.ts';
import { countUnseen, findAlert, listAlerts, listRecords, readRules, saveRules, seeAlert, sightingsOn, usualOf } from './queries.ts';
import type { AuditRow } from './queries.ts';

const PAGE = 50;

type Person = UserBrief & { departmentId: number | null; role: Role };

const Details = z.object({ format: z.string().optional(), rows: z.number().optional(), columns: z.array(z.string()).optional() });

/** `everybody`: from users, also who has left. */
export const oversightFeature = (deps: Deps, sightings: Sightings, everybody: () => Promise<Person[]>): Feature => {
  const { db, now, audit } = deps;

  /** Whom the actor watches over; null: everybody. */
  const watched = async (actor: Actor): Promise<number[] | null> =>
    actor.role === 'supervisor' ? (await everybody()).filter((one) => oversightPolicy.about(actor, one)).map(({ id }) => id) : null;

  const record = ({ id, at, actor_id, what, row_id, details }: AuditRow, users: ReadonlyMap<number, UserBrief>): ExportRecord => {
    const said = Details.parse(JSON.parse(details));
    return { id, at: Number(at), user: users.get(actor_id ?? 0) ?? null, what, of: row_id, format: said.format ?? null, rows: said.rows ?? null, columns: said.columns ?? [] }; // prettier-ignore
  };

  return {
    routes: [
      route({
        method: 'get',
        path: '/oversight/alerts',
        summary: 'Who looked at, or took away, far more than usual; the latest first',
        query: AlertQuery,
        reply: AlertList,
        can: oversightPolicy.read,
        async handle({ query: { before }, actor }) {
          const whom = await watched(actor);
          const rows = await listAlerts(db, whom, before, PAGE);
          const users = await deps.directory.briefs([...new Set(rows.flatMap((row) => [row.user_id, row.seen_by ?? 0]))]);
          const items = rows.flatMap(({ user_id, seen_by, seen_at, at, ...row }) => {
            const user = users.get(user_id);
            const can = { see: seen_at === null && oversightPolicy.see(actor, user_id) };
            return user ? [{ ...row, user, at: Number(at), seenBy: users.get(seen_by ?? 0) ?? null, seenAt: seen_at === null ? null : Number(seen_at), can }] : []; // prettier-ignore
          });
          return { items, next: rows.length === PAGE ? rows.at(-1)!.id : null, unseen: await countUnseen(db, whom) };
        },
      }),
      route({
        method: 'post',
        path: '/oversight/alerts/:id/seen',
        summary: 'I have looked into it',
        params: IdParam,
        can: oversightPolicy.read,
        async handle({ params: { id }, actor }) {
          const [alert, whom] = [await findAlert(db, id), await watched(actor)];
          if (!alert || (whom !== null && !whom.includes(alert.user_id))) throw new AppError('not_found', 'no such alert of mine');
          if (!oversightPolicy.see(actor, alert.user_id)) throw new AppError('forbidden', 'about themselves');
          await inTransaction(db, async (trx) => {
            if (!(await seeAlert(trx, id, actor.id, now()))) throw new AppError('conflict', 'seen already', { reason: 'seen' });
            await audit(trx, { actorId: actor.id, what: 'oversight.seen', table: 'sighting_alerts', rowId: id });
          });
        },
      }),
      route({
        method: 'get',
        path: '/oversight/day',
        summary: 'How much everybody looked at on a day, beside what is usual with them; the most unusual first',
        query: DayQuery,
        reply: DayReply,
        can: oversightPolicy.read,
        async handle({ query, actor }) {
          await sightings.flush();
          const day = query.day ?? (await dayOf(deps, now()));
          const whom = await watched(actor);
          const rows = (await sightingsOn(db, day)).filter(({ userId }) => whom === null || whom.includes(userId));
          const ids = [...new Set(rows.map(({ userId }) => userId))];
          const [users, usual] = [await deps.directory.briefs(ids), await usualOf(db, ids, day)];
          const items = ids.flatMap((id) => {
            const user = users.get(id);
            const counts = SightKind.options.map((kind) => ({
              kind,
              n: rows.find((row) => row.userId === id && row.kind === kind)?.n ?? 0,
              usual: usual.get(`${id} ${kind}`) ?? 0,
            }));
            return user ? [{ user, counts }] : [];
          });
          const oddity = ({ counts }: (typeof items)[number]) => Math.max(...counts.map(({ n, usual: of }) => n / Math.max(1, of)));
          return { day, items: items.sort((a, b) => oddity(b) - oddity(a) || a.user.id - b.user.id) };
        },
      }),
      route({
        method: 'get',
        path: '/oversight/records',
        summary: 'Everything that was taken away as a file: who, when, what of it; the latest first',
        query: RecordQuery,
        reply: RecordList,
        can: oversightPolicy.read,
        async handle({ query: { before, userId }, actor }) {
          const whom = await watched(actor);
          const of = userId === undefined ? whom : whom === null || whom.includes(userId) ? [userId] : [];
          const rows = await listRecords(db, of, before, PAGE);
          const users = await deps.directory.briefs([...new Set(rows.flatMap(({ actor_id }) => actor_id ?? []))]);
          return { items: rows.map((row) => record(row, users)), next: rows.length === PAGE ? rows.at(-1)!.id : null };
        },
      }),
      route({
        method: 'get',
        path: '/oversight/rules',
        summary: 'How much more than usual is unusual',
        reply: RulesReply,
        can: oversightPolicy.read,
        handle: async ({ actor }) => ({ items: await readRules(db), can: { edit: oversightPolicy.rules(actor) } }),
      }),
      route({
        method: 'put',
        path: '/oversight/rules',
        summary: 'From where on it is unusual',
        body: RulesDraft,
        reply: RulesReply,
        can: oversightPolicy.rules,
        async handle({ body: { items }, actor }) {
          if (new Set(items.map(({ kind }) => kind)).size < items.length)
            throw new AppError('invalid', 'a kind twice', { issues: [{ path: 'body.items', code: 'twice' }] });
          await inTransaction(db, async (trx) => {
            await saveRules(trx, items);
            await audit(trx, { actorId: actor.id, what: 'oversight.rules', table: 'sighting_rules', details: { items } });
          });
          return { items: await readRules(db), can: { edit: true } };
        },
      }),
    ],
    start: async () => () => sightings.flush(),
  };
};
