import { COLLATION } from './database-facts.ts';
import type { DatabaseFacts, DatabaseInspection, ServerFacts } from './database-facts.ts';
import { commands, edit, error, ok, warning } from './finding.ts';
import type { Finding } from './finding.ts';

/** The first versions that the tests know. */
const OLDEST = { mariadb: [10, 11], mysql: [8, 0] } as const;
/** bytes; an import or a long description goes in one statement */
const PACKET = 16 * 1024 * 1024;

export const checkDatabase = (found: DatabaseInspection): Finding[] => {
  if (!found.reached) {
    const fresh = found.reason.endsWith('ENOENT');
    const fix = commands('npm run allo -- migrate');
    return [
      fresh ? warning('migrations', { params: { names: found.reason }, fix }) : error('database', { params: { reason: found.reason } }),
    ];
  }
  const { facts } = found;
  return [ok('database'), migrations(facts), ...(facts.server ? checkServer(facts, facts.server) : [])];
};

const migrations = ({ migrationsDone, migrationsKnown }: DatabaseFacts): Finding => {
  const pending = migrationsKnown.filter((name) => !migrationsDone.includes(name));
  const newer = migrationsDone.filter((name) => !migrationsKnown.includes(name));
  if (newer.length > 0) return error('migrations-newer', { params: { names: newer.join(', ') } });
  if (pending.length === 0) return ok('migrations');
  return warning('migrations', { params: { names: several(pending) }, fix: commands('npm run allo -- migrate') });
};

const several = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} … (${names.length})` : names.join(', ');

const checkServer = ({ engine, version, migrationsDone }: DatabaseFacts, server: ServerFacts): Finding[] => {
  const [major = 0, minor = 0] = version.split('.').map((part) => parseInt(part, 10));
  const oldest = OLDEST[engine === 'mariadb' ? 'mariadb' : 'mysql'];
  const old = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  const tables = server.otherTables.filter((name) => !name.startsWith('knex_'));
  // an empty database is given its collation by the first migration
  const charset = [
    ...(server.collation === COLLATION || migrationsDone.length === 0
      ? []
      : [`ALTER DATABASE \`${server.database}\` CHARACTER SET utf8mb4 COLLATE ${COLLATION};`]),
    ...tables.map((name) => `ALTER TABLE \`${name}\` CONVERT TO CHARACTER SET utf8mb4 COLLATE ${COLLATION};`),
  ];
  return [
    old ? warning('database-version', { params: { version, oldest: `${engine} ${oldest.join('.')}` } }) : ok('database-version'),
    charset.length === 0
      ? ok('database-charset')
      : error('database-charset', { params: { collation: server.collation }, fix: commands(...charset) }),
    server.sqlMode.includes('STRICT') && server.isolation.replace('-', ' ') === 'READ COMMITTED'
      ? ok('database-session')
      : error('database-session', { params: { mode: server.sqlMode, isolation: server.isolation } }),
    server.maxAllowedPacket >= PACKET
      ? ok('database-packet')
      : warning('database-packet', {
          params: { mb: Math.round(server.maxAllowedPacket / 1024 / 1024) },
          fix: edit(engine === 'mariadb' ? '/etc/mysql/mariadb.conf.d/90-allo.cnf' : '/etc/mysql/conf.d/allo.cnf', 'mysqld', {
            add: ['max_allowed_packet = 64M'],
            then: `systemctl restart ${engine}`,
          }),
        }),
  ];
};
