import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import type { MeetingCancel, MeetingDraft, MeetingEdit } from './contract.ts';
import { inviteByMail } from './letters.ts';
import { meetingPolicy } from './policy.ts';
import {
  findMeeting,
  insertMeeting,
  insertParts,
  lockResources,
  overridesOf,
  partsOf,
  replaceParts,
  resultsOf,
  updateMeeting,
} from './queries.ts';
import type { NewMeeting, Part, StoredMeeting } from './queries.ts';
import { expand, isOccurrence, momentOfText, movedRule, readRule, ruleBefore, ruleFrom, wallMs, wallText } from './recurrence.ts';
import { heldBetween } from './spans.ts';

const invalid = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path, code }] });
const DAY = 86_400_000;
/** Beyond it nobody is asked whether a room is free: a series without an end would ask for ever. */
const ROOM_DAYS = 366;

type Kept = Omit<Part, 'meetingId'>;
const nobody = { userId: null, resourceId: null, clientId: null, email: null } as const;
type Who = Pick<MeetingDraft, 'userIds' | 'contacts' | 'resourceIds'>;

const partsFor = (ownerId: number, { userIds, contacts, resourceIds }: Who): Kept[] => [
  { ...nobody, userId: ownerId, answer: 'accepted' },
  ...[...new Set(userIds)].filter((id) => id !== ownerId).map((userId) => ({ ...nobody, userId, answer: 'asked' as const })),
  ...[...new Map(contacts.map((one) => [one.email.toLowerCase(), one])).values()].map(({ email, clientId }) => ({
    ...nobody,
    email: email.toLowerCase(),
    clientId,
    answer: 'asked' as const,
  })),
  ...[...new Set(resourceIds)].map((resourceId) => ({ ...nobody, resourceId, answer: 'accepted' as const })),
];

const whoOf = (parts: readonly Kept[], ownerId: number): Who => ({
  userIds: parts.flatMap(({ userId }) => (userId !== null && userId !== ownerId ? [userId] : [])),
  contacts: parts.flatMap(({ email, clientId }) => (email === null ? [] : [{ email, clientId }])),
  resourceIds: parts.flatMap(({ resourceId }) => resourceId ?? []),
});

/** What the actor may name, of what there is. `had`: what stood there before is not asked for again. */
const checkNamed = async (deps: Deps, actor: Actor, wanted: Partial<Who & { clientId: number | null }>, had: Who & { clientId: number | null }) => {
  const staff = new Set((await deps.directory.staff()).map(({ id }) => id));
  if (wanted.userIds?.some((id) => !staff.has(id) && !had.userIds.includes(id))) throw invalid('body.userIds', 'unknown_user');
  const known = new Set([had.clientId, ...had.contacts.map(({ clientId }) => clientId)]);
  for (const clientId of [wanted.clientId ?? null, ...(wanted.contacts ?? []).map((one) => one.clientId)])
    if (clientId !== null && !known.has(clientId) && !(await deps.mayReadClient(actor, clientId)) && !(await deps.callGrants(actor, clientId)))
      throw invalid('body.clientId', 'unknown_client');
}; // prettier-ignore

/** Whole: its rule read, its days whole. */
const checked = <T extends NewMeeting>(meeting: T): T => {
  if (meeting.allDay && (!meeting.start.endsWith('T00:00') || meeting.minutes % 1_440 !== 0)) throw invalid('body.allDay', 'whole_days');
  if (meeting.rule === null) return { ...meeting, last: null, except: [] };
  const read = readRule(meeting.rule, meeting.start, meeting.timeZone);
  if ('fault' in read) throw invalid('body.rule', read.fault);
  return { ...meeting, ...read };
};

/** In the transaction that has written the meeting. @throws AppError conflict: somebody has the room */
const checkResources = async (deps: Pick<Deps, 'now'>, trx: Knex, meeting: StoredMeeting, parts: readonly Kept[]): Promise<void> => {
  const ids = parts.flatMap(({ resourceId }) => resourceId ?? []);
  if (ids.length === 0) return;
  const there = await lockResources(trx, ids);
  if (there.length < ids.length) throw invalid('body.resourceIds', 'unknown_resource');
  const from = Math.max(meeting.startsAt, deps.now());
  const changed = new Set((await overridesOf(trx, [meeting.id])).map(({ occurrence }) => occurrence));
  const own = expand(meeting, from, from + ROOM_DAYS * DAY).filter(({ at }) => !changed.has(at));
  if (own.length === 0) return;
  const held = await heldBetween(trx, { users: [], resources: ids }, own[0]!.from, Math.max(...own.map(({ to }) => to)));
  for (const { meeting: other, occurrence, parts: theirs } of held) {
    if (other.id === meeting.id) continue;
    const clash = own.find(({ from, to }) => from < occurrence.to && to > occurrence.from);
    if (!clash) continue;
    const { resourceId } = theirs.find((part) => part.resourceId !== null)!;
    throw new AppError('conflict', 'the resource is taken', { reason: 'resource_taken', resourceId, from: occurrence.from, to: occurrence.to });
  }
}; // prettier-ignore

