import type { Knex } from 'knex';
import { z } from 'zod';
import type { Deps, Feature } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { momentOf, plusDays, wallOf } from '../core/zone.ts';
import { IdParam } from '../users/contract.ts';
import { AbsenceDraft, AbsenceReply, MonthQuery, MonthReply, Proposal, ProposalQuery, ScheduleDraft, ScheduleReply } from './contract.ts';
import type { Absence, Schedule } from './contract.ts';
import { fittest } from './deputies.ts';
import { daysFrom } from './lookup.ts';
import { schedulePolicy } from './policy.ts';
import { NONE, absencesOf, endAbsence, findAbsence, insertAbsence, readSchedules, writeSchedule } from './queries.ts';
import type { StoredAbsence } from './queries.ts';

/** From handover: who stands in for whom. */
export interface Standing {
  list(db: Knex, at: number): Promise<readonly { id: number; userId: number; deputyId: number; startsAt: number; endsAt: number }[]>;
  insert(trx: Knex, of: { userId: number; deputyId: number; startsAt: number; endsAt: number; reason: string; createdBy: number; at: number }): Promise<number>; // prettier-ignore
  end(trx: Knex, id: number, at: number): Promise<boolean>;
}

const LONGEST_DAYS = 366;
const MOST_PEOPLE = 60;
const bad = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path: `body.${path}`, code }] });

type Person = Awaited<ReturnType<Deps['directory']['staff']>>[number];

const midnight = (date: string, timeZone: string): number => {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return momentOf({ year, month, day, hour: 0, minute: 0 }, timeZone);
};
const dayAfter = (date: string, n: number): string => new Date(Date.parse(date) + n * 86_400_000).toISOString().slice(0, 10);
const today = (at: number, timeZone: string): string => {
  const { year, month, day } = plusDays(wallOf(at, timeZone), 0);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
};

