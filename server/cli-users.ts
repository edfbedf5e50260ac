import type { Knex } from 'knex';
import type { Core } from './deps.ts';
import { makePassword } from './core/passwords.ts';
import { ExtensionDraft, Password, UserDraft } from './users/contract.ts';
import type { User } from './users/contract.ts';
import { findUserByLogin, listUsers } from './users/queries.ts';
import { letGo } from './leaving.ts';
import { createUser, editUser } from './users/service.ts';
import type { UserDeps } from './users/service.ts';

type Say = (text: string) => void;
/** Sessions of the server, wherever it keeps them. */
type EndSessions = (userId: number) => Promise<unknown>;
const BY = { actorId: null };

const depsOf = (core: Core): UserDeps => ({ ...core, letGo, pbxNames: core.config.pbxs.map((pbx) => pbx.name) });

const known = async (db: Knex, login: string): Promise<User> => {
  const user = await findUserByLogin(db, login);
  if (!user) throw new Error(`there is no user "${login}"; user list shows them`);
  return user;
};

const departmentId = async (core: Core, name: string | undefined): Promise<number | null> => {
  if (name === undefined) return null;
  const found = (await core.db('departments').where({ name }).first('id')) as { id: number } | undefined;
  if (found) return found.id;
  const [id] = (await core.db('departments').insert({ name, created_at: core.now() })) as [number];
  return id;
};

export interface NewPerson {
  login: string;
  name: string;
  role: string;
  department?: string;
  language?: string;
  timeZone?: string;
}

/** `password` null: one is made and shown. */
export const addUser = async (core: Core, person: NewPerson, password: string | null, say: Say): Promise<void> => {
  const { department, ...rest } = person;
  const checked = UserDraft.parse({ ...rest, ...(password !== null && { password }) });
  const draft = { ...checked, departmentId: await departmentId(core, department) };
  const { user, password: made } = await createUser(depsOf(core), draft, BY);
  say(`user ${user.login} (${user.role}) is there${made === null ? '' : `; password, shown this once: ${made}`}`);
};

export const showUsers = async ({ db }: Core, say: Say): Promise<void> => {
  for (let after = 0; ;) {
    const users = await listUsers(db, { after, limit: 200 });
    for (const { login, role, name, extension, leftAt } of users)
      say([login, role, extension ? `${extension.pbx}:${extension.extension}` : '-', leftAt === null ? 'active' : 'left', name].join('\t'));
    if (users.length < 200) return;
    after = users.at(-1)!.id;
  }
};

export const setLeft = async (core: Core, endSessions: EndSessions, login: string, left: boolean, say: Say): Promise<void> => {
  const user = await known(core.db, login);
  await editUser(depsOf(core), user.id, { left }, BY);
  if (left) await endSessions(user.id); // or they would be good again when the person comes back
  core.bus.emit('session.ended', { userId: user.id, sessionIds: 'all' });
  say(`user ${user.login} ${left ? 'has left: signs in no more, keeps the history' : 'is back'}`);
};

export const setPassword = async (
  core: Core,
  endSessions: EndSessions,
  login: string,
  password: string | null,
  say: Say,
): Promise<void> => {
  const user = await known(core.db, login);
  const next = Password.parse(password ?? makePassword());
  await editUser(depsOf(core), user.id, { password: next }, BY);
  await endSessions(user.id);
  core.bus.emit('session.ended', { userId: user.id, sessionIds: 'all' });
  say(`user ${user.login} has a new password${password === null ? `, shown this once: ${next}` : ''}`);
};

/** What the administrator of Asterisk adds: the templates stand in cti/asterisk/pjsip.conf. */
const pjsipLines = (extension: string, name: string, secret: string) => `[${extension}](allo-operator)
auth=${extension}
aors=${extension}
callerid="${name.replace(/["\\\r\n]/g, '')}" <${extension}>
[${extension}](allo-auth)
username=${extension}
password=${secret}
[${extension}](allo-aor)`;

/** `place`: "PBX:NUMBER". `secret` null: one is made. */
export const setExtension = async (core: Core, login: string, place: string, secret: string | null, say: Say): Promise<void> => {
  const user = await known(core.db, login);
  const [pbx, extension] = place.split(':');
  if (!pbx || !extension) throw new Error('the extension is PBX:NUMBER, for example main:101');
  const value = secret ?? makePassword().replaceAll('-', '');
  if (/[\s;]/.test(value)) throw new Error('a SIP secret holds no spaces and no semicolons: pjsip.conf cannot hold them');
  await editUser(depsOf(core), user.id, { extension: ExtensionDraft.parse({ pbx, extension, secret: value }) }, BY);
  say(`${user.login} has extension ${extension} of ${pbx}. These lines belong into its pjsip.conf (then: asterisk -rx "pjsip reload"):\n`);
  say(pjsipLines(extension, user.name, value));
};
