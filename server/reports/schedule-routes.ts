import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { isAddress } from '../core/mail.ts';
import { IdParam } from '../users/contract.ts';
import { ScheduleDraft, ScheduleList, ScheduleReply } from './contract.ts';
import { reportPolicy } from './policy.ts';
import { nextDue } from './schedule.ts';
import { deleteSchedule, insertSchedule, schedulesOf } from './schedule-rows.ts';

/** Of one user. */
const MOST = 50;

/** /api/reports/schedules: each has their own. */
export const scheduleRoutes = (deps: Deps): Route[] => [
  route({
    method: 'get',
    path: '/reports/schedules',
    summary: 'My reports that go out by mail',
    reply: ScheduleList,
    can: reportPolicy.export,
    async handle({ actor }) {
      const items = await schedulesOf(deps.db, actor.id);
      return { mail: deps.config.mail !== null, items: items.map(({ userId: _u, draft: _d, ...item }) => item) };
    },
  }),
  route({
    method: 'post',
    path: '/reports/schedules',
    summary: 'Sends a report by mail every day, week or month',
    body: ScheduleDraft,
    reply: ScheduleReply,
    status: 201,
    can: reportPolicy.export,
    async handle({ body, actor }) {
      if (deps.config.mail === null) throw new AppError('conflict', 'there is no mail server', { reason: 'mail_off' });
      if (!isAddress(body.address)) throw new AppError('invalid', 'not an address', { issues: [{ path: 'body.address', code: 'bad_address' }] }); // prettier-ignore
      const nextAt = nextDue(body, deps.now(), await deps.directory.timeZoneOf(actor.id));
      return inTransaction(deps.db, async (trx) => {
        if ((await schedulesOf(trx, actor.id)).length >= MOST) throw new AppError('conflict', 'too many', { reason: 'too_many' });
        const id = await insertSchedule(trx, actor.id, body, nextAt, deps.now());
        const { address, title, every } = body;
        await deps.audit(trx, { actorId: actor.id, what: 'reports.scheduled', table: 'report_schedules', rowId: id, details: { address, title, every } }); // prettier-ignore
        return { schedule: { id, address, title, every, minute: body.minute, nextAt, sentAt: null } };
      });
    },
  }),
  route({
    method: 'delete',
    path: '/reports/schedules/:id',
    summary: 'Sends it no longer',
    params: IdParam,
    can: reportPolicy.export,
    async handle({ params: { id }, actor }) {
      await inTransaction(deps.db, async (trx) => {
        if (!(await deleteSchedule(trx, id, actor.id))) throw new AppError('not_found', 'no such schedule');
        await deps.audit(trx, { actorId: actor.id, what: 'reports.unscheduled', table: 'report_schedules', rowId: id });
      });
    },
  }),
];
