import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { answers, run, startDaemon, which } from './daemon.ts';
import type { Daemon } from './paths.ts';
import { dir, ports } from './paths.ts';
import { provide } from './provision.ts';

const home = join(dir, 'mariadb');
const USER = 'allo';

export const mariadbUrl = (secret: string, database = 'allo') => `mysql://${USER}:${secret}@127.0.0.1:${ports.mariadb}/${database}`;
export const mariadbAnswers = () => answers(ports.mariadb, 'MariaDB');

export async function startMariadb(secret: string): Promise<Daemon> {
  const program = provide('mariadb');
  mkdirSync(home, { recursive: true });
  const data = join(home, 'data');
  // mariadbd refuses root unless told so in as many words; the folder may be one that only root can reach
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  if (!existsSync(data)) {
    const unfinished = `${data}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    const install = which('mariadb-install-db', 'mysql_install_db');
    if (!install) throw new Error('mariadb-install-db is missing; it belongs to the package mariadb-server');
    run(install, ['--no-defaults', `--datadir=${unfinished}`, '--skip-test-db', '--auth-root-authentication-method=normal', ...user]);
    renameSync(unfinished, data);
  }
  const init = join(home, 'init.sql');
  const account = `'${USER}'@'127.0.0.1'`;
  writeFileSync(
    init,
    `CREATE USER IF NOT EXISTS ${account};\nALTER USER ${account} IDENTIFIED BY '${secret}';\nGRANT ALL ON *.* TO ${account} WITH GRANT OPTION;\n` +
      'CREATE DATABASE IF NOT EXISTS allo CHARACTER SET utf8mb4;\n',
    { mode: 0o600 },
  );
  const settings = {
    datadir: data,
    'init-file': init,
    socket: join(home, 'mariadb.sock'),
    'pid-file': join(home, 'mariadb.pid'),
    port: ports.mariadb,
    'bind-address': '127.0.0.1',
    'character-set-server': 'utf8mb4',
    'innodb-flush-log-at-trx-commit': 2, // a test database may lose its last second
    'innodb-buffer-pool-size': '512M',
    'innodb-log-file-size': '256M',
    'max-connections': 300,
  };
  const args = [
    '--no-defaults',
    ...user,
    '--skip-name-resolve',
    '--skip-log-bin',
    ...Object.entries(settings).map(([key, value]) => `--${key}=${value}`),
  ];
  return startDaemon(program, args, join(home, 'mariadb.log'), () => signIn(secret));
}

async function signIn(secret: string): Promise<boolean> {
  if (!(await mariadbAnswers())) return false;
  const connection = await createConnection(mariadbUrl(secret)).catch(() => null); // not ready yet: asked again, up to the time-out
  await connection?.end();
  return connection !== null;
}

/** Makes an empty database, dropping one of that name. */
export async function createDatabase(secret: string, name: string): Promise<string> {
  if (!/^\w{1,60}$/.test(name)) throw new Error(`not a name for a database: ${name}`);
  const connection = await createConnection(mariadbUrl(secret));
  await connection.query(`DROP DATABASE IF EXISTS ${name}`);
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  await connection.end();
  return mariadbUrl(secret, name);
}
