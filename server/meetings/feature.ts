import type { Deps, Feature } from '../deps.ts';
import { mine } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { AnswerDraft, AskedList, Directory, FreeList, FreeQuery, InvitedList, MeetingCancel, MeetingDraft, MeetingEdit, MeetingReply, ResourceDraft, ResourceEdit, ResourceReply, ResultDraft, SlotList, SlotQuery } from './contract.ts'; // prettier-ignore
import { freeSlots } from './finding.ts';
import { meetingPolicy } from './policy.ts';
import { mayRead, personsOf, present, slotsOf } from './present.ts';
import { findMeeting, findMeetings, invitationsOf, listResources, partsOf, resultsOf, writeAnswer, writeResult } from './queries.ts';
import type { StoredMeeting } from './queries.ts';
import { cancelMeeting, changeMeeting, createMeeting, noteResult, restoreMeeting, resultFor, tell } from './service.ts';
import { heldBetween } from './spans.ts';

/** A result is asked for that long after the meeting. */
const ASKED_MS = 14 * 86_400_000;

/** /api/meetings */
export const meetingsFeature = (deps: Deps): Feature => {
  const reply = async (actor: Actor, meeting: StoredMeeting) => ({ meeting: (await present(deps, actor, [meeting]))[0]! });

  const readable = async (actor: Actor, id: number): Promise<StoredMeeting> => {
    const meeting = await findMeeting(deps.db, id);
    if (!meeting) throw new AppError('not_found', 'no such meeting');
    const [persons, parts] = [await personsOf(deps), await partsOf(deps.db, [id])];
    if (!mayRead(actor, persons, meeting, parts)) throw new AppError('forbidden', `${actor.role}: somebody else's meeting`);
    return meeting;
  };
  const editable = async (actor: Actor, id: number): Promise<StoredMeeting> => {
    const meeting = await readable(actor, id);
    if (!meetingPolicy.edit(actor, (await personsOf(deps)).get(meeting.ownerId)))
      throw new AppError('forbidden', `${actor.role}: somebody else's meeting`);
    return meeting;
  };
  const resourceReply = async (id: number) => ({ resource: (await listResources(deps.db)).find((one) => one.id === id)! });
  const taken = (err: unknown): never => {
    if (isDuplicate(err)) throw new AppError('conflict', 'the name is taken', { reason: 'name_taken' });
    throw err;
  };

  return {
    routes: [
      route({
        method: 'get',
        path: '/meetings',
        summary: 'What is in the calendars of these people and resources; of whom one may not read only when they are busy',
        query: SlotQuery,
        reply: SlotList,
        can: meetingPolicy.list,
        async handle({ query: { from, to, users, resources }, actor }) {
          const nobody = users.length + resources.length === 0;
          const held = await heldBetween(deps.db, { users: nobody ? [actor.id] : users, resources }, from, to);
          return { items: await slotsOf(deps, actor, held) };
        },
      }),
      route({
        method: 'post',
        path: '/meetings',
        summary: 'A meeting, once or repeated; 409 resource_taken when somebody has the room',
        body: MeetingDraft,
        reply: MeetingReply,
        status: 201,
        can: meetingPolicy.create,
        handle: async ({ body, actor }) => reply(actor, await createMeeting(deps, actor, body)),
      }),
      route({
        method: 'get',
        path: '/meetings/free',
        summary: 'The first common free times of people and rooms, within schedules, absences, holidays and meetings',
        query: FreeQuery,
        reply: FreeList,
        can: meetingPolicy.list,
        async handle({ query: { from: wanted, days, minutes, users: named, resources, except, limit }, actor }) {
          const users = named.length === 0 ? [actor.id] : named;
          const from = Math.max(wanted ?? 0, deps.now());
          const within = { from, to: from + days * 86_400_000 };
          const [held, schedules] = [
            await heldBetween(deps.db, { users, resources }, within.from, within.to),
            await deps.schedules.of(users, from),
          ];
          const gone = users.find((id) => !schedules.has(id));
          if (gone !== undefined)
            throw new AppError('invalid', 'nobody of that name', { issues: [{ path: 'query.users', code: 'unknown_user' }] });
          const busy = held
            .filter(
              ({ meeting, parts }) =>
                meeting.id !== except && meeting.seriesId !== (except ?? 0) && parts.some(({ answer }) => answer !== 'declined'),
            )
            .map(({ occurrence }) => occurrence);
          const open = users.map((id) => schedules.get(id)!.spans(within.from, within.to));
          const never = await deps.directory.briefs(users.filter((_, i) => open[i]!.length === 0));
          return { items: never.size > 0 ? [] : freeSlots({ open, busy, within }, minutes * 60_000, limit), never: [...never.values()] };
        },
      }),
      route({
        method: 'get',
        path: '/meetings/directory',
        summary: 'Whom and which rooms a calendar can be asked for',
        reply: Directory,
        can: meetingPolicy.list,
        async handle({ actor }) {
          const [people, departments, resources] = [await deps.directory.staff(), await deps.directory.departments(), await listResources(deps.db)]; // prettier-ignore
          return {
            people: [...people].sort((a, b) => a.name.localeCompare(b.name, 'ru') || a.id - b.id),
            departments,
            resources: resources.filter(({ archivedAt }) => archivedAt === null),
            can: { resources: meetingPolicy.resources(actor) },
          };
        },
      }),
      route({
        method: 'get',
        path: '/meetings/invited',
        summary: 'Meetings to which I am asked and have not answered',
        reply: InvitedList,
        can: meetingPolicy.list,
        async handle({ actor }) {
          const ids = await invitationsOf(deps.db, actor.id, deps.now(), 50);
          const meetings = await findMeetings(deps.db, ids);
          return { items: await present(deps, actor, meetings.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))) }; // prettier-ignore
        },
      }),
      route({
        method: 'get',
        path: '/meetings/asked',
        summary: 'Meetings of mine with clients that are over and have no result yet',
        reply: AskedList,
        can: meetingPolicy.list,
        async handle({ actor }) {
          const now = deps.now();
          const owners = mine(actor);
          const held = (await heldBetween(deps.db, { users: owners, resources: [] }, now - ASKED_MS, now)).filter(({ meeting, occurrence }) => meeting.clientId !== null && owners.includes(meeting.ownerId) && occurrence.to <= now); // prettier-ignore
          const told = new Set((await resultsOf(deps.db, [...new Set(held.map(({ meeting }) => meeting.id))])).map(({ meetingId, occurrence }) => `${meetingId} ${occurrence}`)); // prettier-ignore
          const open = held.filter(({ meeting, occurrence }) => !told.has(`${meeting.id} ${occurrence.at}`)).sort((a, b) => b.occurrence.from - a.occurrence.from).slice(0, 50); // prettier-ignore
          const clients = await deps.readableClients(actor, [...new Set(open.map(({ meeting }) => meeting.clientId!))]);
          return { items: open.map(({ meeting, occurrence: { at, from, to } }) => ({ meetingId: meeting.id, occurrence: at, from, to, title: meeting.title, client: clients.get(meeting.clientId!) ?? null })) }; // prettier-ignore
        },
      }),
      route({
        method: 'post',
        path: '/meetings/resources',
        summary: 'A room or another thing that meetings need',
        body: ResourceDraft,
        reply: ResourceReply,
        status: 201,
        can: meetingPolicy.resources,
        async handle({ body, actor }) {
          const id = await inTransaction(deps.db, async (trx) => {
            const [made] = (await trx('resources')
              .insert({ ...body, created_at: deps.now() })
              .catch(taken)) as [number];
            await deps.audit(trx, { actorId: actor.id, what: 'resource.created', table: 'resources', rowId: made, details: body });
            return made;
          });
          return resourceReply(id);
        },
      }),
      route({
        method: 'patch',
        path: '/meetings/resources/:id',
        summary: 'Renames a room, or takes it out of use: what is planned in it stays',
        params: IdParam,
        body: ResourceEdit,
        reply: ResourceReply,
        can: meetingPolicy.resources,
        async handle({ params: { id }, body: { archived, ...edit }, actor }) {
          const set = { ...edit, ...(archived !== undefined && { archived_at: archived ? deps.now() : null }) };
          await inTransaction(deps.db, async (trx) => {
            if (!(await trx('resources').where({ id }).first('id'))) throw new AppError('not_found', 'no such resource');
            if (Object.keys(set).length === 0) return;
            await trx('resources').where({ id }).update(set).catch(taken);
            await deps.audit(trx, { actorId: actor.id, what: 'resource.edited', table: 'resources', rowId: id, details: { ...edit, archived } }); // prettier-ignore
          });
          return resourceReply(id);
        },
      }),
      route({
        method: 'get',
        path: '/meetings/:id',
        summary: 'A meeting with all who take part',
        params: IdParam,
        reply: MeetingReply,
        can: meetingPolicy.list,
        handle: async ({ params: { id }, actor }) => reply(actor, await readable(actor, id)),
      }),
      route({
        method: 'patch',
        path: '/meetings/:id',
        summary: 'Changes a meeting: of a series this occurrence, this and all later ones, or all; 409 when somebody else has meanwhile',
        params: IdParam,
        body: MeetingEdit,
        reply: MeetingReply,
        can: meetingPolicy.list,
        handle: async ({ params: { id }, body, actor }) => reply(actor, await changeMeeting(deps, actor, await editable(actor, id), body)),
      }),
      route({
        method: 'post',
        path: '/meetings/:id/cancel',
        summary: 'Cancels a meeting, one occurrence of a series, or this and all later ones',
        params: IdParam,
        body: MeetingCancel,
        reply: MeetingReply,
        can: meetingPolicy.list,
        async handle({ params: { id }, body, actor }) {
          await editable(actor, id);
          return reply(actor, await cancelMeeting(deps, actor, id, body));
        },
      }),
      route({
        method: 'post',
        path: '/meetings/:id/restore',
        summary: 'Takes a cancelled meeting, or a cancelled occurrence, back',
        params: IdParam,
        body: MeetingCancel.pick({ version: true, occurrence: true }),
        reply: MeetingReply,
        can: meetingPolicy.list,
        async handle({ params: { id }, body, actor }) {
          await editable(actor, id);
          return reply(actor, await restoreMeeting(deps, actor, id, body));
        },
      }),
      route({
        method: 'post',
        path: '/meetings/:id/answer',
        summary: 'Accepts an invitation, declines it, or perhaps; the last answer stands',
        params: IdParam,
        body: AnswerDraft,
        reply: MeetingReply,
        can: meetingPolicy.list,
        async handle({ params: { id }, body: { answer }, actor }) {
          const meeting = await readable(actor, id);
          const parts = await partsOf(deps.db, [id]);
          if (!meetingPolicy.answer(actor, parts.flatMap(({ userId }) => userId ?? []), meeting.ownerId)) throw new AppError('forbidden', 'not invited'); // prettier-ignore
          if (meeting.cancelledAt !== null) throw new AppError('conflict', 'the meeting is cancelled', { reason: 'cancelled' });
          await inTransaction(deps.db, async (trx) => {
            await writeAnswer(trx, id, actor.id, answer);
            await deps.audit(trx, { actorId: actor.id, what: 'meeting.answered', table: 'meetings', rowId: id, details: { answer } });
          });
          tell(deps, { id, clientId: null }, parts);
          return reply(actor, meeting);
        },
      }),
      route({
        method: 'put',
        path: '/meetings/:id/result',
        summary: 'What came of a meeting, of an occurrence that has begun',
        params: IdParam,
        body: ResultDraft,
        reply: MeetingReply,
        can: meetingPolicy.list,
        async handle({ params: { id }, body: { occurrence, text }, actor }) {
          const meeting = await editable(actor, id);
          const at = resultFor(meeting, occurrence, deps.now());
          await inTransaction(deps.db, async (trx) => {
            await writeResult(trx, { meetingId: id, occurrence: at, text, userId: actor.id, at: deps.now() });
            await noteResult(deps, trx, meeting);
            await deps.audit(trx, { actorId: actor.id, what: 'meeting.result', table: 'meetings', rowId: id, details: { occurrence: at } });
          });
          tell(deps, meeting, await partsOf(deps.db, [id]));
          return reply(actor, meeting);
        },
      }),
    ],
  };
};
