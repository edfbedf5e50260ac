import type { Deps } from '../deps.ts';
import { mine } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { invalid, loadReadable, readsClient, replyWith } from './access.ts';
import { ComplaintDraft, ComplaintList, ComplaintMade, ComplaintPage, ComplaintQuery, ComplaintReply, SimilarQuery } from './contract.ts';
import { complaintPolicy } from './policy.ts';
import { presentBriefs } from './present.ts';
import { joinComplaint, registerComplaint, similarTo } from './register.ts';
import { byNumber, listComplaints } from './rows.ts';
import type { ComplaintRow, Listed } from './rows.ts';
import { offeredSeverity, readCategories, readSettings } from './settings.ts';

const scopeOf = async (deps: Deps, actor: Actor, { scope, clientId }: ComplaintQuery): Promise<Listed> => {
  if (scope === 'mine') return { ownerIds: mine(actor) };
  if (scope === 'registered') return { registeredBy: actor.id };
  if (scope === 'department') return { departmentId: actor.departmentId ?? 0 };
  if (scope === 'handed') return { handedTo: actor.departmentId ?? 0 };
  if (scope === 'all') {
    if (!complaintPolicy.listAll(actor)) throw new AppError('forbidden', `${actor.role}: everybody's complaints`);
    return {};
  }
  if (clientId === undefined) throw invalid('query.clientId', 'required');
  if (!(await readsClient(deps, actor, clientId))) throw new AppError('forbidden', 'a client of another department');
  return { clientId };
};

/** Of what the draft names: a category that is there, a client and a call that the actor may read. */
const checked = async (deps: Deps, actor: Actor, draft: ReturnType<typeof ComplaintDraft.parse>) => {
  const category = (await readCategories(deps.db)).find(({ id, kind }) => id === draft.categoryId && kind === 'category');
  if (!category || category.retired) throw invalid('body.categoryId', 'unknown_category');
  if (!(await offeredSeverity(deps.db, draft.severity))) throw invalid('body.severity', 'unknown_severity');
  const call = draft.callRef === null ? null : await deps.callFor(actor, draft.callRef);
  if (draft.callRef !== null && !call) throw invalid('body.callRef', 'unknown_call');
  const clientId = draft.clientId ?? call?.clientId ?? null;
  if (draft.clientId !== null && !(await readsClient(deps, actor, draft.clientId))) throw invalid('body.clientId', 'unknown_client');
  return { call, clientId };
};

/** /api/complaints: registering, lists, the ticket. */
export const complaintRoutes = (deps: Deps): Route[] => [
  route({
    method: 'get',
    path: '/complaints',
    summary: 'Complaints by time left; closed ones newest first',
    query: ComplaintQuery,
    reply: ComplaintPage,
    can: complaintPolicy.list,
    async handle({ query, actor }) {
      const now = deps.now();
      if (query.number !== undefined) {
        const found: ComplaintRow[] = [];
        for (const row of await byNumber(deps.db, query.number, new Date(now).getUTCFullYear()))
          if (await loadReadable(deps, actor, row.id).then(() => true, () => false)) found.push(row); // prettier-ignore
        return { items: await presentBriefs(deps, actor, found), next: null, now };
      }
      const { rows, next } = await listComplaints(deps.db, await scopeOf(deps, actor, query), query);
      return { items: await presentBriefs(deps, actor, rows), next, now };
    },
  }),
  route({
    method: 'post',
    path: '/complaints',
    summary: 'Registers a complaint; the same key again is the same complaint',
    body: ComplaintDraft,
    reply: ComplaintMade,
    status: 201,
    can: complaintPolicy.register,
    async handle({ body, actor }) {
      const { call, clientId } = await checked(deps, actor, body);
      const said = body.text === '' ? null : { text: body.text, html: null, address: '', message_id: null };
      const place = call && { ref: body.callRef!, momentAt: Math.min(deps.now(), call.endedAt ?? Infinity) };
      if (body.join !== null) {
        await loadReadable(deps, actor, body.join);
        const { id, number } = await joinComplaint(deps, body.join, actor.id, { said: said ?? { text: body.subject, html: null, address: '', message_id: null }, call: place }); // prettier-ignore
        return { id, number, joined: true };
      }
      const { departmentId } = await readSettings(deps.db);
      const matter = {
        client_id: clientId,
        contact_name: body.contactName,
        contact_phone: body.contactPhone || (call?.number ?? ''),
        contact_email: body.contactEmail,
        category_id: body.categoryId,
        severity: body.severity,
        product: body.product,
        channel: call ? ('phone' as const) : body.channel,
        queue: call?.queue ?? null,
        subject: body.subject,
        wish: body.wish,
        department_id: actor.departmentId ?? departmentId,
        registered_by: actor.id,
        owner_id: null,
        once_key: body.onceKey === null ? null : `api:${actor.id}:${body.onceKey}`,
      };
      const { id, number, again } = await registerComplaint(deps, { matter, said, call: place });
      return { id, number, joined: again };
    },
  }),
  route({
    method: 'get',
    path: '/complaints/similar',
    summary: 'Is it a repetition: what this client complained about lately',
    query: SimilarQuery,
    reply: ComplaintList,
    can: complaintPolicy.register,
    async handle({ query: { clientId, categoryId }, actor }) {
      if (!(await readsClient(deps, actor, clientId))) throw new AppError('forbidden', 'a client of another department');
      const { repeatDays } = await readSettings(deps.db);
      const categories = await readCategories(deps.db);
      const rows = await similarTo(
        deps.db,
        { categories },
        { clientId, categoryId: categoryId ?? null, now: deps.now(), days: repeatDays },
      );
      return { items: await presentBriefs(deps, actor, rows) };
    },
  }),
  route({
    method: 'get',
    path: '/complaints/:id',
    summary: 'One complaint: what was said and done, its clocks, calls, money, hand-overs',
    params: IdParam,
    reply: ComplaintReply,
    can: complaintPolicy.list,
    handle: ({ params, actor }) => replyWith(deps, actor, params.id),
  }),
];
