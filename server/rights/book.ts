import type { Knex } from 'knex';
import type { Core } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { Role } from '../users/contract.ts';
import { ClientAction, Level } from './contract.ts';
import type { Department } from './contract.ts';
import { DEFAULTS, reachesOf } from './policy.ts';

export type Levels = Record<Role, Record<ClientAction, Level>>;

interface Book {
  readAt: number;
  levels: Levels;
  parents: Map<number, number | null>;
  /** By deputy: for whom, from when until when. */
  deputies: readonly Deputising[];
}

export interface Deputising {
  userId: number;
  deputyId: number;
  startsAt: number;
  endsAt: number;
}

/** ms for which what was read is believed when no `rights.changed` came: the bus may lose it. */
const STALE_MS = 5_000;

export const readLevels = async (db: Knex): Promise<Levels> => {
  const rows = (await db('rights').select('role', 'action', 'level')) as { role: string; action: string; level: string }[];
  // each role its own: those that share an object in DEFAULTS would still share it in a structuredClone
  const levels = Object.fromEntries(Object.entries(DEFAULTS).map(([role, own]) => [role, { ...own }])) as Levels;
  for (const row of rows) levels[Role.parse(row.role)][ClientAction.parse(row.action)] = Level.parse(row.level);
  return levels;
};

export const readDepartments = (db: Knex): Promise<Department[]> =>
  db('departments').select('id', 'name', 'parent_id as parentId').orderBy(['name', 'id']);

/** From rights: which clients a person reaches with what, and for whom they stand in, now. */
export type Reaches = (person: Pick<Actor, 'id' | 'role' | 'departmentId'>) => Promise<Pick<Actor, 'reach' | 'standsInFor'>>;
/** From rights: these people, and who stands in for them now. */
export type WithDeputies = (ids: readonly number[]) => Promise<number[]>;

/**
 * The rights in memory: asked with each request.
 * @param deputies from handover: who stands in for whom, also soon
 */
export const createRights = (
  { db, bus, now }: Pick<Core, 'db' | 'bus' | 'now'>,
  deputies: () => Promise<readonly Deputising[]>,
): { reaches: Reaches; withDeputies: WithDeputies; stop: () => void } => {
  let known: Promise<Book> | null = null;
  let readAt = 0;
  const read = async (): Promise<Book> => {
    const [levels, departments, lent] = [await readLevels(db), await readDepartments(db), await deputies()];
    return { readAt: now(), levels, parents: new Map(departments.map(({ id, parentId }) => [id, parentId])), deputies: lent };
  };
  const book = (): Promise<Book> => {
    if (known && now() - readAt < STALE_MS) return known;
    readAt = now();
    const reading = read();
    known = reading;
    reading.catch(() => {
      if (known === reading) known = null;
    });
    return reading;
  };
  const stop = bus.on('rights.changed', () => {
    known = null;
  });
  const running = async (): Promise<readonly Deputising[]> => {
    const at = now();
    return (await book()).deputies.filter(({ startsAt, endsAt }) => startsAt <= at && at < endsAt);
  };
  return {
    stop,
    async reaches({ id, role, departmentId }) {
      const { levels, parents } = await book();
      const standsInFor = (await running()).flatMap(({ userId, deputyId }) => (deputyId === id ? [userId] : []));
      return { reach: reachesOf(levels[role], { id, departmentId }, parents, standsInFor), standsInFor };
    },
    async withDeputies(ids) {
      const them = (await running()).flatMap(({ userId, deputyId }) => (ids.includes(userId) ? [deputyId] : []));
      return [...new Set([...ids, ...them])];
    },
  };
};
