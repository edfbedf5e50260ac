import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate, openDb } from '../../server/core/db.ts';

export type Engine = 'sqlite' | 'mysql';

/** A server on which databases may be created: mysql://root@127.0.0.1:3306 */
const MYSQL = process.env.ALLO_TEST_MYSQL_URL;

/** For `describe.each`: the engines that are there. Without MariaDB, `eachDatabase` says so loudly (test/server/core-db.test.ts). */
export const engines: Engine[] = MYSQL ? ['sqlite', 'mysql'] : ['sqlite'];

/** Creates an empty, migrated database. @returns it and what drops it. */
export const freshDatabase = async (engine: Engine): Promise<{ db: Knex; url: string; drop: () => Promise<void> }> => {
  if (engine === 'sqlite') {
    const db = openDb('sqlite::memory:');
    await migrate(db);
    return { db, url: 'sqlite::memory:', drop: () => db.destroy() };
  }
  const name = `allo_test_${randomBytes(6).toString('hex')}`;
  const server = new URL(MYSQL!);
  const root = openDb(server.href);
  await root.raw('CREATE DATABASE ?? CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', [name]);
  server.pathname = `/${name}`;
  const db = openDb(server.href);
  await migrate(db);
  const drop = async () => {
    await db.destroy();
    await root.raw('DROP DATABASE ??', [name]);
    await root.destroy();
  };
  return { db, url: server.href, drop };
};

/** One that another process opens too by its `url`: of SQLite a file in `dir`. */
export const sharedDatabase = async (engine: Engine, dir: string): ReturnType<typeof freshDatabase> => {
  if (engine === 'mysql') return freshDatabase('mysql');
  const url = `sqlite:${join(dir, 'allo.db')}`;
  const db = openDb(url);
  await migrate(db);
  return { db, url, drop: () => db.destroy() };
};

/**
 * Runs the suite on SQLite and, where ALLO_TEST_MYSQL_URL is set, on MariaDB or MySQL. `open` makes a new migrated database (a second on MariaDB:
 * call it in beforeAll); all are dropped at the end.
 */
export const eachDatabase = (suite: (open: () => Promise<Knex>, engine: Engine) => void): void => {
  const run = (engine: Engine) =>
    describe(engine, () => {
      const opened: (() => Promise<void>)[] = [];
      afterAll(async () => {
        for (const drop of opened) await drop();
      });
      suite(async () => {
        const { db, drop } = await freshDatabase(engine);
        opened.push(drop);
        return db;
      }, engine);
    });
  run('sqlite');
  if (MYSQL) run('mysql');
  else if (process.env.CI === 'true')
    test('mysql', () => {
      expect.fail('ALLO_TEST_MYSQL_URL is not set: the suite did not run on MariaDB');
    });
  else test.skip('mysql: NOT RUN, ALLO_TEST_MYSQL_URL is not set', () => {});
};
