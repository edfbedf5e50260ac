import type { Knex } from 'knex';
import type { Colleague, Role, User, UserBrief } from './contract.ts';

interface Row {
  id: number;
  login: string;
  name: string;
  role: Role;
  department_id: number | null;
  language: User['language'];
  theme: User['theme'];
  time_zone: string;
  left_at: number | null;
  pbx: string | null;
  extension: string | null;
}

const fromRow = (r: Row): User => ({
  id: r.id,
  name: r.name,
  role: r.role,
  login: r.login,
  departmentId: r.department_id,
  language: r.language,
  theme: r.theme,
  timeZone: r.time_zone,
  leftAt: r.left_at,
  extension: r.pbx !== null && r.extension !== null ? { pbx: r.pbx, extension: r.extension } : null,
});

const COLUMNS = ['id', 'login', 'name', 'role', 'department_id', 'language', 'theme', 'time_zone', 'left_at'].map((c) => `users.${c}`);

const withExtension = (db: Knex) =>
  db('users')
    .leftJoin('extensions', 'extensions.user_id', 'users.id')
    .select<Row[]>([...COLUMNS, 'extensions.pbx', 'extensions.extension']);

export const findUser = async (db: Knex, id: number): Promise<User | null> => {
  const [row] = await withExtension(db).where('users.id', id);
  return row ? fromRow(row) : null;
};

export const findUserByLogin = async (db: Knex, login: string): Promise<User | null> => {
  const [row] = await withExtension(db).where('users.login', login.toLowerCase());
  return row ? fromRow(row) : null;
};

/** In the order of their ids. */
export const listUsers = async (db: Knex, { after, limit }: { after: number; limit: number }): Promise<User[]> =>
  (await withExtension(db).where('users.id', '>', after).orderBy('users.id').limit(limit)).map(fromRow);

export interface NewUser {
  login: string;
  name: string;
  role: Role;
  departmentId: number | null;
  language: User['language'];
  timeZone: string;
  passwordHash: string | null;
}

/** @throws DatabaseError isDuplicate: the login is taken */
export const insertUser = async (db: Knex, user: NewUser, now: number): Promise<number> => {
  const [id] = (await db('users').insert({
    login: user.login,
    name: user.name,
    role: user.role,
    department_id: user.departmentId,
    password_hash: user.passwordHash,
    language: user.language,
    time_zone: user.timeZone,
    created_at: now,
  })) as number[];
  return id!;
};

export interface UserChanges {
  login?: string;
  name?: string;
  role?: Role;
  departmentId?: number | null;
  language?: User['language'];
  theme?: User['theme'];
  timeZone?: string;
  passwordHash?: string;
  leftAt?: number | null;
}

export const updateUser = async (db: Knex, id: number, changes: UserChanges): Promise<void> => {
  const columns = {
    login: changes.login,
    name: changes.name,
    role: changes.role,
    department_id: changes.departmentId,
    language: changes.language,
    theme: changes.theme,
    time_zone: changes.timeZone,
    password_hash: changes.passwordHash,
    left_at: changes.leftAt,
  };
  const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length > 0) await db('users').where({ id }).update(given);
};

export const passwordHashOf = async (db: Knex, id: number): Promise<string | null> =>
  ((await db('users').where({ id }).first('password_hash')) as { password_hash: string | null } | undefined)?.password_hash ?? null;

/** Locked until the transaction ends, so that two administrators cannot remove one another. */
export const activeAdministrators = (db: Knex): Promise<number[]> =>
  db('users').where({ role: 'administrator', left_at: null }).forUpdate().pluck('id');

export const departmentExists = async (db: Knex, id: number): Promise<boolean> =>
  Boolean(await db('departments').where({ id }).first('id'));

export const departmentNames = (db: Knex): Promise<{ id: number; name: string }[]> =>
  db('departments').orderBy(['name', 'id']).select('id', 'name');

/** One person, one extension: takes the place of the one before. A missing secret keeps that of the same extension. @throws isDuplicate: taken */
export const setExtension = async (
  db: Knex,
  userId: number,
  next: { pbx: string; extension: string; secretSealed?: string | null } | null,
): Promise<void> => {
  if (!next) return void (await db('extensions').where({ user_id: userId }).delete());
  const { pbx, extension } = next;
  const before = (await db('extensions').where({ user_id: userId }).first()) as Record<string, unknown> | undefined;
  const same = before?.pbx === pbx && before?.extension === extension;
  const sealed = next.secretSealed ?? (same ? before?.secret_sealed : null);
  if (before) await db('extensions').where({ user_id: userId }).update({ pbx, extension, secret_sealed: sealed });
  else await db('extensions').insert({ user_id: userId, pbx, extension, secret_sealed: sealed });
};

export interface DirectoryRow extends UserBrief {
  departmentId: number | null;
  leftAt: number | null;
  pbx: string | null;
  extension: string | null;
}

export const directoryRows = (db: Knex): Promise<DirectoryRow[]> =>
  db('users')
    .leftJoin('extensions', 'extensions.user_id', 'users.id')
    .select(
      'users.id',
      'users.name',
      'users.role',
      'users.department_id as departmentId',
      'users.left_at as leftAt',
      'extensions.pbx',
      'extensions.extension',
    );

export const sealedSipSecret = async (db: Knex, userId: number): Promise<string | null> =>
  ((await db('extensions').where({ user_id: userId }).first('secret_sealed')) as { secret_sealed: string | null } | undefined)
    ?.secret_sealed ?? null;

const MAX_COLLEAGUES = 1_000;

/** Everybody who works here and has a phone at the PBX of this user's own, by name. */
export const listColleagues = (db: Knex, userId: number): Promise<Colleague[]> =>
  db('extensions')
    .join('users', 'users.id', 'extensions.user_id')
    .whereIn('extensions.pbx', db('extensions').where({ user_id: userId }).select('pbx'))
    .whereNot('users.id', userId)
    .whereNull('users.left_at')
    .orderBy(['users.name', 'users.id'])
    .limit(MAX_COLLEAGUES)
    .select<Colleague[]>('users.id', 'users.name', 'users.role', 'extensions.extension');

/** IANA, such as "Europe/Moscow". */
export const timeZoneOf = async (db: Knex, id: number): Promise<string> => {
  const row = await db('users').where({ id }).first<{ time_zone: string } | undefined>('time_zone');
  return row?.time_zone ?? 'UTC';
};
