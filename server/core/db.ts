import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import knex from 'knex';
import type { Knex } from 'knex';
import { DatabaseError, isLockConflict, translate } from './db-errors.ts';

export { isDuplicate } from './db-errors.ts';

const require = createRequire(import.meta.url);

interface Query {
  sql: string;
}
type Dialect = new (config: Knex.Config) => {
  driver: unknown;
  _query(connection: unknown, query: Query): Promise<unknown>;
  _stream(connection: unknown, query: Query, stream: unknown, options: unknown): Promise<unknown>;
};

/** Errors of the drivers and of Knex carry the bound values: none leaves this file (design.md). */
const translating = (Base: Dialect): Dialect =>
  class extends Base {
    override _query(connection: unknown, query: Query) {
      return super._query(connection, query).catch((err: unknown) => {
        throw translate(err, query.sql);
      });
    }
    override _stream(connection: unknown, query: Query, stream: unknown, options: unknown) {
      return super._stream(connection, query, stream, options).catch((err: unknown) => {
        throw translate(err, query.sql);
      });
    }
  };

const WRITES = /^\s*(?:insert|update|delete|replace|create|drop|alter)\b/i;

/**
 * Another process may write to the same file: a command of the administrator's, a server that is being replaced. A statement that met its lock stays
 * half done until it is run again: no transaction could be ended meanwhile, and one that could not is begun into for ever. So the lock is taken by
 * exec(), which leaves nothing behind, before anything writes: for a transaction at its beginning (what it has read is then still so when it writes),
 * for a single statement around it. A transaction that cannot be ended is undone.
 */
const sqliteDialect = translating(
  class extends (require('knex/lib/dialects/better-sqlite3/index.js') as Dialect) {
    _driver() {
      return require('libsql') as unknown;
    }
    override async _query(connection: SqliteConnection, query: Query) {
      if (query.sql === 'BEGIN;') {
        connection.exec('BEGIN IMMEDIATE');
        return Object.assign(query, { response: [] });
      }
      const alone = !connection.inTransaction && WRITES.test(query.sql);
      if (alone) connection.exec('BEGIN IMMEDIATE');
      try {
        const done = await super._query(connection, query);
        if (alone) connection.exec('COMMIT');
        return done;
      } catch (err) {
        if ((alone || query.sql === 'COMMIT;') && connection.inTransaction) connection.exec('ROLLBACK');
        throw err;
      }
    }
  },
);
const mysqlDialect = translating(require('knex/lib/dialects/mysql2/index.js') as Dialect);

export interface DbLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Knex prints to the console by itself otherwise. */
const logger = (log?: DbLog): Pick<Knex.Config, 'log'> =>
  log
    ? {
        log: {
          warn: (said: unknown) => log.warn({ said: String(said) }, 'database'),
          error: (said: unknown) => log.error({ said: String(said) }, 'database'),
          deprecate: (said: unknown) => log.warn({ said: String(said) }, 'database: deprecated'),
          debug: () => {},
        },
      }
    : {};

/** ms that a statement waits for another process's write to end. */
const BUSY_MS = 10_000;

interface SqliteConnection {
  readonly inTransaction: boolean;
  exec(sql: string): void;
  close(): void;
  prepare(sql: string): unknown;
}

/** Prepared statements that are kept for the next time. */
const STATEMENTS = 400;

/**
 * The driver lets go of a statement when the garbage collector comes to its small wrapper, which knows nothing of how large the statement is: the same
 * large one, prepared thousands of times, took gigabytes. Those used last are kept, and need not be compiled again either.
 */
const keepStatements = (connection: SqliteConnection): void => {
  const prepare = connection.prepare.bind(connection);
  const kept = new Map<string, unknown>();
  connection.prepare = (sql) => {
    const statement = kept.get(sql) ?? prepare(sql);
    kept.delete(sql);
    kept.set(sql, statement);
    if (kept.size > STATEMENTS) kept.delete(kept.keys().next().value!);
    return statement;
  };
};

