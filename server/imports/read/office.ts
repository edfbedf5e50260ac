import { spawn } from 'node:child_process';
import { mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { AppError } from '../../core/errors.ts';

/** Tables that only an office suite reads (XLS, ODS): made an XLSX by LibreOffice, where that is installed. */

/** As Debian and others call it. */
const PROGRAMS = ['soffice', 'libreoffice'];
/** A large sheet takes its time; a broken one must not take for ever. */
const TIMEOUT_MS = 120_000;
/** A suite may take a gigabyte: ten files at once must not take ten. */
const oneByOne = pLimit(1);
const ODS = 'mimetypeapplication/vnd.oasis.opendocument.spreadsheet';

const refused = (code: string) => new AppError('invalid', `file: ${code}`, { issues: [{ path: 'file', code }] });

/** By its bytes. Null: none that needs the suite. */
export const officeKind = async (path: string): Promise<'xls' | 'ods' | null> => {
  const file = await open(path);
  const head = Buffer.alloc(128);
  await file.read(head, 0, head.length, 0).finally(() => file.close());
  if (head.readUInt32BE(0) === 0xd0cf11e0) return 'xls';
  return head.subarray(0, 2).toString('latin1') === 'PK' && head.subarray(30).toString('latin1').startsWith(ODS) ? 'ods' : null;
};

/** @returns its exit code; null: there is no such program. @throws AppError invalid (office_timeout), with everything that it began stopped */
const run = (program: string, args: readonly string[], home: string, timeoutMs: number): Promise<number | null> =>
  new Promise((resolve, reject) => {
    // a group of its own: the suite is a script that starts the program proper
    // a table comes from strangers: what reads it is not handed our secrets, which stand in the environment
    const env = { PATH: process.env.PATH, HOME: home, LANG: process.env.LANG ?? 'C.UTF-8' };
    const child = spawn(program, args, { stdio: 'ignore', detached: true, env });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // it has just ended by itself
      }
    }, timeoutMs);
    child.once('error', (err: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (err.code === 'ENOENT') resolve(null);
      else reject(err);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      if (late) reject(refused('office_timeout'));
      else resolve(code ?? 1);
    });
  });

/**
 * Puts the XLSX in the place of the file.
 * @throws AppError invalid: no_office (not installed), office_timeout, office_failed (it cannot read the file)
 */
export const toXlsx = async (path: string, kind: 'xls' | 'ods', { programs = PROGRAMS, timeoutMs = TIMEOUT_MS } = {}): Promise<void> => {
  const dir = await mkdtemp(`${path}-`);
  try {
    const source = join(dir, `table.${kind}`);
    await rename(path, source);
    // its own profile: two at once would wait for one another's lock
    const profile = `-env:UserInstallation=file://${encodeURI(join(dir, 'profile'))}`;
    const args = [profile, '--headless', '--norestore', '--convert-to', 'xlsx', '--outdir', join(dir, 'out'), source];
    let code: number | null = null;
    for (const program of programs) if ((code = await oneByOne(() => run(program, args, dir, timeoutMs))) !== null) break;
    if (code === null) throw refused('no_office');
    const [made] = code === 0 ? await readdir(join(dir, 'out')).catch(() => []) : [];
    if (made === undefined) throw refused('office_failed');
    await rename(join(dir, 'out', made), path);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
