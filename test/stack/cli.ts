import type { Part } from './paths.ts';
import { ALL_PARTS, dir, PARTS } from './paths.ts';
import { ensureStack, stackStatus, stopStack } from './index.ts';
import type { Tool } from './provision.ts';
import { provide } from './provision.ts';

const TOOLS: readonly Tool[] = ['sipp', 'chromium', 'dovecot'];
const [command, ...rest] = process.argv.slice(2);
const unknown = rest.filter((name) => ![...ALL_PARTS, ...TOOLS].includes(name as Part & Tool));
const named = ALL_PARTS.filter((part) => rest.includes(part));
const parts = rest.length > 0 ? named : command === 'down' ? ALL_PARTS : PARTS;
const tools = TOOLS.filter((tool) => rest.length === 0 || rest.includes(tool));

if (unknown.length > 0) fail(`no such part: ${unknown.join(', ')}; there are ${[...ALL_PARTS, ...TOOLS].join(', ')}`);
try {
  switch (command) {
    case 'up': {
      for (const tool of tools) console.log(`${tool}: ${provide(tool)}`);
      if (parts.length === 0) break;
      const stack = await ensureStack({ parts });
      console.log(`up: ${parts.join(', ')}; the settings for Allo are in ${dir}/env\n`);
      if (parts.includes('mysql')) console.log(`MySQL: ${stack.mysqlUrl}\n`);
      console.log(`DATABASE_URL=${stack.mariadbUrl}\nREDIS_URL=${stack.redisUrl}\nPBX=${stack.asterisk.pbx}`);
      break;
    }
    case 'down':
      await stopStack(parts);
      console.log(`down: ${parts.join(', ')}`);
      break;
    case 'status':
      for (const [part, state] of Object.entries(await stackStatus()))
        console.log(`${part.padEnd(9)} ${state ? `${state.answers ? 'up' : 'started, does not answer'}, pid ${state.pid}` : 'down'}`);
      break;
    default:
      fail('usage: npm run stack -- up|down|status [mariadb] [mysql] [redis] [asterisk] [sipp] [chromium] [dovecot]');
  }
} catch (error) {
  fail((error as Error).message);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
