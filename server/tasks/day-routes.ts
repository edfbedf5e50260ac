import type { Knex } from 'knex';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { leads, mine } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { dateText, momentOf, plusDays, wallOf } from '../core/zone.ts';
import { CapacityQuery, CapacityReply, DayReply, UnopenedQuery, UnopenedReply } from './contract.ts';
import type { DayCapacity } from './contract.ts';
import { capacityOf, minutesOf, scoreOf } from './day.ts';
import { taskPolicy } from './policy.ts';
import { listTasks } from './queries.ts';
import type { StoredTask } from './queries.ts';
import { present } from './service.ts';

const DAY = 86_400_000;
const MOST = 500;
/** A person's calls are what they were in the last weeks. */
const USUAL_MS = 28 * DAY;
/** Further off no day is proposed. */
const PROPOSED_DAYS = 21;

type Schedule = NonNullable<ReturnType<Awaited<ReturnType<Deps['schedules']['of']>>['get']>>;

const dayOf = (at: number, timeZone: string, later = 0): { date: string; from: number; to: number } => {
  const midnight = { ...plusDays(wallOf(at, timeZone), later), hour: 0, minute: 0 };
  return { date: dateText(midnight), from: momentOf(midnight, timeZone), to: momentOf(plusDays(midnight, 1), timeZone) };
};

const openBetween = async (db: Knex, ownerId: number, from: number, to: number): Promise<StoredTask[]> =>
  (await listTasks(db, { ownerIds: [ownerId] }, { state: 'open', from, to, limit: MOST }, 0)).tasks;

/** The share of a person's working time that calls take: of the last weeks. */
const callShareOf = async (deps: Deps, schedule: Schedule, userId: number): Promise<number> => {
  const now = deps.now();
  const worked = schedule.workingMs(now - USUAL_MS, now);
  const calls = (await deps.callTime([userId], now - USUAL_MS, now)).get(userId) ?? 0;
  return worked > 0 ? Math.min(1, calls / worked) : 0;
};

/** Of the day that lies so many days from `at`. What is overdue is to be done today. */
const capacity = async (deps: Deps, schedule: Schedule, userId: number, at: number, later = 0, share?: number): Promise<DayCapacity> => {
  const now = deps.now();
  const { date, from, to } = dayOf(at, schedule.timeZone, later);
  const today = from <= now && now < to;
  const since = today ? now : from;
  const [work, busy, tasks] = [schedule.spans(since, to), (await deps.busyBetween([userId], since, to)).get(userId) ?? [], await openBetween(deps.db, userId, today ? 0 : from, to)]; // prettier-ignore
  const planned = tasks.reduce((sum, task) => sum + minutesOf(task), 0);
  return { date, ...capacityOf(work, busy, share ?? (await callShareOf(deps, schedule, userId)), planned) };
};

