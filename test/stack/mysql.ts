import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { answers, run, startDaemon, which } from './daemon.ts';
import type { Daemon } from './paths.ts';
import { dir, mysqlRootfs, ports } from './paths.ts';
import { layDown } from './provision.ts';

const USER = 'allo';
const PROGRAM = '/usr/sbin/mysqld';

export const mysqlUrl = (secret: string) => `mysql://${USER}:${secret}@127.0.0.1:${ports.mysql}/allo`;
/** Of MySQL's own greeting; MariaDB has another plugin. */
export const mysqlAnswers = () => answers(ports.mysql, 'caching_sha2_password');

/** The system's own mysqld when it is MySQL's, else one laid down in a folder. */
function provideMysql(): { root: string | null; program: string } {
  const own = which('mysqld');
  if (own && !run(own, ['--version']).includes('MariaDB')) return { root: null, program: own };
  if (!existsSync(join(mysqlRootfs, PROGRAM))) layDown('MySQL', ['mysql-server'], ['sid'], mysqlRootfs);
  return { root: mysqlRootfs, program: PROGRAM };
}

export async function startMysql(secret: string): Promise<Daemon> {
  const { root, program } = provideMysql();
  const inside = root === null ? join(dir, 'mysql') : `/allo/${ports.app}/mysql`;
  const host = `${root ?? ''}${inside}`;
  const start = (args: string[]): [string, string[]] =>
    root === null ? [program, args] : [which('chroot') ?? 'chroot', [root, program, ...args]];
  const common = ['--no-defaults', ...(process.getuid?.() === 0 ? ['--user=root'] : [])]; // mysqld refuses root unless told so
  mkdirSync(host, { recursive: true });
  if (!existsSync(join(host, 'data'))) {
    rmSync(join(host, 'data.unfinished'), { recursive: true, force: true });
    run(...start([...common, '--initialize-insecure', `--datadir=${inside}/data.unfinished`]));
    renameSync(join(host, 'data.unfinished'), join(host, 'data'));
  }
  const account = `'${USER}'@'127.0.0.1'`;
  writeFileSync(
    join(host, 'init.sql'),
    `CREATE USER IF NOT EXISTS ${account};\nALTER USER ${account} IDENTIFIED BY '${secret}';\nGRANT ALL ON *.* TO ${account} WITH GRANT OPTION;\n` +
      'CREATE DATABASE IF NOT EXISTS allo CHARACTER SET utf8mb4;\n',
    { mode: 0o600 },
  );
  const settings = {
    datadir: `${inside}/data`,
    'init-file': `${inside}/init.sql`,
    socket: `${inside}/mysql.sock`,
    'pid-file': `${inside}/mysql.pid`,
    port: ports.mysql,
    'bind-address': '127.0.0.1',
    mysqlx: 'OFF',
    'innodb-flush-log-at-trx-commit': 2, // a test database may lose its last second
    'innodb-redo-log-capacity': '256M',
    'max-connections': 300,
  };
  const args = [...common, '--skip-name-resolve', '--skip-log-bin', ...Object.entries(settings).map(([key, value]) => `--${key}=${value}`)];
  return startDaemon(...start(args), join(dir, 'mysql.log'), () => signIn(secret));
}

async function signIn(secret: string): Promise<boolean> {
  if (!(await mysqlAnswers())) return false;
  const connection = await createConnection(mysqlUrl(secret)).catch(() => null); // not ready yet: asked again, up to the time-out
  await connection?.end();
  return connection !== null;
}
