// Plain Node. Builds what is stale: the server into dist/node, the web app into dist/web.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

const filesOf = (folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

/** Of everything that goes into a part. */
function digest(folders, files) {
  const hash = createHash('sha256').update(process.version.split('.')[0]);
  const inputs = [...folders.flatMap(filesOf), ...files.map((file) => join(root, file))].sort();
  for (const file of inputs) hash.update(`\0${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function run(script, args) {
  const { status, error } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: 'inherit' });
  if (error || status !== 0) throw new Error(`the build failed: ${script} ${args.join(' ')}`);
}

/** A part that failed half-way stays stale: the stamp is written last. */
function build(name, wanted, work) {
  const stamp = join(root, 'dist', `.${name}`);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(join(root, 'dist', name))) return false;
  console.log(`building dist/${name}`);
  rmSync(stamp, { force: true });
  mkdirSync(join(root, 'dist'), { recursive: true });
  work();
  writeFileSync(stamp, wanted);
  return true;
}

const COMMON = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** Into a new folder first: the server that runs from the old one goes on. */
function buildNode() {
  const wanted = digest(['server', 'cti', 'migrations'], COMMON);
  return build('node', wanted, () => {
    const fresh = join(root, 'dist/node.new');
    rmSync(fresh, { recursive: true, force: true });
    run('typescript/bin/tsc', ['-p', 'server', '--outDir', fresh, '--noEmitOnError']);
    for (const folder of ['cti/asterisk']) cpSync(join(root, folder), join(fresh, folder), { recursive: true });
    rmSync(join(root, 'dist/node'), { recursive: true, force: true });
    renameSync(fresh, join(root, 'dist/node'));
  });
}

/** A browser cannot parse a decorator that the bundler let through, and the bundler does not say so. */
function checkBundle() {
  for (const file of filesOf('dist/web').filter((name) => name.endsWith('.js'))) {
    const { status, stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the built ${file} does not parse:\n${stderr}`);
  }
}

/** Of the server it imports types alone, which leave nothing behind. */
function buildWeb() {
  const wanted = digest(['web', 'softphone'], [...COMMON, 'vite.config.ts']);
  return build('web', wanted, () => {
    run('vite/bin/vite.js', ['build', '--logLevel', 'warn']);
    checkBundle();
  });
}

/** @throws Error when a part does not build */
export function buildStale({ web = true } = {}) {
  buildNode();
  if (web) buildWeb();
}

if (process.argv[1] === import.meta.filename) {
  buildStale();
  console.log('dist/ is up to date');
}
