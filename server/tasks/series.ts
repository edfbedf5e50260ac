import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { wallOf } from '../core/zone.ts';
import type { SeriesEdit, TaskPriority } from './contract.ts';
import { addEvent, itemsOf, watchersOf } from './parts.ts';
import { fromRow } from './queries.ts';
import type { StoredTask, TaskChange, TaskRow } from './queries.ts';
import { endBefore, occurrencesAfter, readRule, restFrom, textOfWall } from './recur.ts';
import type { Series } from './recur.ts';
import { change, create, invalid, tellOf, tellWatchers } from './service.ts';

/** A task is there so long before its time; of those that were missed while nobody worked, the last days' are made. */
const LEAD_MS = 2 * 86_400_000;
const MISSED_MS = 7 * 86_400_000;
const PAGE = 100;

interface Template {
  readonly kind: StoredTask['kind'];
  readonly text: string;
  readonly phone: string;
  readonly priority: TaskPriority;
  readonly estimate: number | null;
  readonly accept: boolean;
  readonly items: readonly string[];
  readonly watchers: readonly number[];
}
interface SeriesRow {
  readonly id: number;
  readonly rule: string;
  readonly time_zone: string;
  readonly start_wall: string;
  readonly exdates: string;
  readonly template: string;
  readonly owner_id: number;
  readonly author_id: number;
  readonly client_id: number | null;
  readonly next_at: number | null;
  readonly created_at: number;
}

const seriesOf = (row: SeriesRow): Series => ({ rule: row.rule, timeZone: row.time_zone, start: row.start_wall, exdates: JSON.parse(row.exdates) as string[] }); // prettier-ignore
const rowOf = async (db: Knex, id: number): Promise<SeriesRow | null> => ((await db('task_series').where({ id }).first()) as SeriesRow | undefined) ?? null; // prettier-ignore

/** For the page of a task. */
export const seriesCard = async (db: Knex, id: number | null, now: number) => {
  const row = id === null ? null : await rowOf(db, id);
  if (!row) return null;
  return { id: row.id, rule: row.rule, timeZone: row.time_zone, next: row.next_at === null ? [] : occurrencesAfter(seriesOf(row), Math.max(now, Number(row.next_at) - 1), 3) }; // prettier-ignore
};

const readableRule = (rule: string): string => {
  const read = readRule(rule);
  if (!read) throw invalid('body.rule', 'not_a_rule');
  return read;
};

const templateOf = async (db: Knex, task: StoredTask): Promise<Template> => ({
  kind: task.kind,
  text: task.text,
  phone: task.phone,
  priority: task.priority,
  estimate: task.estimate,
  accept: task.accept,
  items: (await itemsOf(db, task.id)).map(({ text }) => text),
  watchers: await watchersOf(db, task.id),
});

/** Makes an open task the first of a series, in its owner's time zone. @throws AppError invalid, conflict */
export const beginSeries = async (deps: Deps, actor: Actor, task: StoredTask, rule: string): Promise<StoredTask> => {
  if (task.seriesId !== null || task.doneAt !== null || task.parentId !== null) throw new AppError('conflict', 'it cannot be repeated', { reason: 'no_series' }); // prettier-ignore
  const timeZone = await deps.directory.timeZoneOf(task.ownerId);
  const series: Series = { rule: readableRule(rule), timeZone, start: textOfWall(wallOf(task.dueAt, timeZone)), exdates: [] };
  const [next] = occurrencesAfter(series, task.dueAt, 1);
  const template = await templateOf(deps.db, task);
  const after = await inTransaction(deps.db, async (trx) => {
    const [id] = (await trx('task_series').insert({ rule: series.rule, time_zone: timeZone, start_wall: series.start, exdates: '[]', template: JSON.stringify(template), owner_id: task.ownerId, author_id: task.authorId, client_id: task.clientId, next_at: next ?? null, created_at: deps.now() })) as [number]; // prettier-ignore
    return change(deps, trx, actor.id, task, { seriesId: id, occurrenceAt: task.dueAt }, 'task.repeated', { kind: 'series', data: { note: series.rule } }); // prettier-ignore
  });
  tellOf(deps, after, task);
  return after;
};

/** Those of the series that are not done, from this occurrence on. */
const openOnes = async (trx: Knex, id: number, from: number): Promise<StoredTask[]> =>
  ((await trx('tasks').where({ series_id: id }).whereNull('done_at').where('occurrence_at', '>=', from).orderBy('occurrence_at')) as TaskRow[]).map(fromRow); // prettier-ignore

