// npm test: plain Node at its top, since it installs the packages itself. Ends with "N passed, N failed".
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ensurePackages } from '../server/packages.mjs';

const root = resolve(import.meta.dirname, '..');
const stackDir = resolve(process.env.ALLO_STACK_DIR ?? join(root, '.stack'));
const total = { passed: 0, failed: 0 };
const failures = [];
const skipped = [];
const unsteady = [];
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

/** One run of vitest. @returns what it counted, and of each test or file that failed its file, name and the beginning of what it said */
async function vitestOnce(project, env, files = []) {
  const file = join(stackDir, `vitest-${project}.json`);
  mkdirSync(stackDir, { recursive: true });
  rmSync(file, { force: true });
  const { code } = await run(
    bin('vitest'),
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile=${file}`, ...files],
    env,
  );
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] };
  const failed = report.testResults.flatMap(({ name: path, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed');
    const name = relative(root, path);
    if (status === 'failed' && tests.length === 0) return [{ file: name, title: '(the file itself)', why: message }];
    return tests.map((test) => ({ file: name, title: test.fullName, why: test.failureMessages.join('\n') }));
  });
  return { code, failed, passed: report.numPassedTests ?? 0, pending: report.numPendingTests ?? 0 };
}

const told = ({ file, title, why }) => `${file}: ${title}\n${shorten(why ?? '')}`;

/** The first lines of an error, without colours: the end of the output says by itself what went wrong. */
function shorten(why) {
  const lines = why.replace(/\u001b\[[0-9;]*m/g, '').split('\n');
  return lines
    .filter((line) => line.trim() && !line.includes('node_modules'))
    .slice(0, 6)
    .map((line) => `           ${line.trim().slice(0, 200)}`)
    .join('\n');
}

/**
 * A file with a failed test is run once more by itself: real telephony on a busy machine has its moments. What passes then is not a failure, but is
 * named at the end as UNSTEADY, with what it said, so that nobody overlooks it.
 */
async function vitest(project, env) {
  await step(`tests: ${project}`, async () => {
    const first = await vitestOnce(project, env);
    if (first.pending > 0) skipped.push(`${first.pending} tests of ${project}, see above`);
    if (first.failed.length === 0) {
      total.passed += first.passed;
      // an error outside the tests, or no test at all
      if (first.code !== 0) count(`tests: ${project}, exit code ${first.code}`, false);
      return;
    }
    const files = [...new Set(first.failed.map((test) => test.file))];
    const again = interrupted ? first : await vitestOnce(project, env, files);
    const still = new Set(again.failed.map((test) => test.file + test.title));
    const steady = first.failed.filter((test) => !still.has(test.file + test.title));
    unsteady.push(...steady.map(told));
    // the second run of a file that did not load tells how many tests it has
    const fileItself = first.failed.some((test) => test.title === '(the file itself)');
    total.passed += fileItself && again.failed.length === 0 ? first.passed + again.passed : first.passed + steady.length;
    total.failed += again.failed.length;
    failures.push(...again.failed.map(told));
    if (again.code !== 0 && again.failed.length === 0) count(`tests: ${project} once more, exit code ${again.code}`, false);
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
    for (const part of ['mariadb', 'redis', 'asterisk', 'sipp', 'chromium', 'dovecot']) has[part] = await provision(part);
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
for (const what of unsteady) console.log(`UNSTEADY ${what}`);
for (const what of failures) console.log(`FAILED   ${what}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
