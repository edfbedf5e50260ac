// npm test: plain Node at its top, since it installs the packages itself. Ends with "N passed, N failed".
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensurePackages } from '../server/packages.mjs';

const root = resolve(import.meta.dirname, '..');
const stackDir = resolve(process.env.ALLO_STACK_DIR ?? join(root, '.stack'));
const total = { passed: 0, failed: 0 };
const failures = [];
const skipped = [];
let interrupted = false;
let running = null;

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal); // the terminal tells the child as well; a second signal does no harm
  });

/** Prints a heading, does the work, prints how long it took. Nothing runs after Ctrl+C. */
async function step(title, work) {
  if (interrupted) return undefined;
  console.log(`\n=== ${title}`);
  const from = performance.now();
  const result = await work();
  console.log(`--- ${title}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
  return result;
}

/** Runs a command, its output passed on as it comes; answers its exit code and what it wrote to stderr. */
function run(command, args, env = {}) {
  return new Promise((done) => {
    let stderr = '';
    running = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'pipe'] });
    running.stderr.on('data', (chunk) => {
      process.stderr.write(chunk);
      stderr += chunk;
    });
    running.on('error', (error) => done({ code: 1, stderr: error.message }));
    running.on('close', (code) => done({ code: code ?? 1, stderr }));
  });
}

const bin = (name) => join(root, 'node_modules/.bin', name);
const stack = (...args) => run(bin('tsx'), ['test/stack/cli.ts', ...args]);

function count(title, ok) {
  total[ok ? 'passed' : 'failed']++;
  if (!ok) failures.push(title);
}

async function check(title, command, args) {
  await step(title, async () => count(title, (await run(command, args)).code === 0 && !interrupted));
}

/** A part that cannot be had is skipped, with the reason; on CI that is a failure. */
async function provision(part) {
  return step(`stack: ${part}`, async () => {
    const { code, stderr } = await stack('up', part);
    if (code === 0) return true;
    skipped.push(
      `${part}: ${
        stderr
          .trim()
          .split('\n')
          .filter((line) => !line.startsWith('npm '))
          .slice(0, 3)
          .join(' ') || `exit code ${code}`
      }`,
    );
    if (process.env.CI === 'true') count(`stack: ${part}`, false);
    return false;
  });
}

async function vitest(project, env) {
  await step(`tests: ${project}`, async () => {
    const file = join(stackDir, `vitest-${project}.json`);
    mkdirSync(stackDir, { recursive: true });
    rmSync(file, { force: true });
    const { code } = await run(
      bin('vitest'),
      ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile=${file}`],
      env,
    );
    const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests;
    if (report.numFailedTests > 0) failures.push(`tests: ${project}, ${report.numFailedTests} of them`);
    if (report.numPendingTests > 0) skipped.push(`${report.numPendingTests} tests of ${project}, see above`);
    // a file that does not load, an error outside the tests, or no test at all
    if (code !== 0 && report.numFailedTests === 0) count(`tests: ${project}, exit code ${code}`, false);
  });
}

const setting = (name) => new RegExp(`^${name}=(.*)$`, 'm').exec(readFileSync(join(stackDir, 'env'), 'utf8'))?.[1];

/** Parts that are already up, by hand, stay up. */
function partsDown() {
  const status = execFileSync(bin('tsx'), ['test/stack/cli.ts', 'status'], { cwd: root, encoding: 'utf8' });
  return status
    .split('\n')
    .filter((line) => line.endsWith(' down'))
    .map((line) => line.split(' ')[0]);
}

try {
  await step('packages', ensurePackages);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const [, name] of scripts.check.matchAll(/npm run -s (\S+)/g)) await check(name, 'npm', ['run', '-s', name]);

  const ours = partsDown();
  const has = {};
  try {
    for (const part of ['mariadb', 'redis', 'asterisk', 'sipp', 'chromium']) has[part] = await provision(part);
    if (existsSync(join(root, 'server/build.mjs'))) await check('build', process.execPath, ['server/build.mjs']);
    const env = {
      ...(has.mariadb && { ALLO_TEST_MYSQL_URL: setting('DATABASE_URL') }),
      ...(has.redis && { ALLO_TEST_REDIS_URL: setting('REDIS_URL') }),
    };
    await vitest('unit', env);
    if (has.mariadb && has.redis && has.asterisk && has.sipp && has.chromium) await vitest('e2e', env);
    else skipped.push('the end-to-end tests: they need all of the above');
  } finally {
    const started = ours.filter((part) => part in has);
    console.log('\n=== stack: down');
    if (started.length > 0) await stack('down', ...started);
  }
} catch (error) {
  console.error(error);
  count(error.message.split('\n')[0], false);
}

if (interrupted) count('interrupted', false);
console.log('');
for (const what of skipped) console.log(`SKIPPED  ${what}`);
for (const what of failures) console.log(`FAILED   ${what}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
