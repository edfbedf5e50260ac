import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Knex } from 'knex';
import { isSqlite, migrate, migrateTo, migrationsDone } from './db.ts';

/**
 * The portable form, readable on either engine: gzipped lines of JSON. First {allo: 1, migrations}, then for each table {table, columns} and its
 * rows as arrays, last {end, rows}: a file without it was cut off.
 */
const FORMAT = 1;
const BATCH = 200;
/** knex's own, and sessions: who restores signs in anew. */
const LEFT_OUT = ['knex_migrations', 'knex_migrations_lock', 'sessions'];

const tablesOf = async (db: Knex): Promise<string[]> => {
  const rows: { name: string }[] = isSqlite(db)
    ? await db('sqlite_master').where({ type: 'table' }).select('name')
    : await db('information_schema.tables as t')
        .whereRaw('t.table_schema = DATABASE()')
        .where({ 't.table_type': 'BASE TABLE' })
        .select('t.table_name as name');
  const names = rows.map(({ name }) => name).sort();
  return names.filter((name) => !LEFT_OUT.includes(name) && !name.startsWith('sqlite_'));
};

async function* lines(db: Knex): AsyncGenerator<string> {
  let rows = 0;
  yield JSON.stringify({ allo: FORMAT, migrations: await migrationsDone(db) }) + '\n';
  for (const table of await tablesOf(db)) {
    const columns = Object.keys(await db(table).columnInfo());
    yield JSON.stringify({ table, columns }) + '\n';
    for await (const row of db(table).select(columns).stream() as AsyncIterable<Record<string, unknown>>) {
      rows++;
      yield JSON.stringify(columns.map((column) => row[column])) + '\n';
    }
  }
  yield JSON.stringify({ end: true, rows }) + '\n';
}

const refuseOverwriting = (file: string) => {
  if (existsSync(file)) throw new Error(`${file} is there already`);
};

/** One moment of all tables, while others write. SQLite to a name that ends in .db: a database file; otherwise the portable form. */
export const backup = async (db: Knex, file: string): Promise<void> => {
  refuseOverwriting(file);
  const part = `${file}.part`;
  rmSync(part, { force: true });
  writeFileSync(part, '', { mode: 0o600 }); // of everybody's data, for nobody but its owner
  if (isSqlite(db) && file.endsWith('.db')) await db.raw('VACUUM INTO ?', [part]);
  else {
    const whole = (trx: Knex) => pipeline(Readable.from(lines(trx)), createGzip(), createWriteStream(part));
    await db.transaction(whole, isSqlite(db) ? {} : { isolationLevel: 'repeatable read' });
  }
  renameSync(part, file);
};

interface Head {
  allo: number;
  migrations: string[];
}
type Line = unknown[] | { table: string; columns: string[] } | { end: true; rows: number };

const load = async (trx: Knex, source: AsyncIterable<string>): Promise<number> => {
  let into: { table: string; columns: string[] } | null = null;
  let batch: object[] = [];
  let rows = 0;
  const flush = async () => {
    if (into && batch.length > 0) await trx(into.table).insert(batch);
    batch = [];
  };
  for await (const text of source) {
    const line = JSON.parse(text) as Line;
    if (Array.isArray(line)) {
      rows++;
      batch.push(Object.fromEntries(into!.columns.map((column, i) => [column, line[i]])));
      if (batch.length === BATCH) await flush();
      continue;
    }
    await flush();
    if ('end' in line) {
      if (line.rows !== rows) throw new Error(`the backup says ${line.rows} rows, ${rows} were found`);
      return rows;
    }
    into = line;
    await trx(line.table).delete(); // what a migration had put there
  }
  throw new Error('the backup is cut off: nothing was restored');
};

/** Rows come table by table, children before parents: references are looked at when all are in. */
const withoutForeignKeys = async <T>(db: Knex, work: (trx: Knex) => Promise<T>): Promise<T> => {
  if (!isSqlite(db))
    return db.transaction(async (trx) => {
      await trx.raw('SET FOREIGN_KEY_CHECKS = 0');
      try {
        return await work(trx);
      } finally {
        await trx.raw('SET FOREIGN_KEY_CHECKS = 1');
      }
    });
  await db.raw('PRAGMA foreign_keys = OFF');
  try {
    return await db.transaction(async (trx) => {
      const done = await work(trx);
      const broken = (await trx.raw('PRAGMA foreign_key_check')) as unknown[];
      if (broken.length > 0) throw new Error(`the backup refers to ${broken.length} rows that are not in it`);
      return done;
    });
  } finally {
    await db.raw('PRAGMA foreign_keys = ON');
  }
};

const refuseFilled = async (db: Knex) => {
  const filled = (await db.schema.hasTable('users')) && (await db('users').first('id'));
  if (filled) throw new Error('this database is not empty: restore into a new one (DATABASE_URL)');
};

/** Reads the portable form into an empty database, and brings it up to date. All or nothing. @returns rows */
export const restore = async (db: Knex, file: string): Promise<number> => {
  await refuseFilled(db);
  const source = createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Infinity })[Symbol.asyncIterator]();
  const first = await source.next();
  const head = JSON.parse((first.value as string | undefined) ?? '{}') as Partial<Head>;
  if (head.allo !== FORMAT || !head.migrations) throw new Error(`${file} is no backup of Allo`);
  await migrateTo(db, head.migrations);
  const rows = await withoutForeignKeys(db, (trx) => load(trx, { [Symbol.asyncIterator]: () => source }));
  await migrate(db);
  return rows;
};