/** /api/schedules */
export const schedulesFeature = (deps: Deps, standing: Standing): Feature => {
  const { db, now, audit, directory } = deps;

  const staff = async (id: number): Promise<Person> => {
    const person = (await directory.staff()).find((one) => one.id === id);
    if (!person) throw new AppError('not_found', 'nobody of that name works here');
    return person;
  };

  const present = async (actor: Actor, rows: readonly StoredAbsence[]): Promise<Absence[]> => {
    const people = new Map((await directory.staff()).map((person) => [person.id, person]));
    const named = await standing.list(db, now());
    const users = await directory.briefs([...new Set([...rows.map(({ userId }) => userId), ...named.map(({ deputyId }) => deputyId)])]);
    return rows.flatMap(({ id, userId, kind, from, to, note, deputyRow }) => {
      const [user, person] = [users.get(userId), people.get(userId)];
      if (!user || !person) return [];
      const why = schedulePolicy.why(actor, person);
      const deputyId = named.find((one) => one.id === deputyRow)?.deputyId;
      return [{ id, user, kind: why ? kind : null, from, to, note: why ? note : '', deputy: users.get(deputyId ?? 0) ?? null, can: { end: schedulePolicy.absent(actor, person) } }]; // prettier-ignore
    });
  };

  const scheduleOf = async (actor: Actor, person: Person): Promise<Schedule> => {
    const [own, working] = [(await readSchedules(db, [person.id])).get(person.id) ?? NONE, (await deps.schedules.of([person.id])).get(person.id)!];
    const at = now();
    const next = working.nextOpen(at);
    const workingNow = next === at;
    const absences = await absencesOf(db, [person.id], today(at, working.timeZone));
    const { departmentId: _, ...user } = person;
    return {
      ...own,
      user,
      zone: working.timeZone,
      workingNow,
      nextAt: workingNow ? null : next,
      never: next === null,
      absences: await present(actor, absences),
      can: { edit: schedulePolicy.edit(actor, person), absent: schedulePolicy.absent(actor, person) },
    };
  }; // prettier-ignore

  const told = (userIds: readonly number[], rights: boolean) => {
    if (rights) deps.bus.emit('rights.changed', {});
    deps.push(userIds, { topic: 'deputies' });
    deps.push('all', { topic: 'schedules' });
  };

  const absent = async (actor: Actor, { userId = actor.id, kind, from, to, note, deputyId }: AbsenceDraft): Promise<number> => {
    const person = await staff(userId);
    if (!schedulePolicy.absent(actor, person)) throw new AppError('forbidden', `${actor.role}: somebody else's absence`);
    const { timeZone } = (await deps.schedules.of([userId])).get(userId)!;
    if (to < from) throw bad('to', 'before_start');
    if (to < today(now(), timeZone)) throw bad('to', 'past');
    if (dayAfter(from, LONGEST_DAYS) <= to) throw bad('to', 'too_long');
    if (deputyId !== null) {
      const deputy = (await directory.staff()).find((one) => one.id === deputyId);
      if (!deputy) throw bad('deputyId', 'unknown_user');
      if (deputyId === userId) throw bad('deputyId', 'themselves');
      if (!schedulePolicy.deputy(actor, person, deputy)) throw bad('deputyId', 'other_department');
      const gone = (await deps.schedules.of([deputyId])).get(deputyId)!;
      if (daysFrom(from, to).every((date) => gone.awayOn(date) !== null)) throw bad('deputyId', 'away');
    }
    const [startsAt, endsAt] = [midnight(from, timeZone), midnight(dayAfter(to, 1), timeZone)];
    const id = await inTransaction(db, async (trx) => {
      // the person's row: two at once must not both find that there is none
      await trx('users').where({ id: userId }).forUpdate().first('id');
      if ((await absencesOf(trx, [userId], from, to)).length > 0) throw new AppError('conflict', 'away already', { reason: 'overlaps' });
      const named = deputyId !== null && (await standing.list(trx, now())).some((one) => one.userId === userId && one.deputyId === deputyId && one.startsAt < endsAt && startsAt < one.endsAt); // prettier-ignore
      const deputyRow = deputyId === null || named ? null : await standing.insert(trx, { userId, deputyId, startsAt, endsAt, reason: '', createdBy: actor.id, at: now() }); // prettier-ignore
      const made = await insertAbsence(trx, { userId, kind, from, to, note, deputyRow, by: actor.id, at: now() });
      await audit(trx, { actorId: actor.id, what: 'absence.entered', table: 'absences', rowId: made, details: { userId, from, to, deputyId } });
      return made;
    });
    told([userId, ...(deputyId === null ? [] : [deputyId])], deputyId !== null);
    return id;
  }; // prettier-ignore

  return {
    routes: [
      route({
        method: 'get',
        path: '/schedules/month',
        summary: 'Who works when in a month, by person and day',
        query: MonthQuery,
        reply: MonthReply,
        can: schedulePolicy.list,
        async handle({ query: { month, departmentId }, actor }) {
          const all = (await directory.staff()).filter((one) => departmentId === undefined || one.departmentId === departmentId).sort((a, b) => a.name.localeCompare(b.name, 'ru') || a.id - b.id); // prettier-ignore
          const people = all.slice(0, MOST_PEOPLE);
          const [first, next] = [`${month}-01`, dayAfter(`${month}-01`, 31).slice(0, 7)];
          const working = await deps.schedules.of(people.map(({ id }) => id), Date.parse(first)); // prettier-ignore
          const dates = daysFrom(first, dayAfter(`${next}-01`, -1));
          const shown = people.map((person) => {
            const { departmentId: _, ...user } = person;
            const schedule = working.get(person.id)!;
            const why = schedulePolicy.why(actor, person);
            const days = dates.map((date) => {
              const absence = schedule.awayOn(date);
              return { date, intervals: schedule.intervalsOn(date), away: absence !== null, absence: why ? (absence?.kind ?? null) : null };
            });
            const { timeZone } = schedule;
            return { user, timeZone, days, minutes: schedule.workingMs(midnight(first, timeZone), midnight(`${next}-01`, timeZone)) / 60_000 }; // prettier-ignore
          });
          return { people: shown, more: all.length > people.length, departments: await directory.departments() };
        },
      }),
      route({
        method: 'get',
        path: '/schedules/proposal',
        summary: 'Who could stand in for somebody on these days, the fittest first',
        query: ProposalQuery,
        reply: Proposal,
        can: schedulePolicy.list,
        async handle({ query: { userId, from, to }, actor }) {
          const person = await staff(userId ?? actor.id);
          if (!schedulePolicy.absent(actor, person)) throw new AppError('forbidden', `${actor.role}: somebody else's absence`);
          if (to < from || dayAfter(from, LONGEST_DAYS) <= to)
            throw new AppError('invalid', 'no such days', { issues: [{ path: 'query.to', code: 'before_start' }] });
          const colleagues = (await directory.staff()).filter((one) => schedulePolicy.deputy(actor, person, one));
          const working = await deps.schedules.of(colleagues.map(({ id }) => id)); // prettier-ignore
          const [startsAt, endsAt] = [Date.parse(from), Date.parse(dayAfter(to, 1))];
          const standingNow = (await standing.list(db, now())).filter((one) => one.startsAt < endsAt && startsAt < one.endsAt);
          const dates = daysFrom(from, to);
          const candidates = colleagues.map(({ departmentId, ...user }) => {
            const schedule = working.get(user.id)!;
            const away = dates.some((date) => schedule.awayOn(date) !== null);
            const standsIn = new Set(standingNow.filter((one) => one.deputyId === user.id).map((one) => one.userId)).size;
            return { ...user, user, departmentId, away, standsIn, worksMs: schedule.workingMs(startsAt, endsAt) };
          });
          return { items: fittest(person, candidates).slice(0, 50).map(({ user, away, standsIn }) => ({ user, away, standsIn })) }; // prettier-ignore
        },
      }),
      route({
        method: 'post',
        path: '/schedules/absences',
        summary: 'Somebody is away on these days; whoever stands in has what is due meanwhile',
        body: AbsenceDraft,
        reply: AbsenceReply,
        status: 201,
        can: schedulePolicy.list,
        async handle({ body, actor }) {
          const id = await absent(actor, body);
          return { absence: (await present(actor, [(await findAbsence(db, id))!]))[0]! };
        },
      }),
      route({
        method: 'post',
        path: '/schedules/absences/:id/end',
        summary: 'Back today, or not away after all: what is due comes back at once',
        params: IdParam,
        reply: z.object({}),
        can: schedulePolicy.list,
        async handle({ params: { id }, actor }) {
          const absence = await findAbsence(db, id);
          const person = absence && (await directory.staff()).find((one) => one.id === absence.userId);
          if (!absence || !person || !schedulePolicy.absent(actor, person)) throw new AppError('not_found', 'no such absence');
          const { timeZone } = (await deps.schedules.of([person.id])).get(person.id)!;
          const yesterday = dayAfter(today(now(), timeZone), -1);
          await inTransaction(db, async (trx) => {
            const before = dayAfter(absence.from, -1);
            if (!(await endAbsence(trx, id, yesterday < before ? before : yesterday, now()))) throw new AppError('conflict', 'it is over', { reason: 'over' }); // prettier-ignore
            if (absence.deputyRow !== null) await standing.end(trx, absence.deputyRow, now());
            await audit(trx, { actorId: actor.id, what: 'absence.ended', table: 'absences', rowId: id });
          });
          told([person.id], absence.deputyRow !== null);
          return {};
        },
      }),
      route({
        method: 'get',
        path: '/schedules/mine',
        summary: 'When I work, and when I am away',
        reply: ScheduleReply,
        can: schedulePolicy.list,
        handle: async ({ actor }) => ({ schedule: await scheduleOf(actor, await staff(actor.id)) }),
      }),
      route({
        method: 'get',
        path: '/schedules/:id',
        summary: 'When somebody works; why they are away only their chiefs see',
        params: IdParam,
        reply: ScheduleReply,
        can: schedulePolicy.list,
        handle: async ({ params: { id }, actor }) => ({ schedule: await scheduleOf(actor, await staff(id)) }),
      }),
      route({
        method: 'put',
        path: '/schedules/:id',
        summary: 'Sets when somebody works; 400 no_working_day for a schedule without one',
        params: IdParam,
        body: ScheduleDraft,
        reply: ScheduleReply,
        can: schedulePolicy.list,
        async handle({ params: { id }, body, actor }) {
          const person = await staff(id);
          if (!schedulePolicy.edit(actor, person)) throw new AppError('forbidden', `${actor.role}: somebody else's schedule`);
          if (body.kind === 'cycle' && body.cycle === null) throw bad('cycle', 'required');
          const pattern = body.kind === 'week' ? body.week : body.kind === 'cycle' ? body.cycle!.days : null;
          if (pattern && !pattern.some((day) => day.length > 0)) throw bad(body.kind, 'no_working_day');
          const days = [...new Map(body.days.map((rule) => [rule.date, rule])).values()].sort((a, b) => (a.date < b.date ? -1 : 1));
          await inTransaction(db, async (trx) => {
            await trx('users').where({ id }).forUpdate().first('id');
            if (!(await writeSchedule(trx, id, { ...body, days })))
              throw new AppError('conflict', 'changed meanwhile', { reason: 'changed' });
            await audit(trx, { actorId: actor.id, what: 'schedule.edited', table: 'schedules', rowId: id, details: { kind: body.kind, timeZone: body.timeZone } }); // prettier-ignore
          });
          deps.push('all', { topic: 'schedules' });
          return { schedule: await scheduleOf(actor, person) };
        },
      }),
    ],
  };
};