/** The meeting in its client's history, as it now is. */
const fileOnTimeline = async (deps: Deps, trx: Knex, meeting: StoredMeeting): Promise<void> => {
  const ref = String(meeting.id);
  await deps.moveTimeline(trx, 'meeting', ref, meeting.clientId);
  if (meeting.clientId === null) return;
  const last = (await resultsOf(trx, [meeting.id])).at(-1);
  const { kind, title, startsAt, cancelledAt, rule } = meeting;
  const data = { kind, text: title, startsAt, cancelled: cancelledAt !== null, repeats: rule !== null, note: last?.text ?? '' };
  await deps.addTimeline(trx, { clientId: meeting.clientId, at: startsAt, kind: 'meeting', ref, userId: meeting.ownerId, data });
};
export const noteResult = fileOnTimeline;

/** After the write has committed, to whoever takes part or did. */
export const tell = (deps: Deps, meeting: Pick<StoredMeeting, 'id' | 'clientId'>, parts: readonly Kept[]): void => {
  deps.pushDue([...new Set(parts.flatMap(({ userId }) => userId ?? []))], { topic: 'meetings', id: meeting.id });
  if (meeting.clientId !== null) deps.bus.emit('client.changed', { id: meeting.clientId, history: true });
};

/** @returns shows it, once that has committed */
const invite = (deps: Pick<Deps, 'notify'>, trx: Knex, { id, version, title }: StoredMeeting, userIds: readonly number[]): Promise<() => void> =>
  deps.notify(trx, userIds, { kind: 'invitation', effect: `meeting:${id}:${version}:asked`, about: { kind: 'meeting', ref: id }, params: { text: title } }); // prettier-ignore

/** @throws AppError invalid, forbidden */
const checkOwner = async (deps: Deps, actor: Actor, ownerId: number): Promise<void> => {
  const owner = (await deps.directory.staff()).find(({ id }) => id === ownerId);
  if (!owner) throw invalid('body.ownerId', 'unknown_user');
  if (!meetingPolicy.edit(actor, owner)) throw new AppError('forbidden', `${actor.role}: a meeting of somebody else`);
};

export const createMeeting = async (deps: Deps, actor: Actor, { userIds, contacts, resourceIds, ownerId = actor.id, ...draft }: MeetingDraft) => {
  if (ownerId !== actor.id) await checkOwner(deps, actor, ownerId);
  const who = { userIds, contacts, resourceIds };
  await checkNamed(deps, actor, { ...who, clientId: draft.clientId }, { userIds: [], contacts: [], resourceIds: [], clientId: null });
  const parts = partsFor(ownerId, who);
  const wanted = checked({ ...draft, ownerId, uid: `${randomUUID()}@allo`, seriesId: null, occurrence: '', last: null, except: [], createdAt: deps.now() });
  const { made, shown } = await inTransaction(deps.db, async (trx) => {
    const meeting = await insertMeeting(trx, wanted);
    await checkResources(deps, trx, meeting, parts);
    await insertParts(trx, meeting, parts);
    await fileOnTimeline(deps, trx, meeting);
    await inviteByMail(deps, trx, meeting, contacts.map(({ email }) => email)); // prettier-ignore
    await deps.audit(trx, { actorId: actor.id, what: 'meeting.created', table: 'meetings', rowId: meeting.id });
    return { made: meeting, shown: await invite(deps, trx, meeting, userIds.filter((userId) => userId !== ownerId)) }; // prettier-ignore
  });
  shown();
  tell(deps, made, parts);
  return made;
}; // prettier-ignore

/** They belong to no series any more and take no time: its rule has changed under them. */
const detach = async (trx: Knex, overrides: readonly StoredMeeting[], at: number): Promise<void> => {
  for (const one of overrides)
    await updateMeeting(trx, { ...one, uid: `${one.uid}#${one.id}`.slice(-200), seriesId: null, occurrence: '', cancelledAt: one.cancelledAt ?? at });
}; // prettier-ignore

const live = async (trx: Knex, id: number, version: number): Promise<StoredMeeting> => {
  const meeting = await findMeeting(trx, id);
  if (!meeting) throw new AppError('not_found', 'no such meeting');
  if (meeting.version !== version) throw new AppError('conflict', 'the meeting was changed meanwhile', { version: meeting.version });
  if (meeting.cancelledAt !== null) throw new AppError('conflict', 'the meeting is cancelled', { reason: 'cancelled' });
  return meeting;
};

