import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { SIMULATOR } from './config.ts';

/** Made once; who may read the file may read everything. */
const demoSecrets = (dataDir: string): NodeJS.Dict<string> => {
  const file = join(dataDir, 'secrets.env');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    const make = () => randomBytes(33).toString('base64url');
    writeFileSync(file, `SESSION_SECRET=${make()}\nSECRETS_KEY=${make()}\n`, { mode: 0o600, flag: 'wx' });
  }
  return parseEnv(readFileSync(file, 'utf8'));
};

/**
 * The environment, beneath it what stands in .env of `root`, and for the demonstration (DEMO=1) beneath both a SQLite file, the simulated PBX and
 * secrets of its own.
 */
export const readEnv = (root: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => {
  const file = join(root, '.env');
  const given: NodeJS.ProcessEnv = { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...env };
  if (!['1', 'true', 'yes'].includes(given.DEMO ?? '')) return given;
  const dataDir = resolve(root, given.DATA_DIR || 'data');
  const defaults = { DATABASE_URL: `sqlite:${join(dataDir, 'allo.db')}`, PBX: SIMULATOR, ...demoSecrets(dataDir) };
  const missing = Object.entries(defaults).filter(([name]) => !given[name]);
  return { ...given, ...Object.fromEntries(missing) };
};
