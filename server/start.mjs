// What `npm start`, `npm run dev` and `npm run allo` run. Plain Node: it installs the packages itself.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ensurePackages } from './packages.mjs';

const root = join(import.meta.dirname, '..');

const USAGE = `npm start [-- --stack]    builds what is stale and serves; without settings, a demonstration with made-up people and calls
npm run dev [-- --stack]  the same from the sources, reloading as they change
npm run allo -- COMMAND   the command line; npm run allo -- --help lists the commands

  --stack  on the real parts that "npm run stack -- up" has brought up (MariaDB, Redis, Asterisk)

Settings come from the environment or from .env; README.md lists them.`;

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24) return;
  throw new Error(`Allo needs Node 20.19, 22.13, 24 or newer; this is ${process.versions.node}`);
}

const readSettings = (file) => (existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {});

/** The environment wins over .env, and both over the stack. Nothing configured at all: the demonstration. */
function settle(stack) {
  const stackEnv = join(resolve(process.env.ALLO_STACK_DIR ?? join(root, '.stack')), 'env');
  if (stack && !existsSync(stackEnv)) throw new Error('the stack is not up: npm run stack -- up');
  const known = { ...(stack && readSettings(stackEnv)), ...readSettings(join(root, '.env')), ...process.env };
  Object.assign(process.env, known);
  if (stack) process.env.DEMO_SIP_SECRET ||= 'secret-{extension}'; // as test/stack writes pjsip.conf
  if (stack || (!known.DATABASE_URL && !known.PBX)) process.env.DEMO ||= '1';
  if (process.env.DEMO === '1') process.env.LOG_LEVEL ||= 'warn'; // a person reads the terminal
}

/** Server and page from the sources. Ends, with the other, when one of them does. */
function develop() {
  process.env.PORT ||= '3000';
  process.env.PUBLIC_URL ||= `http://127.0.0.1:${Number(process.env.PORT) + 1}`; // Vite's, see vite.config.ts
  const children = [
    ['tsx/dist/cli.mjs', 'watch', '--clear-screen=false', 'server/main.ts'],
    ['vite/bin/vite.js', '--clearScreen', 'false'],
  ].map(([script, ...args]) =>
    spawn(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }),
  );
  const stop = (signal) => children.forEach((child) => child.kill(signal));
  process.on('SIGINT', () => stop('SIGTERM'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  for (const child of children)
    child.on('exit', (code) => {
      process.exitCode ||= code ?? 0;
      stop('SIGTERM');
    });
}

async function start(args) {
  checkNode();
  const command = args.indexOf('--cli');
  const flags = command < 0 ? args : args.slice(0, command);
  const unknown = flags.filter((flag) => !['--dev', '--stack'].includes(flag));
  if (unknown.length > 0) {
    console.log(USAGE);
    process.exitCode = unknown.some((flag) => ['--help', '-h'].includes(flag)) ? 0 : 2;
    return;
  }
  const rest = command < 0 ? [] : args.slice(command + 1);
  const stack = flags.includes('--stack') || rest[0] === '--stack';
  if (rest[0] === '--stack') rest.shift();
  process.chdir(root);
  ensurePackages();
  settle(stack);
  if (flags.includes('--dev')) return develop();
  const { buildStale } = await import('./build.mjs');
  buildStale({ web: command < 0 });
  process.argv.splice(2, Infinity, ...rest);
  await import(command < 0 ? '../dist/node/server/main.js' : '../dist/node/server/cli.js');
}

start(process.argv.slice(2)).catch((err) => {
  console.error(err.message);
  process.exit(1);
});
