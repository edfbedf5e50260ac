import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Daemon } from './paths.ts';

/** Field 22 of /proc/PID/stat; null when the process is gone or only waits to be buried. */
function startTime(pid: number): string | null {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  const fields = readFileSync(file, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields[0] === 'Z' ? null : (fields[19] ?? null);
}

export const isAlive = (daemon: Daemon | undefined): daemon is Daemon => daemon !== undefined && startTime(daemon.pid) === daemon.startTime;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Starts a program that outlives us, and waits until `ready` answers true. @throws with the end of its log when it does not. */
export async function startDaemon(
  command: string,
  args: string[],
  log: string,
  ready: () => Promise<boolean>,
  timeoutMs = 60_000,
): Promise<Daemon> {
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, 'a');
  const child = spawn(command, args, { detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${command} ended (${signal ?? code}) before it was ready`)));
  });
  failed.catch(() => undefined); // it is awaited by the race below; after that an exit is the business of isAlive
  child.unref();
  const interrupted = () => {
    child.kill('SIGKILL'); // nobody has noted its pid yet
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    const deadline = Date.now() + timeoutMs;
    while (!(await Promise.race([ready(), failed]))) {
      if (Date.now() > deadline) throw new Error(`${command} was not ready within ${timeoutMs / 1000} s`);
      await sleep(100);
    }
  } catch (error) {
    if (child.pid !== undefined && child.exitCode === null) process.kill(child.pid, 'SIGKILL');
    throw new Error(`${(error as Error).message}\n${tail(log)}`, { cause: error });
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
  }
  child.removeAllListeners();
  return { pid: child.pid!, startTime: startTime(child.pid!) ?? '', log };
}

export async function stopDaemon(daemon: Daemon | undefined, timeoutMs = 15_000): Promise<void> {
  if (!isAlive(daemon)) return;
  process.kill(daemon.pid, 'SIGTERM');
  const deadline = Date.now() + timeoutMs;
  while (isAlive(daemon)) {
    if (Date.now() > deadline) process.kill(daemon.pid, 'SIGKILL');
    await sleep(50);
  }
}

export function tail(log: string, lines = 30): string {
  if (!existsSync(log) || statSync(log).size === 0) return `(${log} is empty)`;
  return `--- end of ${log}\n${readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')}`;
}

/** Connects, sends `hello` if given, and says whether the first bytes hold `expected`. */
export function answers(port: number, expected: string, hello = ''): Promise<boolean> {
  return new Promise((resolve) => {
    let seen = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(hello));
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
      if (seen.includes(expected)) finish(true);
    });
  });
}

/** Runs a command to its end. @throws with its output when it fails */
export function run(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): string {
  const result = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 });
  if (result.error) throw result.error;
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed (${result.status}):\n${(result.stdout + result.stderr).slice(-3_000)}`);
  return result.stdout;
}

const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/local/sbin'];

/** The full path of a program, also of those that only root has on the PATH. */
export function which(...names: string[]): string | null {
  for (const name of names) for (const folder of FOLDERS) if (folder && existsSync(`${folder}/${name}`)) return `${folder}/${name}`;
  return null;
}