/**
 * case_sensitive_like: as MySQL's utf8mb4_bin compares, and it lets an index serve LIKE 'abc%'.
 * One connection, and synchronous: inside a transaction only the transaction is used, or the query waits for itself (15 s, then an error).
 */
const openSqlite = (path: string, log?: DbLog): Knex => {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  return knex({
    client: sqliteDialect as unknown as typeof Knex.Client,
    connection: { filename: path },
    useNullAsDefault: true,
    compileSqlOnError: false,
    ...logger(log),
    acquireConnectionTimeout: 15_000,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: SqliteConnection, done: (err: Error | null, connection: SqliteConnection) => void) => {
        for (const pragma of [`busy_timeout = ${BUSY_MS}`, 'foreign_keys = ON', 'case_sensitive_like = ON', 'synchronous = NORMAL'])
          connection.exec(`PRAGMA ${pragma}`);
        if (path !== ':memory:') connection.exec('PRAGMA journal_mode = WAL');
        keepStatements(connection);
        done(null, connection);
      },
    },
  });
};

interface MysqlConnection {
  query(sql: string, done: (err: Error | null) => void): void;
}
const SQL_MODE = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

const openMysql = (url: URL, log?: DbLog): Knex =>
  knex({
    client: mysqlDialect as unknown as typeof Knex.Client,
    connection: {
      host: url.hostname,
      port: Number(url.port || 3306),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
      ...(url.searchParams.get('socket') ? { socketPath: url.searchParams.get('socket')! } : {}),
      // No charset here: mysql2 speaks utf8mb4 anyway, and Knex would write it into CREATE TABLE without the collation of the database.
      timezone: 'Z',
      supportBigNumbers: true, // BIGINT as number up to 2^53, beyond that as text
      decimalNumbers: true, // SUM() answers DECIMAL
      multipleStatements: false,
      connectTimeout: 5_000,
    } as Knex.MySql2ConnectionConfig,
    compileSqlOnError: false,
    ...logger(log),
    acquireConnectionTimeout: 15_000,
    pool: {
      min: 0,
      max: 10,
      afterCreate: (connection: MysqlConnection, done: (err: Error | null, connection: MysqlConnection) => void) =>
        connection.query(
          `SET NAMES utf8mb4 COLLATE utf8mb4_bin, SESSION sql_mode = '${SQL_MODE}', time_zone = '+00:00', innodb_lock_wait_timeout = 10`,
          (err) =>
            err
              ? done(err, connection)
              : connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', (e) => done(e, connection)),
        ),
    },
  });

/** `sqlite:PATH`, `sqlite::memory:` or `mysql://user:pw@host:port/name`. Connects at the first query. */
export const openDb = (url: string, log?: DbLog): Knex => {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), log);
  if (url.startsWith('mysql://')) return openMysql(new URL(url), log);
  throw new Error('a database is sqlite:PATH or mysql://user:password@host/name');
};

/** A long list in few lengths: pieces of at most `most` (a power of two), the rest in halves of it, so that the statements they stand in are few and are kept. */
export function* pieces<T>(list: readonly T[], most: number): Generator<T[]> {
  for (let from = 0; from < list.length;) {
    const piece = list.slice(from, from + Math.min(most, 2 ** Math.floor(Math.log2(list.length - from))));
    from += piece.length;
    yield piece;
  }
}

export const isSqlite = (db: Knex): boolean => (db.client as { dialect: string }).dialect === 'sqlite3';

/**
 * An operating-system lock on a file beside the database, gone with the process however it dies.
 * @returns release. @throws DatabaseError when another process holds it.
 */
export const holdFile = (path: string): (() => void) => {
  mkdirSync(dirname(path), { recursive: true });
  const Database = require('libsql') as new (path: string) => SqliteConnection;
  const held = new Database(path);
  try {
    held.exec('BEGIN EXCLUSIVE');
  } catch (err) {
    held.close();
    throw translate(err, 'BEGIN EXCLUSIVE');
  }
  return () => held.close();
};

const DIR = new URL('../../migrations/', import.meta.url);