/** Which occurrence is meant, where that matters. */
const named = async (trx: Knex, meeting: StoredMeeting, { scope, occurrence }: Pick<MeetingEdit, 'scope' | 'occurrence'>): Promise<string | null> => {
  if (meeting.rule === null || (scope === 'all' && occurrence === null)) return null;
  const overridden = (await overridesOf(trx, [meeting.id])).some((one) => one.occurrence === occurrence);
  if (occurrence === null || overridden || !isOccurrence(meeting, occurrence)) throw invalid('body.occurrence', 'no_such_occurrence');
  return occurrence;
}; // prettier-ignore

type Fields = Partial<
  Pick<StoredMeeting, 'title' | 'kind' | 'minutes' | 'allDay' | 'timeZone' | 'place' | 'note' | 'clientId' | 'ownerId'>
>;

/** Ends a series before this occurrence; what differed from then on takes no time any more. */
const cut = async (trx: Knex, series: StoredMeeting, at: string, now: number): Promise<StoredMeeting> => {
  await detach(trx, (await overridesOf(trx, [series.id])).filter(({ occurrence }) => occurrence >= at), now); // prettier-ignore
  const except = series.except.filter((one) => one < at);
  return updateMeeting(trx, checked({ ...series, rule: ruleBefore(series, at), except }));
};

const shift = (text: string, ms: number): string => wallText(wallMs(text) + ms);

/** All of it: what was excepted, and what differs, moves with it, unless the rule is another one. */
const changeAll = async (deps: Deps, trx: Knex, before: StoredMeeting, edit: MeetingEdit, fields: Fields, at: string | null): Promise<StoredMeeting> => {
  const moved = edit.start === undefined ? 0 : wallMs(edit.start) - wallMs(at ?? before.start);
  const start = shift(before.start, moved);
  const kept = before.rule === null ? null : movedRule(before.rule, before.start, start);
  const same = edit.rule === undefined || edit.rule === before.rule;
  if (same && before.rule !== null && kept === null) throw invalid('body.start', 'rule_does_not_fit');
  const except = same ? before.except.map((one) => shift(one, moved)) : [];
  const next = checked({ ...before, ...fields, start, rule: same ? kept : edit.rule!, except });
  const overrides = before.rule === null ? [] : await overridesOf(trx, [before.id]);
  if (!same) await detach(trx, overrides, deps.now());
  else if (moved !== 0)
    for (const one of overrides.sort((a, b) => (a.occurrence < b.occurrence === moved > 0 ? 1 : -1)))
      await updateMeeting(trx, { ...one, occurrence: shift(one.occurrence, moved) });
  // seen by an older eye: the row is written over the version that the caller saw
  return updateMeeting(trx, next);
}; // prettier-ignore

export const changeMeeting = async (deps: Deps, actor: Actor, seen: StoredMeeting, edit: MeetingEdit): Promise<StoredMeeting> => {
  const { title, kind, minutes, allDay, timeZone, place, note, clientId } = edit;
  const ownerId = edit.ownerId ?? seen.ownerId;
  if (ownerId !== seen.ownerId) await checkOwner(deps, actor, ownerId);
  const given = { title, kind, minutes, allDay, timeZone, place, note, clientId, ownerId: edit.ownerId };
  const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Fields;
  const hadParts = await partsOf(deps.db, [seen.id]);
  const had = whoOf(hadParts, seen.ownerId);
  await checkNamed(deps, actor, edit, { ...had, clientId: seen.clientId });
  const who: Who = { userIds: edit.userIds ?? had.userIds, contacts: edit.contacts ?? had.contacts, resourceIds: edit.resourceIds ?? had.resourceIds }; // prettier-ignore
  const parts = partsFor(ownerId, who);
  const newTime = edit.start !== undefined || edit.minutes !== undefined || edit.rule !== undefined || edit.timeZone !== undefined;
  const { saved, shown } = await inTransaction(deps.db, async (trx) => {
    const before = await live(trx, seen.id, edit.version);
    const at = await named(trx, before, edit);
    const scope = at === null || (edit.scope === 'following' && at === before.start) ? 'all' : edit.scope;
    let after: StoredMeeting;
    if (scope === 'all') {
      after = await changeAll(deps, trx, before, edit, fields, at);
      await checkResources(deps, trx, after, parts);
      await replaceParts(trx, after, parts, newTime);
    } else {
      const answers = newTime ? parts : parts.map((part) => ({ ...part, answer: hadParts.find(({ userId, email, resourceId }) => userId === part.userId && email === part.email && resourceId === part.resourceId)?.answer ?? part.answer })); // prettier-ignore
      const start = edit.start ?? at!;
      if (scope === 'this') {
        if (edit.rule !== undefined && edit.rule !== null) throw invalid('body.rule', 'one_occurrence');
        await updateMeeting(trx, before);
        after = await insertMeeting(trx, checked({ ...before, ...fields, seriesId: before.id, occurrence: at!, start, rule: null, last: null, except: [], createdAt: deps.now() })); // prettier-ignore
      } else {
        const rest = movedRule(ruleFrom(before, at!), at!, start);
        if (edit.rule === undefined && rest === null) throw invalid('body.start', 'rule_does_not_fit');
        const except = before.except.filter((one) => one > at!).map((one) => shift(one, wallMs(start) - wallMs(at!)));
        await cut(trx, before, at!, deps.now());
        after = await insertMeeting(trx, checked({ ...before, ...fields, uid: `${randomUUID()}@allo`, start, rule: edit.rule === undefined ? rest : edit.rule, except, createdAt: deps.now() })); // prettier-ignore
      }
      await checkResources(deps, trx, after, parts);
      await insertParts(trx, after, answers);
    }
    await fileOnTimeline(deps, trx, after);
    const asked = newTime ? who.contacts : who.contacts.filter(({ email }) => !had.contacts.some((one) => one.email === email));
    await inviteByMail(deps, trx, after, asked.map(({ email }) => email)); // prettier-ignore
    const details = { scope, before: { title: before.title, start: before.start, minutes: before.minutes, rule: before.rule } };
    await deps.audit(trx, { actorId: actor.id, what: 'meeting.edited', table: 'meetings', rowId: before.id, details });
    const news = newTime ? who.userIds : who.userIds.filter((id) => !had.userIds.includes(id));
    const given = ownerId !== seen.ownerId && ownerId !== actor.id ? [ownerId] : [];
    return { saved: after, shown: await invite(deps, trx, after, [...news.filter((userId) => userId !== ownerId), ...given]) }; // prettier-ignore
  });
  shown();
  tell(deps, saved, [...hadParts, ...parts]);
  return saved;
};

