import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Knex } from 'knex';
import { isSqlite, migrationsKnown, openDb } from '../core/db.ts';
import type { Secrets } from '../core/secrets.ts';
import type { Extension } from './phones.ts';

export type DatabaseInspection =
  { readonly reached: false; readonly reason: string } | { readonly reached: true; readonly facts: DatabaseFacts };

export interface DatabaseFacts {
  readonly engine: 'sqlite' | 'mysql' | 'mariadb';
  readonly version: string;
  readonly migrationsDone: readonly string[];
  readonly migrationsKnown: readonly string[];
  readonly extensions: readonly Extension[];
  /** null for SQLite */
  readonly server: ServerFacts | null;
}

export interface ServerFacts {
  readonly database: string;
  readonly collation: string;
  /** Tables of another collation than ours. */
  readonly otherTables: readonly string[];
  readonly sqlMode: string;
  readonly isolation: string;
  /** bytes */
  readonly maxAllowedPacket: number;
}

export const COLLATION = 'utf8mb4_bin';

/** Reads, and writes nothing: neither a file nor a table comes to be by it. */
export const inspectDatabase = async (url: string, secrets: Secrets): Promise<DatabaseInspection> => {
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : null;
  if (path !== null && !existsSync(path)) return { reached: false, reason: `${path}: ENOENT` };
  const db = openDb(url);
  try {
    return { reached: true, facts: await gather(db, secrets) };
  } catch (err) {
    return { reached: false, reason: (err as Error).message };
  } finally {
    await db.destroy();
  }
};

const gather = async (db: Knex, secrets: Secrets): Promise<DatabaseFacts> => {
  const has = (table: string) => db.schema.hasTable(table);
  const done = (await has('knex_migrations')) ? ((await db('knex_migrations').orderBy('id').pluck('name')) as string[]) : [];
  const rows = (await has('extensions'))
    ? ((await db('extensions')
        .join('users', 'users.id', 'extensions.user_id')
        .select('extensions.pbx', 'extensions.extension', 'extensions.secret_sealed', 'users.login')) as Row[])
    : [];
  const common = {
    migrationsDone: done,
    migrationsKnown: await migrationsKnown(),
    extensions: rows.map((row) => ({
      pbx: row.pbx,
      extension: row.extension,
      login: row.login,
      passwordHash: row.secret_sealed === null ? null : hashOf(secrets, row.secret_sealed),
    })),
  };
  if (isSqlite(db)) {
    const [{ version }] = (await db.raw('SELECT sqlite_version() AS version')) as [{ version: string }];
    return { ...common, engine: 'sqlite', version, server: null };
  }
  return { ...common, ...(await serverFacts(db)) };
};

interface Row {
  pbx: string;
  extension: string;
  login: string;
  secret_sealed: string | null;
}

/** A secret that SECRETS_KEY does not open is none that the phone can have. */
const hashOf = (secrets: Secrets, sealed: string): string => {
  try {
    return createHash('sha256').update(secrets.open(sealed)).digest('hex');
  } catch {
    return 'sealed with another SECRETS_KEY';
  }
};

const serverFacts = async (db: Knex): Promise<Pick<DatabaseFacts, 'engine' | 'version' | 'server'>> => {
  const [[{ version, name, collation }]] = (await db.raw(
    'SELECT VERSION() AS version, DATABASE() AS name, @@collation_database AS collation',
  )) as [[{ version: string; name: string; collation: string }]];
  const [variables] = (await db.raw(
    "SHOW SESSION VARIABLES WHERE Variable_name IN ('sql_mode', 'tx_isolation', 'transaction_isolation', 'max_allowed_packet')",
  )) as [{ Variable_name: string; Value: string }[]];
  const variable = (...names: string[]) => variables.find((one) => names.includes(one.Variable_name))?.Value ?? '';
  const [tables] = (await db.raw(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_collation <> ? ORDER BY table_name',
    [COLLATION],
  )) as [{ name: string }[]];
  return {
    engine: /mariadb/i.test(version) ? 'mariadb' : 'mysql',
    version,
    server: {
      database: name,
      collation,
      otherTables: tables.map((one) => one.name),
      sqlMode: variable('sql_mode'),
      isolation: variable('transaction_isolation', 'tx_isolation'),
      maxAllowedPacket: Number(variable('max_allowed_packet')),
    },
  };
};