/** /api/tasks/day */
export const dayRoutes = (deps: Deps): readonly Route[] => {
  const scheduleOf = async (userId: number): Promise<Schedule> => {
    const schedule = (await deps.schedules.of([userId], deps.now() - USUAL_MS)).get(userId);
    if (!schedule) throw new AppError('invalid', 'nobody of that name', { issues: [{ path: 'query.ownerId', code: 'unknown_user' }] });
    return schedule;
  };

  return [
    route({
      method: 'get',
      path: '/tasks/day',
      summary: 'What I have to do until tomorrow night, by value x urgency, and how much of today and tomorrow is left',
      reply: DayReply,
      can: taskPolicy.list,
      async handle({ actor }) {
        const [now, schedule] = [deps.now(), await scheduleOf(actor.id)];
        const { to } = dayOf(now, schedule.timeZone, 1);
        const { tasks, next } = await listTasks(deps.db, { ownerIds: mine(actor) }, { state: 'open', to, limit: MOST }, now);
        const meanings = await deps.clientMeanings([...new Set(tasks.flatMap(({ clientId }) => clientId ?? []))]);
        const scored = tasks.map((task) => ({ task, score: scoreOf(task, meanings.get(task.clientId ?? 0) ?? null, now) }));
        scored.sort((a, b) => b.score - a.score || a.task.dueAt - b.task.dueAt || a.task.id - b.task.id);
        const shown = await present(deps, actor, scored.map(({ task }) => task)); // prettier-ignore
        const share = await callShareOf(deps, schedule, actor.id);
        return {
          items: shown.map((task, i) => ({ task, score: Math.round(scored[i]!.score * 100) / 100 })),
          more: next !== null,
          days: [await capacity(deps, schedule, actor.id, now, 0, share), await capacity(deps, schedule, actor.id, now, 1, share)],
        };
      },
    }),
    route({
      method: 'post',
      path: '/tasks/day/open',
      summary: 'I have looked at what is due today; again it changes nothing',
      reply: z.object({}),
      can: taskPolicy.list,
      async handle({ actor }) {
        const { date } = dayOf(deps.now(), (await scheduleOf(actor.id)).timeZone);
        await deps.db('day_openings').insert({ user_id: actor.id, day: date, opened_at: deps.now() }).onConflict(['user_id', 'day']).ignore();
        return {};
      },
    }),
    route({
      method: 'get',
      path: '/tasks/day/unopened',
      summary: 'Whom I lead and who has not opened the day so many minutes after the beginning of their shift',
      query: UnopenedQuery,
      reply: UnopenedReply,
      can: taskPolicy.listAll,
      async handle({ query: { minutes }, actor }) {
        const now = deps.now();
        const people = (await deps.directory.staff()).filter((person) => person.id !== actor.id && leads(actor, person));
        const schedules = await deps.schedules.of(people.map(({ id }) => id)); // prettier-ignore
        const begun = people.flatMap((person) => {
          const schedule = schedules.get(person.id)!;
          const { date, from } = dayOf(now, schedule.timeZone);
          // a night that began yesterday is yesterday's
          const [shift] = schedule.intervalsOn(date);
          if (!shift) return [];
          const startedAt = schedule.nextOpen(from + shift.from * 60_000) ?? Infinity;
          return startedAt + minutes * 60_000 <= now && schedule.spans(now, now + 1).length > 0 ? [{ person, date, startedAt }] : [];
        });
        const opened = new Set(((await deps.db('day_openings').whereIn('user_id', begun.map(({ person }) => person.id)).where('opened_at', '>', now - 2 * DAY).select('user_id', 'day')) as { user_id: number; day: string }[]).map((row) => `${row.user_id} ${row.day}`)); // prettier-ignore
        const late = begun.filter(({ person, date }) => !opened.has(`${person.id} ${date}`)).sort((a, b) => a.startedAt - b.startedAt || a.person.id - b.person.id); // prettier-ignore
        return { items: late.slice(0, 200).map(({ person: { departmentId: _, ...user }, startedAt }) => ({ user, startedAt })) };
      },
    }),
    route({
      method: 'get',
      path: '/tasks/capacity',
      summary: 'Whether one more task fits into its day; the first day that it fits into when it does not',
      query: CapacityQuery,
      reply: CapacityReply,
      can: taskPolicy.list,
      async handle({ query: { dueAt, minutes, kind, ownerId: whose }, actor }) {
        const ownerId = whose ?? actor.id;
        if (!taskPolicy.assign(actor, ownerId)) throw new AppError('forbidden', `${actor.role}: somebody else's day`);
        const schedule = await scheduleOf(ownerId);
        const at = Math.max(dueAt, deps.now());
        const needed = minutesOf({ kind, estimate: minutes ?? null });
        const share = await callShareOf(deps, schedule, ownerId);
        const day = await capacity(deps, schedule, ownerId, at, 0, share);
        if (day.free >= needed) return { day, needed, fits: true, proposal: null };
        for (let later = 1; later <= PROPOSED_DAYS; later += 1) {
          const other = await capacity(deps, schedule, ownerId, at, later, share);
          if (other.work === 0 || other.free < needed) continue;
          // the same hour, or the next at which there is work on that day
          const wall = plusDays(wallOf(at, schedule.timeZone), later);
          const bounds = dayOf(at, schedule.timeZone, later);
          const then = schedule.nextOpen(momentOf(wall, schedule.timeZone));
          const proposal = then !== null && then < bounds.to ? then : schedule.nextOpen(bounds.from);
          return { day, needed, fits: false, proposal };
        }
        return { day, needed, fits: false, proposal: null };
      },
    }),
  ];
}; // prettier-ignore
