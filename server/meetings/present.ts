import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { mine } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import type { Meeting, Slot } from './contract.ts';
import { meetingPolicy } from './policy.ts';
import type { Person } from './policy.ts';
import { listResources, partsOf, resultsOf } from './queries.ts';
import type { Part, StoredMeeting } from './queries.ts';
import type { Held } from './spans.ts';

export const personsOf = async (deps: Pick<Deps, 'directory'>): Promise<Map<number, Person>> =>
  new Map((await deps.directory.staff()).map((person) => [person.id, person]));

const userIdsOf = (parts: readonly Part[]): number[] => parts.flatMap(({ userId }) => userId ?? []);
const taking = (persons: ReadonlyMap<number, Person>, meeting: StoredMeeting, parts: readonly Part[]): Person[] =>
  [meeting.ownerId, ...userIdsOf(parts)].flatMap((id) => persons.get(id) ?? []);

export const mayRead = (actor: Actor, persons: ReadonlyMap<number, Person>, meeting: StoredMeeting, parts: readonly Part[]): boolean =>
  meetingPolicy.read(actor, taking(persons, meeting, parts)) || meetingPolicy.edit(actor, persons.get(meeting.ownerId));

/** Whole, with the names behind the ids; of clients whom the actor may not see there is none, nor their address. */
export const present = async (deps: Deps, actor: Actor, meetings: readonly StoredMeeting[]): Promise<Meeting[]> => {
  const ids = meetings.map(({ id }) => id);
  const [parts, results, resources, persons] = [await partsOf(deps.db, ids), await resultsOf(deps.db, ids), await listResources(deps.db), await personsOf(deps)]; // prettier-ignore
  const users = await deps.directory.briefs([...new Set([...meetings.map(({ ownerId }) => ownerId), ...userIdsOf(parts), ...results.map(({ userId }) => userId)])]); // prettier-ignore
  const clients = await deps.clientsSeen(actor, [...new Set([...meetings.flatMap(({ clientId }) => clientId ?? []), ...parts.flatMap(({ clientId }) => clientId ?? [])])]); // prettier-ignore
  return meetings.map(({ ownerId, clientId, last: _, createdAt: __, ...meeting }) => {
    const own = parts.filter(({ meetingId }) => meetingId === meeting.id);
    return {
      ...meeting,
      occurrence: meeting.occurrence || null,
      except: [...meeting.except],
      owner: users.get(ownerId) ?? null,
      client: clients.get(clientId ?? 0) ?? null,
      people: own.flatMap(({ userId, answer }) => (userId === null ? [] : [{ user: users.get(userId) ?? null, answer }])),
      contacts: own.flatMap((part) =>
        part.email !== null && (part.clientId === null || clients.has(part.clientId)) ? [{ email: part.email, clientId: part.clientId }] : [],
      ),
      resources: own.flatMap((part) => resources.filter(({ id }) => id === part.resourceId).map(({ archivedAt: _, ...resource }) => resource)),
      results: results
        .filter(({ meetingId }) => meetingId === meeting.id)
        .map(({ occurrence, text, at, userId }) => ({ occurrence, text, at: Number(at), user: users.get(userId) ?? null })),
      can: {
        edit: meetingPolicy.edit(actor, persons.get(ownerId)),
        answer: meeting.cancelledAt === null && meetingPolicy.answer(actor, userIdsOf(own), ownerId),
      },
    };
  }); // prettier-ignore
};

/** More than a screen can show: the days are too many for so many people. */
const MOST_SLOTS = 20_000;

/** The squares of calendars: of whom the actor may not read only that they are busy. */
export const slotsOf = async (deps: Deps, actor: Actor, held: readonly Held[]): Promise<Slot[]> => {
  if (held.length > MOST_SLOTS) throw new AppError('invalid', 'too many', { issues: [{ path: 'query.to', code: 'too_many' }] });
  const persons = await personsOf(deps);
  const ofOne = new Map<number, { read: boolean; edit: boolean }>();
  for (const { meeting, parts } of held)
    if (!ofOne.has(meeting.id))
      ofOne.set(meeting.id, {
        read: mayRead(actor, persons, meeting, parts),
        edit: meetingPolicy.edit(actor, persons.get(meeting.ownerId)),
      });
  // The asker takes part, though somebody else's calendar was asked for.
  const unread = [...ofOne].filter(([, { read }]) => !read).map(([id]) => id);
  const mineToo = unread.length === 0 ? [] : await deps.db('meeting_people').whereIn('meeting_id', unread).whereIn('user_id', mine(actor)).pluck('meeting_id'); // prettier-ignore
  for (const id of mineToo as number[]) ofOne.get(id)!.read = true;
  const clients = await deps.readableClients(actor, [...new Set(held.flatMap(({ meeting: { id, clientId } }) => (clientId !== null && ofOne.get(id)!.read ? [clientId] : [])))]); // prettier-ignore
  const slots: Slot[] = [];
  for (const { meeting, occurrence, parts } of held) {
    const { read, edit } = ofOne.get(meeting.id)!;
    const users = parts.flatMap(({ userId, answer }) => (userId === null || (!read && answer === 'declined') ? [] : [{ id: userId, answer: read ? answer : ('accepted' as const) }])); // prettier-ignore
    const resourceIds = parts.flatMap(({ resourceId }) => resourceId ?? []);
    if (users.length + resourceIds.length === 0) continue;
    slots.push({
      meetingId: read ? meeting.id : null,
      version: read ? meeting.version : null,
      occurrence: read && meeting.rule !== null ? occurrence.at : null,
      from: occurrence.from,
      to: occurrence.to,
      allDay: meeting.allDay,
      busy: !read,
      title: read ? meeting.title : '',
      kind: read ? meeting.kind : null,
      place: read ? meeting.place : '',
      client: read ? (clients.get(meeting.clientId ?? 0) ?? null) : null,
      users,
      resourceIds,
      can: { edit: read && edit },
    });
  }
  return slots.sort((a, b) => a.from - b.from || a.to - b.to);
};
