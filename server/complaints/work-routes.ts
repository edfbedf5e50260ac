import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { invalid, loadReadable, loadWorkable, notMerged, readsClient, replyWith } from './access.ts';
import { answer, askHowItWas } from './answer.ts';
import { assignComplaint } from './assign.ts';
import { checkClosing } from './closing.ts';
import { AssignDraft, CallDraft, ComplaintEdit, ComplaintReply, EntryDraft, LinkDraft, StatusDraft, WatchDraft } from './contract.ts';
import { complaintPolicy } from './policy.ts';
import { clientSpoke } from './register.ts';
import { findComplaint } from './rows.ts';
import type { ComplaintRow } from './rows.ts';
import { changeComplaint } from './service.ts';
import type { Change } from './service.ts';
import { offeredSeverity, readCategories, readTransitions } from './settings.ts';

const checkCategory = async (deps: Deps, kind: 'category' | 'cause', id: number | null | undefined, path: string) => {
  if (id == null) return;
  if (!(await readCategories(deps.db)).some((each) => each.id === id && each.kind === kind && !each.retired))
    throw invalid(path, 'unknown_category');
};

const merge = async (change: Change, into: ComplaintRow): Promise<void> => {
  const { trx, row } = change;
  if (into.id === row.id || into.status === 'merged' || into.is_open === 0)
    throw new AppError('conflict', 'cannot go on there', { reason: 'closed' });
  await trx('complaint_calls').insert(trx('complaint_calls').where('complaint_id', row.id).select(trx.raw('?', [into.id]), 'call_ref', 'moment_at', 'user_id')).onConflict(['complaint_id', 'call_ref']).ignore(); // prettier-ignore
  change.set({ merged_into: into.id });
  await change.turn('merged', into.number);
};

