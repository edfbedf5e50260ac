import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { hashPassword, makePassword } from '../core/passwords.ts';
import type { ExtensionDraft, User, UserDraft, UserEdit } from './contract.ts';
import { activeAdministrators, departmentExists, findUser, insertUser, setExtension, updateUser } from './queries.ts';

export type UserDeps = Pick<Deps, 'db' | 'bus' | 'audit' | 'now' | 'secrets'> & {
  pbxNames: readonly string[];
  /** What other features keep for somebody who leaves, let go in the same transaction. */
  letGo(trx: Knex, userId: number, at: number): Promise<void>;
};

/** Who acts: a person at the screen, or null: the command line. */
export interface By {
  actorId: number | null;
  ip?: string;
}

const invalid = (path: string, message: string) => new AppError('invalid', message, { issues: [{ path: `body.${path}`, code: 'custom' }] });

const checkDepartment = async (db: Knex, id: number | null | undefined) => {
  if (id && !(await departmentExists(db, id))) throw invalid('departmentId', 'no such department');
};

const placeExtension = async (deps: UserDeps, trx: Knex, userId: number, draft: ExtensionDraft | null) => {
  if (draft && !deps.pbxNames.includes(draft.pbx)) throw invalid('extension.pbx', `no PBX "${draft.pbx}" in PBX`);
  const sealed = draft?.secret === undefined ? {} : { secretSealed: deps.secrets.seal(draft.secret) };
  try {
    await setExtension(trx, userId, draft && { pbx: draft.pbx, extension: draft.extension, ...sealed });
  } catch (err) {
    throw isDuplicate(err) ? new AppError('conflict', 'the extension is taken', { field: 'extension' }) : err;
  }
};

const loginTaken = (err: unknown) => (isDuplicate(err) ? new AppError('conflict', 'the login is taken', { field: 'login' }) : err);

/** @returns the user, and the password when it was made here. */
export const createUser = async (deps: UserDeps, draft: UserDraft, by: By): Promise<{ user: User; password: string | null }> => {
  const made = draft.password === undefined ? makePassword() : null;
  const passwordHash = await hashPassword(draft.password ?? made!);
  const user = await inTransaction(deps.db, async (trx) => {
    await checkDepartment(trx, draft.departmentId);
    const id = await insertUser(trx, { ...draft, passwordHash }, deps.now()).catch((err: unknown) => {
      throw loginTaken(err);
    });
    if (draft.extension) await placeExtension(deps, trx, id, draft.extension);
    await deps.audit(trx, { ...by, what: 'user.created', table: 'users', rowId: id, details: { role: draft.role } });
    return (await findUser(trx, id))!;
  });
  deps.bus.emit('user.changed', { id: user.id });
  return { user, password: made };
};

/** @throws AppError `conflict` when nobody would be left to administer, or the login or the extension is taken */
export const editUser = async (deps: UserDeps, id: number, edit: UserEdit, by: By): Promise<User> => {
  const passwordHash = edit.password === undefined ? undefined : await hashPassword(edit.password);
  const user = await inTransaction(deps.db, async (trx) => {
    const administrators = await activeAdministrators(trx);
    const before = await findUser(trx, id);
    if (!before) throw new AppError('not_found', 'no such user');
    await checkDepartment(trx, edit.departmentId);
    const { login, name, role, departmentId, language, timeZone, left } = edit;
    const leftAt = left === undefined ? undefined : left ? (before.leftAt ?? deps.now()) : null;
    await updateUser(trx, id, { login, name, role, departmentId, language, timeZone, passwordHash, leftAt }).catch((err: unknown) => {
      throw loginTaken(err);
    });
    if (edit.extension !== undefined) await placeExtension(deps, trx, id, edit.extension);
    const leaves = left === true && before.leftAt === null;
    if (leaves) {
      // The secret goes with the extension, which is somebody else's to have.
      await setExtension(trx, id, null);
      await deps.letGo(trx, id, deps.now());
    }
    const after = (await findUser(trx, id))!;
    const goes = after.role !== 'administrator' || after.leftAt !== null;
    if (goes && administrators.every((each) => each === id) && before.role === 'administrator' && before.leftAt === null)
      throw new AppError('conflict', 'the last administrator stays', { reason: 'last_administrator' });
    const details = {
      fields: Object.keys(edit),
      ...(role && { role }),
      ...(left !== undefined && { left }),
      ...(leaves && before.extension && { extension: before.extension }),
    };
    await deps.audit(trx, { ...by, what: 'user.edited', table: 'users', rowId: id, details });
    return after;
  });
  deps.bus.emit('user.changed', { id });
  return user;
};
