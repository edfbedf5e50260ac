import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { invalid, loadReadable, loadWorkable, replyWith } from './access.ts';
import {
  AcceptDraft,
  CheckDraft,
  CompensationDraft,
  ComplaintReply,
  DecisionDraft,
  HandoverDraft,
  SubIdParam,
  TaskDoneDraft,
  TaskDraft,
} from './contract.ts';
import { complaintPolicy } from './policy.ts';
import { checklistOf } from './present.ts';
import type { CompensationRow, HandoverRow, TaskRow } from './present.ts';
import { changeComplaint } from './service.ts';
import type { Change } from './service.ts';
import { readSettings } from './settings.ts';

const YEAR_MS = 366 * 86_400_000;

const dueLater = (at: number, now: number, path: string) => {
  if (at <= now || at > now + 2 * YEAR_MS) throw invalid(path, 'out_of_range');
};

/** Whoever owns it does it first; the client's name makes the task readable in a list. */
const taskText = (change: Change, text: string): string => `${change.row.number}: ${text}`.slice(0, 500);

/** /api/complaints/:id/...: what is done about one: money, tasks, call-backs, hand-overs. */
export const deedRoutes = (deps: Deps): Route[] => {
  const changed = async (actor: Actor, id: number, seen: number, what: string, run: (change: Change) => Promise<void>) => {
    await changeComplaint(deps, { id, actorId: actor.id, seen, what }, async (change) => {
      if (change.row.is_open === 0) throw new AppError('conflict', 'it is closed', { reason: 'closed' });
      await run(change);
    });
    return replyWith(deps, actor, id);
  };
  const handover = async (complaintId: number, id: number): Promise<HandoverRow> => {
    const row = (await deps.db('complaint_handovers').where({ id, complaint_id: complaintId }).first()) as HandoverRow | undefined;
    if (!row) throw new AppError('not_found', 'no such hand-over');
    return row;
  };

  return [
    route({
      method: 'post',
      path: '/complaints/:id/compensations',
      summary: 'Money, a gift or an apology for the client; above the limit somebody else has to approve it',
      params: IdParam,
      body: CompensationDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id }, body: { version, kind, amount, currency, note }, actor }) {
        await loadWorkable(deps, actor, id);
        if (kind === 'money' && amount === 0) throw invalid('body.amount', 'too_small');
        const { approveAbove, currency: ours } = await readSettings(deps.db);
        // what is in another currency cannot be compared with the limit
        const asks = kind !== 'apology' && (amount > approveAbove || (amount > 0 && currency !== ours));
        return changed(actor, id, version, 'complaint.compensation', async (change) => {
          const decided = asks
            ? { state: 'asked', decided_by: null, decided_at: null }
            : { state: 'approved', decided_by: actor.id, decided_at: change.now };
          await change.trx('complaint_compensations').insert({ complaint_id: id, registered_at: change.row.registered_at, kind, amount: kind === 'apology' ? 0 : amount, currency, note, user_id: actor.id, at: change.now, ...decided }); // prettier-ignore
          await change.move('compensation', kind, `${amount} ${currency}`, asks ? 'asked' : 'approved');
        });
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/compensations/:sub/decide',
      summary: 'Approves or refuses what was asked; nobody decides what they have asked for themselves',
      params: SubIdParam,
      body: DecisionDraft,
      reply: ComplaintReply,
      can: (actor) => complaintPolicy.approve(actor, null),
      async handle({ params: { id, sub }, body: { version, approve, note }, actor }) {
        await loadReadable(deps, actor, id);
        const asked = (await deps.db('complaint_compensations').where({ id: sub, complaint_id: id }).first()) as
          CompensationRow | undefined;
        if (!asked) throw new AppError('not_found', 'no such compensation');
        if (!complaintPolicy.approve(actor, asked.user_id)) throw new AppError('forbidden', 'asked for by the same person');
        return changed(actor, id, version, 'complaint.compensation.decided', async (change) => {
          const state = approve ? 'approved' : 'refused';
          const decided = { state, decided_by: actor.id, decided_at: change.now };
          if ((await change.trx('complaint_compensations').where({ id: sub, state: 'asked' }).update(decided)) === 0)
            throw new AppError('conflict', 'decided already', { reason: 'decided' });
          await change.move('compensation', asked.kind, `${asked.amount} ${asked.currency}`, note || state);
        });
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/tasks',
      summary: 'A corrective action with an owner and a date, or a promise to call the client back',
      params: IdParam,
      body: TaskDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id }, body: { version, kind, text, dueAt, untilAt, ...body }, actor }) {
        await loadWorkable(deps, actor, id);
        const ownerId = body.ownerId ?? actor.id;
        dueLater(dueAt, deps.now(), 'body.dueAt');
        if (untilAt !== undefined && untilAt <= dueAt) throw invalid('body.untilAt', 'out_of_range');
        if (!(await deps.directory.actorOf(ownerId))) throw invalid('body.ownerId', 'unknown_user');
        return changed(actor, id, version, `complaint.${kind}`, async (change) => {
          const { row, trx, now } = change;
          const plan = { ownerId, authorId: actor.id, clientId: row.client_id, dueAt, text: taskText(change, text), at: now };
          const task = await deps.planTask(trx, { ...plan, kind: kind === 'call-back' ? 'call-back' : 'task', phone: kind === 'call-back' ? row.contact_phone : '' }); // prettier-ignore
          await trx('complaint_tasks').insert({ complaint_id: id, kind, task_id: task.id, user_id: ownerId, text, due_at: dueAt, until_at: untilAt ?? null, settled_at: null }); // prettier-ignore
          await change.move(kind, ownerId, dueAt, text);
          change.after(task.tell);
        });
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/tasks/:sub/done',
      summary: 'A corrective action is done, with what came of it; also of a complaint that is closed',
      params: SubIdParam,
      body: TaskDoneDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id, sub }, body: { version, result }, actor }) {
        const row = await loadReadable(deps, actor, id);
        const task = (await deps.db('complaint_tasks').where({ id: sub, complaint_id: id, kind: 'corrective' }).first()) as
          TaskRow | undefined;
        if (!task) throw new AppError('not_found', 'no such action');
        if (task.user_id !== actor.id && !complaintPolicy.work(actor, row)) throw new AppError('forbidden', 'somebody else’s action');
        await changeComplaint(deps, { id, actorId: actor.id, seen: version, what: 'complaint.corrective.done' }, async (change) => {
          const done = { done_at: change.now, done_by: actor.id, result, settled_at: change.now };
          const open = (of: Knex.QueryBuilder) => void of.whereNull('done_at').orWhere('result', '');
          if ((await change.trx('complaint_tasks').where({ id: sub }).where(open).update(done)) === 0)
            throw new AppError('conflict', 'done already', { reason: 'decided' });
          await change.move('corrective-done', '', '', `${task.text}: ${result}`);
        });
        // its reminder: whoever dies before it has an open task, and does it once more there
        await deps.finishTask(actor, task.task_id, result);
        return replyWith(deps, actor, id);
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/handovers',
      summary: 'Gives it to another department, which takes it or refuses it',
      params: IdParam,
      body: HandoverDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id }, body: { version, departmentId, reason, checklist, deadlineAt }, actor }) {
        await loadWorkable(deps, actor, id);
        dueLater(deadlineAt, deps.now(), 'body.deadlineAt');
        if (!(await deps.directory.departments()).some((one) => one.id === departmentId))
          throw invalid('body.departmentId', 'unknown_department');
        return changed(actor, id, version, 'complaint.handed-over', async (change) => {
          const { row, trx, now } = change;
          if (row.department_id === departmentId) throw invalid('body.departmentId', 'the_same');
          if (row.status === 'waiting-department') throw new AppError('conflict', 'one is waiting', { reason: 'handover_waiting' });
          const list = JSON.stringify(checklist.map((text) => ({ text, done: false })));
          await trx('complaint_handovers').insert({ complaint_id: id, from_department_id: row.department_id, to_department_id: departmentId, user_id: actor.id, from_owner_id: row.owner_id, reason, checklist: list, at: now, deadline_at: deadlineAt, state: 'waiting', answered_by: null, answered_at: null, answer: '' }); // prettier-ignore
          await change.move('handover', row.department_id, departmentId, reason);
          await change.turn('waiting-department');
        });
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/handovers/:sub/answer',
      summary: 'The other department takes it, or refuses it and says why',
      params: SubIdParam,
      body: AcceptDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id, sub }, body: { version, accept, note }, actor }) {
        const before = await handover(id, sub);
        if (!complaintPolicy.accept(actor, before.to_department_id)) throw new AppError('forbidden', 'for another department');
        if (!accept && note === '') throw invalid('body.note', 'required');
        return changed(actor, id, version, accept ? 'complaint.handover.accepted' : 'complaint.handover.refused', async (change) => {
          const answered = { state: accept ? 'accepted' : 'refused', answered_by: actor.id, answered_at: change.now, answer: note };
          if ((await change.trx('complaint_handovers').where({ id: sub, state: 'waiting' }).update(answered)) === 0)
            throw new AppError('conflict', 'answered already', { reason: 'decided' });
          if (accept) {
            change.set({
              department_id: before.to_department_id,
              owner_id: actor.departmentId === before.to_department_id ? actor.id : null,
            });
            await change.move('department', before.from_department_id, before.to_department_id, note);
          } else await change.move('refused', before.to_department_id, before.from_department_id, note);
          if (change.row.status === 'waiting-department') await change.turn('in-work');
        });
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/handovers/:sub/check',
      summary: 'A point of the list is done, or not after all',
      params: SubIdParam,
      body: CheckDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id, sub }, body: { version, item, done }, actor }) {
        await loadWorkable(deps, actor, id);
        await handover(id, sub);
        return changed(actor, id, version, 'complaint.handover.checked', async (change) => {
          const row = (await change.trx('complaint_handovers').where({ id: sub }).first()) as HandoverRow;
          const list = checklistOf(row);
          const point = list[item];
          if (!point) throw invalid('body.item', 'out_of_range');
          point.done = done;
          await change
            .trx('complaint_handovers')
            .where({ id: sub })
            .update({ checklist: JSON.stringify(list) });
          await change.move('check', done ? 'done' : 'open', point.text.slice(0, 200));
        });
      },
    }),
  ];
};
