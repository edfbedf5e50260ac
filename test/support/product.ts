import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dir, ports } from '../stack/paths.ts';
import type { Asterisk } from '../stack/index.ts';

/** Allo as it is delivered: the built server as a process of its own, people made by the command line, everything else over HTTP. */
export interface Product {
  readonly url: string;
  /** The command line, with what goes to its standard input. @throws Error with what it said when it fails */
  cli(args: readonly string[], input?: string): Promise<string>;
  start(): Promise<void>;
  /** SIGTERM, or SIGKILL to see what a crash leaves behind. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Everything the process has logged since its last start. */
  log(): string;
}

const root = new URL('../../', import.meta.url).pathname;

interface Options {
  databaseUrl: string;
  redisUrl?: string;
  asterisk: Asterisk;
  port?: number;
  /** Of this process; the others are other products with the same secrets. Default: all. */
  roles?: string;
  secrets?: Secrets;
  /** Further settings. */
  env?: Readonly<Record<string, string>>;
}

export interface Secrets {
  SESSION_SECRET: string;
  SECRETS_KEY: string;
}
export const makeSecrets = (): Secrets => ({
  SESSION_SECRET: randomBytes(33).toString('base64'),
  SECRETS_KEY: randomBytes(33).toString('base64'),
});

export const createProduct = (options: Options): Product => {
  const port = options.port ?? ports.app;
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl ?? '',
    PBX: options.asterisk.pbx,
    ROLES: options.roles ?? '',
    ...(options.secrets ?? makeSecrets()),
    DATA_DIR: join(dir, 'product'),
    ...options.env,
  };
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  let logged = '';

  return {
    url,
    log: () => logged,
    cli: (args, input) =>
      new Promise((resolve, reject) => {
        const run = execFile(process.execPath, ['dist/node/server/cli.js', ...args], { cwd: root, env }, (error, stdout, stderr) =>
          error ? reject(new Error(`allo ${args.join(' ')}: ${stderr || stdout || error.message}`)) : resolve(stdout),
        );
        run.stdin!.end(input === undefined ? '' : `${input}\n`);
      }),
    start: async () => {
      mkdirSync(env.DATA_DIR, { recursive: true });
      logged = '';
      const process_ = spawn(process.execPath, ['dist/node/server/main.js'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
      child = process_;
      const file = createWriteStream(join(env.DATA_DIR, 'server.log'), { flags: 'a' });
      for (const stream of [process_.stdout!, process_.stderr!])
        stream.on('data', (chunk: Buffer) => {
          logged += chunk.toString();
          file.write(chunk);
        });
      for (let waited = 0; ; waited += 100) {
        if (options.roles && !options.roles.includes('api') && logged.includes('Allo runs')) return;
        const ready = await fetch(`${url}/readyz`).catch(() => null);
        if (ready?.ok) return;
        if (process_.exitCode !== null || waited > 30_000)
          throw new Error(`Allo is not ready: ${(await ready?.text()) ?? 'no answer'}\n${logged.slice(-3_000)}`);
        await sleep(100);
      }
    },
    stop: async (signal = 'SIGTERM') => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
      child = null;
    },
  };
};

/** A person's session over HTTP, beside their browser. */
export const signInOver = async (url: string, login: string, password: string) => {
  const signedIn = await fetch(`${url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ login, password }),
  });
  if (!signedIn.ok) throw new Error(`sign-in: ${signedIn.status} ${await signedIn.text()}`);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return async <T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> => {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: { cookie, origin: url, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text ? JSON.parse(text) : null) as T };
  };
};
