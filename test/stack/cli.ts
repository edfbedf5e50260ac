import type { Part } from './paths.ts';
import { dir, PARTS } from './paths.ts';
import { ensureStack, stackStatus, stopStack } from './index.ts';
import { provide } from './provision.ts';

const [command, ...rest] = process.argv.slice(2);
const unknown = rest.filter((part) => !PARTS.includes(part as Part));
const parts = rest.length === 0 ? PARTS : (rest as Part[]);

if (unknown.length > 0) fail(`no such part: ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
try {
  switch (command) {
    case 'up': {
      const stack = await ensureStack({ parts });
      if (rest.length === 0) for (const tool of ['sipp', 'chromium'] as const) provide(tool);
      console.log(
        `up; the settings for Allo are in ${dir}/env\n\nDATABASE_URL=${stack.mariadbUrl}\nREDIS_URL=${stack.redisUrl}\nPBX=${stack.asterisk.pbx}`,
      );
      break;
    }
    case 'down':
      await stopStack(parts);
      console.log('down');
      break;
    case 'status':
      for (const [part, state] of Object.entries(await stackStatus()))
        console.log(`${part.padEnd(9)} ${state ? `${state.answers ? 'up' : 'started, does not answer'}, pid ${state.pid}` : 'down'}`);
      break;
    default:
      fail('usage: npm run stack -- up|down|status [mariadb] [redis] [asterisk]');
  }
} catch (error) {
  fail((error as Error).message);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
