import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * npm run test:asterisk16 [-- NAME...]: the bridge against an old Asterisk, in a stack of its own beside the other. All cases of
 * test/stack/traces are played anew and must tell the same facts; then the end-to-end tests of the stack and of the doctor. NAME: only these, played
 * anew, and nothing else.
 */
process.env['ALLO_ASTERISK'] = '16';
process.env['ALLO_PORT_BASE'] = String(Number(process.env['ALLO_PORT_BASE'] ?? 20_000) + 700);
const { dir, root } = await import('./paths.ts');
const { provide } = await import('./provision.ts');
const { runBin, withStack } = await import('./vitest.ts');

const names = process.argv.slice(2);
const ALLO_TRACES = join(dir, 'traces');
const CASES = ['test/cti/cases.test.ts', 'test/cti/traces.test.ts'];
const END_TO_END = ['stack', 'doctor'].map((name) => `test/e2e/${name}.e2e.ts`);

await withStack(['mariadb', 'redis', 'asterisk'], async (stack) => {
  provide('sipp');
  provide('chromium');
  rmSync(ALLO_TRACES, { recursive: true, force: true });
  const recorded = await runBin('tsx', ['test/stack/record-trace.ts', ...(names.length > 0 ? names : ['all'])], { ALLO_TRACES });
  const only = names.length > 0 ? ['--testNamePattern', `^(${names.join('|')})(:|$)`] : [];
  const same = await runBin('vitest', ['run', '--project', 'unit', ...CASES, ...only], { ALLO_TRACES });
  if (names.length > 0) return recorded && same;
  const env = { ALLO_TEST_MYSQL_URL: stack.mariadbUrl, ALLO_TEST_REDIS_URL: stack.redisUrl };
  execFileSync(process.execPath, ['server/build.mjs'], { cwd: root, stdio: 'inherit' });
  const whole = await runBin('vitest', ['run', '--project', 'e2e', ...END_TO_END], env);
  return recorded && same && whole;
});