/** This and the following, or all. What is done stays as it was. @throws AppError invalid, conflict */
export const editSeries = async (deps: Deps, actor: Actor, task: StoredTask, { scope, version, rule, ...edit }: SeriesEdit): Promise<StoredTask> => {
  const row = task.seriesId === null ? null : await rowOf(deps.db, task.seriesId);
  if (!row || task.occurrenceAt === null) throw new AppError('conflict', 'it is of no series', { reason: 'no_series' });
  if (task.version !== version) throw new AppError('conflict', 'the task was changed meanwhile', { version: task.version });
  const [old, now, split] = [seriesOf(row), deps.now(), task.occurrenceAt];
  const wanted = rule === undefined ? null : readableRule(rule);
  const template = { ...(JSON.parse(row.template) as Template), ...(edit.text !== undefined && { text: edit.text }), ...(edit.priority !== undefined && { priority: edit.priority }), ...(edit.estimate !== undefined && { estimate: edit.estimate }) }; // prettier-ignore
  const ownerId = edit.ownerId ?? row.owner_id;
  const changed: [StoredTask, StoredTask][] = [];
  await inTransaction(deps.db, async (trx) => {
    await trx('task_series').where({ id: row.id }).forUpdate().first('id');
    const following = scope === 'following';
    const start = following ? textOfWall(wallOf(split, old.timeZone)) : old.start;
    const series: Series = { ...old, start, rule: wanted ?? (following ? restFrom(old, split) : old.rule) };
    const open = await openOnes(trx, row.id, following ? split : 0);
    const fits = (at: number) => occurrencesAfter(series, at - 1, 1)[0] === at;
    const stay = open.filter((one) => one.id === task.id || wanted === null || one.occurrenceAt! <= now || fits(one.occurrenceAt!));
    const last = Math.max(now, ...stay.map((one) => one.occurrenceAt!));
    // What was made already ends where the old rule would have made the next.
    const from = wanted === null && row.next_at !== null ? Number(row.next_at) - 1 : last;
    const columns = { rule: series.rule, start_wall: start, template: JSON.stringify(template), owner_id: ownerId, next_at: row.next_at === null && wanted === null ? null : (occurrencesAfter(series, from, 1)[0] ?? null) }; // prettier-ignore
    let id = row.id;
    if (following) {
      await trx('task_series').where({ id }).update({ rule: endBefore(old.rule, split), next_at: null });
      [id] = (await trx('task_series').insert({ ...columns, time_zone: old.timeZone, exdates: row.exdates, author_id: row.author_id, client_id: row.client_id, created_at: now })) as [number]; // prettier-ignore
    } else await trx('task_series').where({ id }).update(columns);
    for (const one of open) {
      const kept = stay.includes(one);
      const next: TaskChange = kept ? { ...edit, seriesId: id } : { doneAt: now, doneNote: series.rule, cancelled: true };
      changed.push([one, await change(deps, trx, actor.id, one, next, 'task.repeated', { kind: 'series', data: { note: series.rule, text: template.text } })]); // prettier-ignore
    }
  });
  for (const [before, after] of changed) tellOf(deps, after, before);
  await tellWatchers(deps, task.id);
  return changed.find(([{ id }]) => id === task.id)?.[1] ?? task;
}; // prettier-ignore

/** An exception: this one is not to be done, the others are. */
export const skipOne = async (deps: Deps, actor: Actor, task: StoredTask, note: string): Promise<StoredTask> => {
  const row = task.seriesId === null ? null : await rowOf(deps.db, task.seriesId);
  if (!row || task.occurrenceAt === null || task.doneAt !== null) throw new AppError('conflict', 'nothing to leave out', { reason: 'no_series' }); // prettier-ignore
  const wall = textOfWall(wallOf(task.occurrenceAt, row.time_zone));
  const after = await inTransaction(deps.db, async (trx) => {
    await trx('task_series').where({ id: row.id }).forUpdate().first('id');
    const { exdates } = (await rowOf(trx, row.id))!;
    await trx('task_series').where({ id: row.id }).update({ exdates: JSON.stringify([...new Set([...(JSON.parse(exdates) as string[]), wall])]) }); // prettier-ignore
    return change(deps, trx, actor.id, task, { doneAt: deps.now(), doneNote: note, cancelled: true }, 'task.skipped', { kind: 'cancelled', data: { note } }); // prettier-ignore
  });
  tellOf(deps, after, task);
  return after;
};

/** No more of them; those that are there stay to be done. */
export const endSeries = async (deps: Deps, actor: Actor, task: StoredTask): Promise<void> => {
  if (task.seriesId === null) throw new AppError('conflict', 'it is of no series', { reason: 'no_series' });
  await inTransaction(deps.db, async (trx) => {
    await trx('task_series').where({ id: task.seriesId! }).update({ next_at: null });
    await addEvent(trx, task.id, { by: actor.id, kind: 'series', at: deps.now() });
    await deps.audit(trx, { actorId: actor.id, what: 'task.series-ended', table: 'tasks', rowId: task.id });
  });
};

/** One occurrence, once, whichever process makes it: the series says which is next, and moves on with it. */
const makeNext = (deps: Deps, id: number): Promise<StoredTask | null> =>
  inTransaction(deps.db, async (trx) => {
    const row = (await trx('task_series').where({ id }).forUpdate().first()) as SeriesRow | undefined;
    if (!row || row.next_at === null || Number(row.next_at) > deps.now() + LEAD_MS) return null;
    const at = Math.max(Number(row.next_at), occurrencesAfter(seriesOf(row), deps.now() - MISSED_MS, 1)[0] ?? 0);
    await trx('task_series').where({ id }).update({ next_at: occurrencesAfter(seriesOf(row), at, 1)[0] ?? null }); // prettier-ignore
    if (await trx('tasks').where({ series_id: id, occurrence_at: at }).first('id')) return null;
    const { items, watchers, ...template } = JSON.parse(row.template) as Template;
    // Whoever has taken over the last of them has the next one too.
    const last = (await trx('tasks').where({ series_id: id }).orderBy('occurrence_at', 'desc').first('owner_id')) as { owner_id: number } | undefined; // prettier-ignore
    return create(deps, trx, { ...template, dueAt: at, ownerId: last?.owner_id ?? row.owner_id, authorId: row.author_id, clientId: row.client_id, callRef: null, createdAt: deps.now(), seriesId: id, occurrenceAt: at }, { items, watchers }); // prettier-ignore
  });

/** Makes what is to be there by now. @returns how many */
export const makeOccurrences = async (deps: Deps): Promise<number> => {
  const due = () => deps.db('task_series').where('next_at', '<=', deps.now() + LEAD_MS);
  const ids = (await due().orderBy(['next_at', 'id']).limit(PAGE).pluck('id')) as number[];
  let made = 0;
  for (const id of ids) {
    const task = await makeNext(deps, id);
    if (task) tellOf(deps, task);
    if (task) made++;
  }
  return made;
};
