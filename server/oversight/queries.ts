import type { Knex } from 'knex';
import { RecordKind, SightKind } from './contract.ts';
import type { SightRule } from './contract.ts';

const DEFAULTS: Readonly<Record<SightKind, { factor: number; floor: number }>> = {
  cards: { factor: 3, floor: 100 },
  listed: { factor: 3, floor: 2_000 },
  exported: { factor: 3, floor: 500 },
  heard: { factor: 3, floor: 60 },
};

export const readRules = async (db: Knex): Promise<SightRule[]> => {
  const rows = (await db('sighting_rules').select('kind', 'factor', 'floor')) as SightRule[];
  return SightKind.options.map((kind) => rows.find((row) => row.kind === kind) ?? { kind, ...DEFAULTS[kind] });
};

export const saveRules = async (trx: Knex, rules: readonly SightRule[]): Promise<void> => {
  for (const rule of rules) await trx('sighting_rules').insert(rule).onConflict('kind').merge(['factor', 'floor']);
};

/** Days before this one that say what is usual. */
const USUAL_DAYS = 28;

const daysBefore = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10); // prettier-ignore

/** By "USER KIND": the mean of the days on which there was anything, in the four weeks before. */
export const usualOf = async (db: Knex, userIds: readonly number[], day: string): Promise<Map<string, number>> => {
  const rows = (await db('sightings')
    .whereIn('user_id', [...userIds])
    .where('day', '>=', daysBefore(day, USUAL_DAYS))
    .where('day', '<', day)
    .groupBy('user_id', 'kind')
    .select('user_id', 'kind')
    .avg({ mean: 'n' })) as { user_id: number; kind: string; mean: number }[];
  return new Map(rows.map((row) => [`${row.user_id} ${row.kind}`, Math.round(Number(row.mean))]));
};

export const sightingsOn = async (db: Knex, day: string): Promise<{ userId: number; kind: SightKind; n: number }[]> =>
  (await db('sightings').where({ day }).select('user_id as userId', 'kind', 'n')) as { userId: number; kind: SightKind; n: number }[]; // prettier-ignore

interface AlertRow {
  id: number;
  user_id: number;
  kind: SightKind;
  day: string;
  n: number;
  usual: number;
  most: number;
  at: number;
  seen_by: number | null;
  seen_at: number | null;
}

/** The latest first. `userIds` null: of everybody. */
export const listAlerts = async (db: Knex, userIds: readonly number[] | null, before: number | undefined, limit: number): Promise<AlertRow[]> => {
  const query = db('sighting_alerts').orderBy('id', 'desc').limit(limit);
  if (userIds !== null) void query.whereIn('user_id', [...userIds]);
  if (before !== undefined) void query.where('id', '<', before);
  return (await query) as AlertRow[];
}; // prettier-ignore

export const findAlert = async (db: Knex, id: number): Promise<AlertRow | null> =>
  ((await db('sighting_alerts').where({ id }).first()) as AlertRow | undefined) ?? null;

export const countUnseen = async (db: Knex, userIds: readonly number[] | null): Promise<number> => {
  const query = db('sighting_alerts').whereNull('seen_at');
  if (userIds !== null) void query.whereIn('user_id', [...userIds]);
  return Number(((await query.count({ n: '*' })) as [{ n: number }])[0].n);
};

/** @returns false: somebody has already */
export const seeAlert = async (trx: Knex, id: number, by: number, at: number): Promise<boolean> =>
  (await trx('sighting_alerts').where({ id }).whereNull('seen_at').update({ seen_by: by, seen_at: at })) === 1;

export interface AuditRow {
  id: number;
  at: number;
  actor_id: number | null;
  what: RecordKind;
  row_id: string | null;
  details: string;
}

/** The latest of each sort, each by its own range of the index; then the latest of all. */
export const listRecords = async (db: Knex, userIds: readonly number[] | null, before: number | undefined, limit: number): Promise<AuditRow[]> => {
  const all: AuditRow[] = [];
  for (const what of RecordKind.options) {
    const query = db('audit').where({ what }).orderBy('id', 'desc').limit(limit);
    if (userIds !== null) void query.whereIn('actor_id', [...userIds]);
    if (before !== undefined) void query.where('id', '<', before);
    all.push(...((await query.select('id', 'at', 'actor_id', 'what', 'row_id', 'details')) as AuditRow[]));
  }
  return all.sort((a, b) => b.id - a.id).slice(0, limit);
}; // prettier-ignore
