import type { Knex } from 'knex';
import { AppError } from '../core/errors.ts';
import { Role } from '../users/contract.ts';
import { Direction, FilterGroup, SegmentSort } from './contract.ts';

interface Row {
  id: number;
  name: string;
  owner_id: number;
  shared_roles: string;
  filter: string;
  columns: string;
  sort: string;
  direction: string;
  version: number;
}

export interface StoredSegment {
  id: number;
  name: string;
  ownerId: number;
  sharedRoles: Role[];
  filter: FilterGroup;
  columns: string[];
  sort: SegmentSort;
  direction: Direction;
  version: number;
}

const fromRow = (row: Row): StoredSegment => ({
  id: row.id,
  name: row.name,
  ownerId: row.owner_id,
  sharedRoles: Role.array().parse(JSON.parse(row.shared_roles)),
  filter: FilterGroup.parse(JSON.parse(row.filter)),
  columns: JSON.parse(row.columns) as string[],
  sort: SegmentSort.parse(row.sort),
  direction: Direction.parse(row.direction),
  version: row.version,
});

type Written = Omit<StoredSegment, 'id' | 'ownerId' | 'version'>;
const toRow = (segment: Partial<Written>) => ({
  ...(segment.name === undefined ? {} : { name: segment.name }),
  ...(segment.sharedRoles === undefined ? {} : { shared_roles: JSON.stringify([...new Set(segment.sharedRoles)]) }),
  ...(segment.filter === undefined ? {} : { filter: JSON.stringify(segment.filter) }),
  ...(segment.columns === undefined ? {} : { columns: JSON.stringify([...new Set(segment.columns)]) }),
  ...(segment.sort === undefined ? {} : { sort: segment.sort }),
  ...(segment.direction === undefined ? {} : { direction: segment.direction }),
});

export const findSegment = async (db: Knex, id: number): Promise<StoredSegment | null> => {
  const row = (await db('segments').where({ id }).whereNull('archived_at').first()) as Row | undefined;
  return row ? fromRow(row) : null;
};

/** All that are in use; whoever asks sorts out what they may see. */
export const listSegments = async (db: Knex): Promise<StoredSegment[]> =>
  ((await db('segments').whereNull('archived_at').orderBy(['name', 'id'])) as Row[]).map(fromRow);

export const insertSegment = async (db: Knex, ownerId: number, segment: Written, now: number): Promise<number> => {
  const [id] = (await db('segments').insert({ ...toRow(segment), owner_id: ownerId, version: 1, created_at: now, updated_at: now })) as [number]; // prettier-ignore
  return id;
};

/** @throws AppError conflict when it was changed meanwhile */
export const updateSegment = async (db: Knex, id: number, version: number, change: Partial<Written> & { archivedAt?: number }, now: number): Promise<void> => {
  const set = { ...toRow(change), ...(change.archivedAt === undefined ? {} : { archived_at: change.archivedAt }) };
  const changed = await db('segments').where({ id, version }).update({ ...set, version: version + 1, updated_at: now });
  if (changed !== 1) throw new AppError('conflict', 'the filter was changed meanwhile', { reason: 'version' });
}; // prettier-ignore

export const defaultSegment = async (db: Knex, userId: number): Promise<number | null> =>
  ((await db('segment_defaults').where({ user_id: userId }).first('segment_id')) as { segment_id: number } | undefined)?.segment_id ?? null;

export const setDefault = async (db: Knex, userId: number, id: number | null): Promise<void> => {
  if (id === null) await db('segment_defaults').where({ user_id: userId }).delete();
  else await db('segment_defaults').insert({ user_id: userId, segment_id: id }).onConflict('user_id').merge(['segment_id']);
};
