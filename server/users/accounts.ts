import type { Knex } from 'knex';
import { hashPassword } from '../core/passwords.ts';
import type { User } from './contract.ts';
import { findUser, findUserByLogin, passwordHashOf, updateUser } from './queries.ts';

/** What auth is handed: people as those who sign in. */
export const createAccounts = (db: Knex) => ({
  find: (id: number) => findUser(db, id),
  findByLogin: (login: string) => findUserByLogin(db, login),
  passwordHashOf: (id: number) => passwordHashOf(db, id),
  setPassword: async (id: number, password: string) => updateUser(db, id, { passwordHash: await hashPassword(password) }),
  setPreferences: (id: number, preferences: Partial<Pick<User, 'language' | 'theme'>>) => updateUser(db, id, preferences),
});