export const cancelMeeting = async (deps: Deps, actor: Actor, id: number, ask: MeetingCancel): Promise<StoredMeeting> => {
  const parts = await partsOf(deps.db, [id]);
  const saved = await inTransaction(deps.db, async (trx) => {
    const before = await live(trx, id, ask.version);
    const at = await named(trx, before, ask);
    const scope = at === null || (ask.scope === 'following' && at === before.start) ? 'all' : ask.scope;
    let after: StoredMeeting;
    if (scope === 'this') after = await updateMeeting(trx, { ...before, except: [...before.except, at!].sort() });
    else if (scope === 'following') after = await cut(trx, before, at!, deps.now());
    else {
      const now = deps.now(); // one moment for all: what comes back together is known by it
      after = await updateMeeting(trx, { ...before, cancelledAt: now });
      for (const one of await overridesOf(trx, [id])) if (one.cancelledAt === null) await updateMeeting(trx, { ...one, cancelledAt: now });
    }
    await fileOnTimeline(deps, trx, after);
    await deps.audit(trx, {
      actorId: actor.id,
      what: 'meeting.cancelled',
      table: 'meetings',
      rowId: id,
      details: { scope, occurrence: at },
    });
    return after;
  });
  tell(deps, saved, parts);
  return saved;
};

/** Back as it was: the occurrence that was taken out, or the meeting. */
export const restoreMeeting = async (
  deps: Deps,
  actor: Actor,
  id: number,
  { version, occurrence }: { version: number; occurrence: string | null },
): Promise<StoredMeeting> => {
  const parts = await partsOf(deps.db, [id]);
  const saved = await inTransaction(deps.db, async (trx) => {
    const before = (await findMeeting(trx, id))!;
    if (before.version !== version) throw new AppError('conflict', 'the meeting was changed meanwhile', { version: before.version });
    const except = before.except.filter((one) => one !== occurrence);
    const after = await updateMeeting(trx, { ...before, except, cancelledAt: occurrence === null ? null : before.cancelledAt });
    // those that went with the whole come back with it
    for (const one of occurrence === null ? await overridesOf(trx, [id]) : [])
      if (one.cancelledAt === before.cancelledAt) await updateMeeting(trx, { ...one, cancelledAt: null });
    await checkResources(deps, trx, after, parts);
    await fileOnTimeline(deps, trx, after);
    await deps.audit(trx, { actorId: actor.id, what: 'meeting.restored', table: 'meetings', rowId: id, details: { occurrence } });
    return after;
  });
  tell(deps, saved, parts);
  return saved;
};

/** Which occurrence of it has begun and asks for its result. @throws AppError invalid */
export const resultFor = (meeting: StoredMeeting, occurrence: string | null, now: number): string => {
  const at = meeting.rule === null ? meeting.start : occurrence;
  if (at === null || (meeting.rule !== null && !isOccurrence(meeting, at))) throw invalid('body.occurrence', 'no_such_occurrence');
  if (momentOfText(at, meeting.timeZone) > now) throw invalid('body.occurrence', 'not_yet');
  return at;
};
