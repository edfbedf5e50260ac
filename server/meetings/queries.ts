import type { Knex } from 'knex';
import { AppError } from '../core/errors.ts';
import { Answer, MeetingKind } from './contract.ts';
import type { Resource } from './contract.ts';
import { spanAt } from './recurrence.ts';
import type { Series } from './recurrence.ts';

interface Row {
  id: number;
  uid: string;
  series_id: number | null;
  occurrence: string;
  owner_id: number;
  client_id: number | null;
  kind: string;
  title: string;
  place: string;
  note: string;
  time_zone: string;
  start: string;
  minutes: number;
  all_day: number;
  rule: string | null;
  last_start: string | null;
  except: string;
  starts_at: number;
  until_at: number;
  cancelled_at: number | null;
  version: number;
  created_at: number;
}

export interface StoredMeeting extends Series {
  readonly id: number;
  readonly uid: string;
  readonly seriesId: number | null;
  readonly occurrence: string;
  readonly ownerId: number;
  readonly clientId: number | null;
  readonly kind: MeetingKind;
  readonly title: string;
  readonly place: string;
  readonly note: string;
  readonly startsAt: number;
  readonly cancelledAt: number | null;
  readonly version: number;
  readonly createdAt: number;
}
export type NewMeeting = Omit<StoredMeeting, 'id' | 'version' | 'startsAt' | 'cancelledAt'>;

const fromRow = (row: Row): StoredMeeting => ({
  id: row.id,
  uid: row.uid,
  seriesId: row.series_id,
  occurrence: row.occurrence,
  ownerId: row.owner_id,
  clientId: row.client_id,
  kind: MeetingKind.parse(row.kind),
  title: row.title,
  place: row.place,
  note: row.note,
  timeZone: row.time_zone,
  start: row.start,
  minutes: row.minutes,
  allDay: row.all_day === 1,
  rule: row.rule,
  last: row.last_start,
  except: JSON.parse(row.except) as string[],
  startsAt: Number(row.starts_at),
  cancelledAt: row.cancelled_at === null ? null : Number(row.cancelled_at),
  version: row.version,
  createdAt: Number(row.created_at),
});

/** A rule without an end. */
const NEVER = 253_402_300_799_000;
const DAY = 86_400_000;
/** See the contract: no meeting is longer. The clocks may make a month of days some hours longer. */
const LONGEST = 32 * DAY;
const SHORT = 0;
const LONG = 1;
const REPEATS = 2;
const CANCELLED = 9;

const timesOf = (meeting: Series & { cancelledAt: number | null }): { starts_at: number; until_at: number; span: number } => {
  const first = spanAt(meeting, meeting.start);
  const until = meeting.rule === null ? first.to : meeting.last === null ? NEVER : spanAt(meeting, meeting.last).to;
  const span = meeting.cancelledAt !== null ? CANCELLED : meeting.rule !== null ? REPEATS : first.to - first.from > DAY ? LONG : SHORT;
  return { starts_at: first.from, until_at: until, span };
};

const toRow = (m: NewMeeting & { cancelledAt: number | null }): Omit<Row, 'id' | 'version'> => {
  const { starts_at, until_at } = timesOf(m);
  return {
    uid: m.uid,
    series_id: m.seriesId,
    occurrence: m.occurrence,
    owner_id: m.ownerId,
    client_id: m.clientId,
    kind: m.kind,
    title: m.title,
    place: m.place,
    note: m.note,
    time_zone: m.timeZone,
    start: m.start,
    minutes: m.minutes,
    all_day: m.allDay ? 1 : 0,
    rule: m.rule,
    last_start: m.last,
    except: JSON.stringify(m.except),
    starts_at,
    until_at,
    cancelled_at: m.cancelledAt,
    created_at: m.createdAt,
  };
};

export const findMeeting = async (db: Knex, id: number): Promise<StoredMeeting | null> => {
  const row = (await db('meetings').where({ id }).first()) as Row | undefined;
  return row ? fromRow(row) : null;
};
export const findMeetings = async (db: Knex, ids: readonly number[]): Promise<StoredMeeting[]> =>
  ids.length === 0 ? [] : ((await db('meetings').whereIn('id', [...ids])) as Row[]).map(fromRow);

export const insertMeeting = async (trx: Knex, meeting: NewMeeting): Promise<StoredMeeting> => {
  const [id] = (await trx('meetings').insert({ ...toRow({ ...meeting, cancelledAt: null }), version: 1 })) as [number];
  return (await findMeeting(trx, id))!;
};

/**
 * Writes over the version that was seen and no other.
 * @throws AppError conflict with the version that stands there now
 */
export const updateMeeting = async (trx: Knex, meeting: StoredMeeting): Promise<StoredMeeting> => {
  const changed = await trx('meetings')
    .where({ id: meeting.id, version: meeting.version })
    .update({ ...toRow(meeting), version: meeting.version + 1 });
  if (changed === 1) {
    await trx('meeting_people').where('meeting_id', meeting.id).update(timesOf(meeting));
    return { ...meeting, startsAt: timesOf(meeting).starts_at, version: meeting.version + 1 };
  }
  const now = (await trx('meetings').where({ id: meeting.id }).first('version')) as { version: number } | undefined;
  throw new AppError('conflict', 'the meeting was changed meanwhile', { version: now?.version ?? 0 });
};