/** Names rows in knex_migrations without extension: .ts under tsx and .js after a build are the same migration. */
const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => (await readdir(DIR)).filter((f) => /^\d{12}_\w+\.(ts|js)$/.test(f)).sort(),
  getMigrationName: (file) => file.replace(/\.(ts|js)$/, ''),
  getMigration: (file) => import(new URL(file, DIR).href) as Promise<Knex.Migration>,
};

type Wanted = (name: string) => boolean;
const MIGRATE_LOCK = 'allo_migrate';

/** Whoever holds our own lock is alone, so a lock row left by a process that was killed is freed. */
const runMigrations = async (db: Knex, wanted: Wanted): Promise<string[]> => {
  const source = {
    ...migrationSource,
    getMigrations: async () => (await migrationSource.getMigrations([])).filter((file) => wanted(migrationSource.getMigrationName(file))),
  };
  await db.migrate.forceFreeMigrationsLock({ migrationSource: source });
  const [, done] = (await db.migrate.latest({ migrationSource: source })) as [number, string[]];
  return done.map((file) => migrationSource.getMigrationName(file));
};

const migrateMysql = (db: Knex, wanted: Wanted): Promise<string[]> =>
  db.transaction(async (holder) => {
    const [[taken]] = (await holder.raw('SELECT GET_LOCK(?, 120) AS taken', [MIGRATE_LOCK])) as [[{ taken: number }]];
    if (taken.taken !== 1) throw new DatabaseError('MIGRATING', 'another process has been migrating this database for two minutes');
    try {
      const [[found]] = (await holder.raw(
        'SELECT DATABASE() AS name, @@collation_database AS collation, (SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()) AS tables_',
      )) as [[{ name: string; collation: string; tables_: number }]];
      // Both engines then agree on what is equal: SQLite compares bytes.
      if (found.tables_ === 0 && found.collation !== 'utf8mb4_bin')
        await holder.raw('ALTER DATABASE ?? CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', [found.name]);
      return await runMigrations(db, wanted);
    } finally {
      await holder.raw('SELECT RELEASE_LOCK(?)', [MIGRATE_LOCK]);
    }
  });

/** Brings the schema up to date; safe to call from several processes at once. @returns names of the migrations that ran. */
export const migrate = async (db: Knex, wanted: Wanted = () => true): Promise<string[]> => {
  if (!isSqlite(db)) return migrateMysql(db, wanted);
  const { filename } = db.client.config.connection as { filename: string };
  const release = filename === ':memory:' ? () => {} : holdFile(`${filename}-migrate.lock`);
  try {
    return await runMigrations(db, wanted);
  } finally {
    release();
  }
};

/** Names of the migrations that this database has had, in order. */
export const migrationsDone = async (db: Knex): Promise<string[]> => {
  const [done] = (await db.migrate.list({ migrationSource })) as [{ name: string }[], unknown];
  return done.map(({ name }) => name);
};

/** Names of the migrations that this version has, in order. */
export const migrationsKnown = async (): Promise<string[]> =>
  (await migrationSource.getMigrations([])).map((file) => migrationSource.getMigrationName(file));

/** Brings an empty database to where another was. @throws Error when that one has had migrations that we do not know: it is newer */
export const migrateTo = async (db: Knex, names: readonly string[]): Promise<void> => {
  const known = await migrationsKnown();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`made by a newer version, which has ${unknown.join(', ')}`);
  await migrate(db, (name) => names.includes(name));
};

/** Runs `fn` in a transaction; once more when the engine chose it as the victim of a lock conflict. Effects outside the database come after. */
export const inTransaction = async <T>(db: Knex, fn: (trx: Knex.Transaction) => Promise<T>): Promise<T> => {
  try {
    return await db.transaction(fn);
  } catch (err) {
    if (!isLockConflict(err)) throw err;
    return db.transaction(fn);
  }
};

/** For `LIKE ? ESCAPE '!'`: the text matches itself only. */
export const escapeLike = (text: string): string => text.replace(/[!%_]/g, '!$&');
