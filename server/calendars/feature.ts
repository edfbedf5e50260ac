import type { Deps, Feature } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { CalendarDraft, CalendarEdit, CalendarList, CalendarReply, DaysImport, DaysImported } from './contract.ts';
import type { Calendar } from './contract.ts';
import { mergeDays, readDays } from './days.ts';
import { isOpen, nextOpen } from './hours.ts';
import { calendarPolicy } from './policy.ts';
import { deleteCalendar, insertCalendar, readCalendars, updateCalendar } from './queries.ts';
import type { StoredCalendar } from './queries.ts';

const find = (all: readonly StoredCalendar[], id: number): StoredCalendar => {
  const found = all.find((one) => one.id === id);
  if (!found) throw new AppError('not_found', 'no such calendar');
  return found;
};

/** /api/calendars */
export const calendarsFeature = (deps: Pick<Deps, 'db' | 'audit' | 'now' | 'bus' | 'directory'>): Feature => {
  const shown = (stored: StoredCalendar): Calendar => {
    const now = deps.now();
    const openNow = isOpen(stored, now);
    return { ...stored, openNow, nextAt: openNow ? null : nextOpen(stored, now) };
  };

  const save = async (actor: Actor, id: number, version: number, change: (before: StoredCalendar) => StoredCalendar, details: object) => {
    const saved = await inTransaction(deps.db, async (trx) => {
      const next = change(find(await readCalendars(trx), id));
      if (!(await updateCalendar(trx, next, version))) throw new AppError('conflict', 'changed meanwhile', { reason: 'changed' });
      await deps.audit(trx, { actorId: actor.id, what: 'calendar.edited', table: 'calendars', rowId: id, details });
      return find(await readCalendars(trx), id);
    });
    deps.bus.emit('calendar.changed', {});
    return shown(saved);
  };

  return {
    routes: [
      route({
        method: 'get',
        path: '/calendars',
        summary: 'Working calendars: weekly hours, holidays and exceptions, and whose they are',
        reply: CalendarList,
        can: calendarPolicy.list,
        async handle({ actor }) {
          const [all, departments] = await Promise.all([readCalendars(deps.db), deps.directory.departments()]);
          return { items: all.map(shown), departments, can: { edit: calendarPolicy.edit(actor) } };
        },
      }),
      route({
        method: 'post',
        path: '/calendars',
        summary: 'A new calendar, as the company’s is',
        body: CalendarDraft,
        reply: CalendarReply,
        status: 201,
        can: calendarPolicy.edit,
        handle: ({ body: { name }, actor }) =>
          inTransaction(deps.db, async (trx) => {
            const model = (await readCalendars(trx)).find(({ isDefault }) => isDefault)!;
            const id = await insertCalendar(trx, name, model, deps.now());
            await deps.audit(trx, { actorId: actor.id, what: 'calendar.created', table: 'calendars', rowId: id, details: { name } });
            return { calendar: shown(find(await readCalendars(trx), id)) };
          }),
      }),
      route({
        method: 'patch',
        path: '/calendars/:id',
        summary: 'Changes a calendar: deadlines that run are reckoned by the new one',
        params: IdParam,
        body: CalendarEdit,
        reply: CalendarReply,
        can: calendarPolicy.edit,
        async handle({ params: { id }, body: { version, ...edit }, actor }) {
          const known = new Set((await deps.directory.departments()).map((department) => department.id));
          if (edit.departments?.some((department) => !known.has(department)))
            throw new AppError('invalid', 'no such department', { issues: [{ path: 'body.departments', code: 'unknown_department' }] });
          const given = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)) as Partial<StoredCalendar>;
          const change = (before: StoredCalendar) => ({
            ...before,
            ...given,
            days: mergeDays([], given.days ?? before.days),
            departments: [...new Set(given.departments ?? before.departments)],
          });
          return { calendar: await save(actor, id, version, change, { ...edit, days: edit.days?.length }) };
        },
      }),
      route({
        method: 'post',
        path: '/calendars/:id/import',
        summary: 'Takes the days of a production calendar; with dryRun only says what it would take',
        params: IdParam,
        body: DaysImport,
        reply: DaysImported,
        can: calendarPolicy.edit,
        async handle({ params: { id }, body: { version, text, dryRun }, actor }) {
          const before = find(await readCalendars(deps.db), id);
          const { days, rejected } = readDays(text, before);
          const change = (stored: StoredCalendar) => ({ ...stored, days: mergeDays(stored.days, days) });
          const most = 5_000;
          if (change(before).days.length > most)
            throw new AppError('invalid', `more than ${most} days`, { issues: [{ path: 'body.text', code: 'too_big' }] });
          const calendar = dryRun || days.length === 0 ? shown(before) : await save(actor, id, version, change, { imported: days.length });
          return { days: days.length, rejected: rejected.slice(0, 100), calendar };
        },
      }),
      route({
        method: 'delete',
        path: '/calendars/:id',
        summary: 'Deletes a calendar: its departments have the company’s then',
        params: IdParam,
        can: calendarPolicy.edit,
        async handle({ params: { id }, actor }) {
          await inTransaction(deps.db, async (trx) => {
            const gone = find(await readCalendars(trx), id);
            if (gone.isDefault) throw new AppError('conflict', 'the company’s calendar stays', { reason: 'default' });
            await deleteCalendar(trx, id);
            await deps.audit(trx, {
              actorId: actor.id,
              what: 'calendar.deleted',
              table: 'calendars',
              rowId: id,
              details: { name: gone.name },
            });
          });
          deps.bus.emit('calendar.changed', {});
        },
      }),
    ],
  };
};