/** /api/complaints/:id/...: working on one. */
export const workRoutes = (deps: Deps): Route[] => {
  const changed = async (
    actor: Actor,
    id: number,
    seen: number,
    what: string,
    run: (change: Change) => Promise<void>,
    details: object = {},
  ) => {
    await changeComplaint(deps, { id, actorId: actor.id, seen, what, details }, async (change) => {
      notMerged(change.row);
      await run(change);
    });
    return replyWith(deps, actor, id);
  };

  return [
    route({
      method: 'post',
      path: '/complaints/:id/entries',
      summary: 'Says something: to the client, of the client, or among ourselves',
      params: IdParam,
      body: EntryDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id }, body: { version, kind, channel, subject, text, files }, actor }) {
        await (kind === 'out' ? loadWorkable : loadReadable)(deps, actor, id);
        return changed(actor, id, version, `complaint.entry.${kind}`, async (change) => {
          if (kind === 'out') return answer(deps, change, { channel, subject, text, files, actorId: actor.id });
          if (files.length > 0) throw invalid('body.files', 'not_by_mail');
          await change.entry({ kind, channel, text });
          if (kind === 'in') await clientSpoke(change);
        });
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/status',
      summary:
        'To another status, where the table of transitions lets it; closing says cause, what was done, and that the client was told or why not',
      params: IdParam,
      body: StatusDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id }, body: { version, status, note, causeId, letter, ...said }, actor }) {
        await loadWorkable(deps, actor, id);
        await checkCategory(deps, 'cause', causeId, 'body.causeId');
        if (letter && status !== 'closed') throw invalid('body.letter', 'not_closing');
        const ways = await readTransitions(deps.db);
        return changed(actor, id, version, 'complaint.status', async (change) => {
          const { row } = change;
          if (!ways.some(({ from, to }) => from === row.status && to === status)) throw new AppError('conflict', 'no way there', { reason: 'no_transition' });
          if (status === 'waiting-department') throw new AppError('conflict', 'by a hand-over only', { reason: 'use_handover' });
          change.set({
            ...(causeId !== undefined && { cause_id: causeId }),
            ...(said.doneText !== undefined && { done_text: said.doneText }),
            ...(said.told !== undefined && { told: said.told }),
            ...(said.notToldReason !== undefined && { not_told_reason: said.notToldReason }),
            ...(letter && { told: true, not_told_reason: '' }),
          });
          await checkClosing(change, status);
          if (letter) await answer(deps, change, { channel: 'email', ...letter, actorId: actor.id });
          await change.turn(status, note);
          if (status === 'closed' && change.row.told) await askHowItWas(deps, change, actor.id);
        }, { status }); // prettier-ignore
      },
    }),
    route({
      method: 'patch',
      path: '/complaints/:id',
      summary: 'Changes what it is about, how grave it is, whose it is; clocks are counted anew',
      params: IdParam,
      body: ComplaintEdit,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id }, body: { version, ...edit }, actor }) {
        await loadWorkable(deps, actor, id);
        await checkCategory(deps, 'category', edit.categoryId, 'body.categoryId');
        await checkCategory(deps, 'cause', edit.causeId, 'body.causeId');
        if (edit.severity !== undefined && !(await offeredSeverity(deps.db, edit.severity)))
          throw invalid('body.severity', 'unknown_severity');
        if (edit.clientId != null && !(await readsClient(deps, actor, edit.clientId))) throw invalid('body.clientId', 'unknown_client');
        return changed(actor, id, version, 'complaint.edited', async (change) => {
          const wanted = { severity: edit.severity, category_id: edit.categoryId, cause_id: edit.causeId, product: edit.product, wish: edit.wish, subject: edit.subject, client_id: edit.clientId }; // prettier-ignore
          for (const [column, value] of Object.entries(wanted)) {
            const before = change.row[column as keyof ComplaintRow];
            if (value === undefined || value === before) continue;
            await change.move(column.replace('_id', ''), before, value);
            change.set({ [column]: value });
          }
        });
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/assign',
      summary: 'Gives it to somebody, or takes it',
      params: IdParam,
      body: AssignDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id }, body, actor }) {
        await assignComplaint(deps, actor, id, body);
        return replyWith(deps, actor, id);
      },
    }),
    route({
      method: 'put',
      path: '/complaints/:id/watch',
      summary: 'I want to be told of it, or no longer',
      params: IdParam,
      body: WatchDraft,
      can: complaintPolicy.list,
      async handle({ params: { id }, body: { watch }, actor }) {
        await loadReadable(deps, actor, id);
        const mine = { complaint_id: id, user_id: actor.id };
        if (watch) await deps.db('complaint_watchers').insert(mine).onConflict(['complaint_id', 'user_id']).ignore();
        else await deps.db('complaint_watchers').where(mine).delete();
        deps.bus.emit('complaint.changed', { id, clientId: null });
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/calls',
      summary: 'A call belongs to it',
      params: IdParam,
      body: CallDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id }, body: { callRef }, actor }) {
        await loadReadable(deps, actor, id);
        const call = await deps.callFor(actor, callRef);
        if (!call) throw invalid('body.callRef', 'unknown_call');
        await changeComplaint(deps, { id, actorId: actor.id, seen: null, what: 'complaint.call' }, async (change) => {
          const row = { complaint_id: id, call_ref: callRef, moment_at: Math.min(change.now, call.endedAt ?? Infinity), user_id: actor.id };
          await change.trx('complaint_calls').insert(row).onConflict(['complaint_id', 'call_ref']).ignore();
          await change.move('call', '', callRef);
        });
        return replyWith(deps, actor, id);
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/links',
      summary: 'Belongs to another one, or goes on in it (merged)',
      params: IdParam,
      body: LinkDraft,
      reply: ComplaintReply,
      can: complaintPolicy.list,
      async handle({ params: { id }, body: { version, otherId, kind }, actor }) {
        await loadWorkable(deps, actor, id);
        const other = otherId === id ? null : await findComplaint(deps.db, otherId);
        if (!other) throw invalid('body.otherId', 'unknown_complaint');
        await loadWorkable(deps, actor, otherId);
        return changed(actor, id, version, `complaint.${kind}`, async (change) => {
          const pair = { complaint_id: Math.min(id, otherId), other_id: Math.max(id, otherId), kind };
          await change.trx('complaint_links').insert(pair).onConflict(['complaint_id', 'other_id']).merge(['kind']);
          await change.move('link', kind, other.number);
          if (kind === 'merged') await merge(change, other);
        }, { otherId }); // prettier-ignore
      },
    }),
  ];
};
