import { inspectPbx } from '../cti/index.ts';
import type { Config } from './config.ts';
import { createLog } from './core/log.ts';
import { openRedis } from './core/redis.ts';
import { createSecrets } from './core/secrets.ts';
import { inspectDatabase } from './doctor/database-facts.ts';
import { examine } from './doctor/examine.ts';
import type { RedisFacts } from './doctor/machine.ts';
import { MODULES } from './doctor/modules.ts';
import { count, printJson, printText } from './doctor/print.ts';
import { lookAtSpool } from './doctor/spool.ts';
import type { Language } from './doctor/words.ts';

/** As the terminal has it, when nobody says. */
export const languageOf = (asked: string | undefined, env: NodeJS.ProcessEnv): Language => {
  if (asked !== undefined && asked !== 'ru' && asked !== 'en') throw new Error('--lang must be ru or en');
  return asked ?? ((env.LC_ALL || env.LC_MESSAGES || env.LANG || '').startsWith('ru') ? 'ru' : 'en');
};

/** Looks at everything that Allo stands on, changes nothing. @returns the exit code: 1 when there are errors */
export const runDoctor = async (config: Config, language: Language, json: boolean, say: (text: string) => void): Promise<number> => {
  const [redis, database, ...pbxs] = await Promise.all([
    config.redisUrl ? lookAtRedis(config.redisUrl) : null,
    inspectDatabase(config.databaseUrl, createSecrets(config.secretsKey)),
    ...config.pbxs.map(async (pbx) => ({
      pbx,
      found: await inspectPbx(pbx, MODULES, pbx.extensions === null ? undefined : new RegExp(pbx.extensions)),
      spool: pbx.spool === null ? null : await lookAtSpool(pbx.spool),
    })),
  ]);
  const wards = examine({ config, node: process.versions.node, redis, database, pbxs });
  say(json ? printJson(wards, language) : printText(wards, language));
  return count(wards, 'error') > 0 ? 1 : 0;
};

const lookAtRedis = async (url: string): Promise<RedisFacts> => {
  try {
    const client = await openRedis(url, createLog('silent'));
    try {
      const policy = await client.configGet('maxmemory-policy').then(
        (found) => found['maxmemory-policy'] ?? null,
        () => null, // a hosted Redis may forbid CONFIG
      );
      return { reached: true, reason: '', policy };
    } finally {
      client.destroy();
    }
  } catch (err) {
    return { reached: false, reason: (err as Error).message, policy: null };
  }
};