/** The occurrences of a series that differ, the cancelled ones too. */
export const overridesOf = async (db: Knex, seriesIds: readonly number[]): Promise<StoredMeeting[]> =>
  seriesIds.length === 0 ? [] : ((await db('meetings').whereIn('series_id', [...seriesIds])) as Row[]).map(fromRow);

export interface Part {
  readonly meetingId: number;
  readonly userId: number | null;
  readonly resourceId: number | null;
  readonly clientId: number | null;
  readonly email: string | null;
  readonly answer: Answer;
}
interface PartRow {
  meeting_id: number;
  user_id: number | null;
  resource_id: number | null;
  client_id: number | null;
  email: string | null;
  answer: string;
}
const toPart = (row: PartRow): Part => ({
  meetingId: row.meeting_id,
  userId: row.user_id,
  resourceId: row.resource_id,
  clientId: row.client_id,
  email: row.email,
  answer: Answer.parse(row.answer),
});

export const partsOf = async (db: Knex, meetingIds: readonly number[]): Promise<Part[]> =>
  meetingIds.length === 0 ? [] : ((await db('meeting_people').whereIn('meeting_id', [...meetingIds]).orderBy('id')) as PartRow[]).map(toPart); // prettier-ignore

export const insertParts = async (trx: Knex, meeting: StoredMeeting, parts: readonly Omit<Part, 'meetingId'>[]): Promise<void> => {
  if (parts.length === 0) return;
  await trx('meeting_people').insert(
    parts.map((part) => ({
      meeting_id: meeting.id,
      user_id: part.userId,
      resource_id: part.resourceId,
      client_id: part.clientId,
      email: part.email,
      answer: part.answer,
      ...timesOf(meeting),
    })),
  );
};

const same = (a: Omit<Part, 'meetingId'>, b: Omit<Part, 'meetingId'>): boolean =>
  a.userId === b.userId && a.resourceId === b.resourceId && a.email === b.email;

/** Who stays keeps the answer, unless `ask`: then everybody is asked anew; not the owner, who is there. */
export const replaceParts = async (
  trx: Knex,
  meeting: StoredMeeting,
  wanted: readonly Omit<Part, 'meetingId'>[],
  ask: boolean,
): Promise<void> => {
  const had = await partsOf(trx, [meeting.id]);
  const next = wanted.map((part) => {
    const before = had.find((one) => same(one, part));
    return before && !ask && part.userId !== meeting.ownerId ? { ...part, answer: before.answer } : part;
  });
  await trx('meeting_people').where('meeting_id', meeting.id).delete();
  await insertParts(trx, meeting, next);
};

export const writeAnswer = async (trx: Knex, meetingId: number, userId: number, answer: Answer): Promise<boolean> =>
  (await trx('meeting_people').where({ meeting_id: meetingId, user_id: userId }).update({ answer })) === 1;

/** Who has a part in what may lie in [from, to): three ranges of one index, whatever there is beside. */
export const partsBetween = async (
  db: Knex,
  whose: 'user_id' | 'resource_id',
  ids: readonly number[],
  from: number,
  to: number,
): Promise<Part[]> => {
  if (ids.length === 0) return [];
  const of = (span: number) =>
    db('meeting_people')
      .select('meeting_id', 'user_id', 'resource_id', 'client_id', 'email', 'answer')
      .whereIn(whose, [...ids])
      .where('span', span)
      .where('starts_at', '<', to)
      .where('until_at', '>', from);
  const rows = (await db.unionAll([
    of(SHORT).where('starts_at', '>', from - DAY),
    of(LONG).where('starts_at', '>', from - LONGEST),
    of(REPEATS),
  ])) as PartRow[];
  return rows.map(toPart);
};

/** Asked, not answered, not over. */
export const invitationsOf = async (db: Knex, userId: number, now: number, limit: number): Promise<number[]> =>
  db('meeting_people')
    .where({ user_id: userId, answer: 'asked' })
    .whereIn('span', [SHORT, LONG, REPEATS])
    .where('until_at', '>', now)
    .orderBy(['starts_at', 'meeting_id'])
    .limit(limit)
    .pluck('meeting_id');

interface Result {
  meetingId: number;
  occurrence: string;
  text: string;
  userId: number;
  at: number;
}
export const resultsOf = async (db: Knex, meetingIds: readonly number[]): Promise<Result[]> =>
  meetingIds.length === 0
    ? []
    : db('meeting_results')
        .whereIn('meeting_id', [...meetingIds])
        .orderBy('occurrence')
        .select('meeting_id as meetingId', 'occurrence', 'text', 'user_id as userId', 'at');

export const writeResult = async (trx: Knex, { meetingId, occurrence, text, userId, at }: Result): Promise<void> =>
  void (await trx('meeting_results')
    .insert({ meeting_id: meetingId, occurrence, text, user_id: userId, at })
    .onConflict(['meeting_id', 'occurrence'])
    .merge(['text', 'user_id', 'at']));

export type StoredResource = Resource & { archivedAt: number | null };
export const listResources = async (db: Knex): Promise<StoredResource[]> =>
  db('resources').select('id', 'name', 'kind', 'seats', 'archived_at as archivedAt').orderBy(['name', 'id']);

/** Two who want the same room wait for one another. */
export const lockResources = async (trx: Knex, ids: readonly number[]): Promise<StoredResource[]> =>
  trx('resources').whereIn('id', [...ids]).orderBy('id').forUpdate().select('id', 'name', 'kind', 'seats', 'archived_at as archivedAt'); // prettier-ignore
