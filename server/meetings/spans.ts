import type { Knex } from 'knex';
import { findMeetings, overridesOf, partsBetween } from './queries.ts';
import type { Part, StoredMeeting } from './queries.ts';
import { expand } from './recurrence.ts';
import type { Occurrence } from './recurrence.ts';

/** One occurrence of a meeting, and who of those that were asked for has a part in it. */
export interface Held {
  readonly meeting: StoredMeeting;
  readonly occurrence: Occurrence;
  readonly parts: readonly Part[];
}

/** What these people and resources have in [from, to). */
export const heldBetween = async (
  db: Knex,
  of: { users: readonly number[]; resources: readonly number[] },
  from: number,
  to: number,
): Promise<Held[]> => {
  const byMeeting = new Map<number, Part[]>();
  for (const [whose, ids] of [
    ['user_id', of.users],
    ['resource_id', of.resources],
  ] as const)
    // prettier-ignore
    for (const part of await partsBetween(db, whose, ids, from, to))
      byMeeting.set(part.meetingId, [...(byMeeting.get(part.meetingId) ?? []), part]);
  const meetings = await findMeetings(db, [...byMeeting.keys()]);
  const overridden = new Map<number, Set<string>>();
  for (const { seriesId, occurrence } of await overridesOf(
    db,
    meetings.filter(({ rule }) => rule !== null).map(({ id }) => id),
  ))
    // prettier-ignore
    overridden.set(seriesId!, (overridden.get(seriesId!) ?? new Set()).add(occurrence));
  return meetings.flatMap((meeting) =>
    expand(meeting, from, to)
      .filter(({ at }) => meeting.rule === null || !overridden.get(meeting.id)?.has(at))
      .map((occurrence) => ({ meeting, occurrence, parts: byMeeting.get(meeting.id)! })),
  );
};

/** When these people are in meetings that they have not declined. */
export const busyBetween = async (db: Knex, userIds: readonly number[], from: number, to: number): Promise<Map<number, { from: number; to: number }[]>> => {
  const busy = new Map<number, { from: number; to: number }[]>();
  for (const { occurrence, parts } of await heldBetween(db, { users: userIds, resources: [] }, from, to))
    for (const { userId, answer } of parts)
      if (userId !== null && answer !== 'declined') busy.set(userId, [...(busy.get(userId) ?? []), { from: occurrence.from, to: occurrence.to }]);
  return busy;
}; // prettier-ignore
