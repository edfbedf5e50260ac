import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** The environment, and beneath it what stands in .env of `dir`. */
export const readEnv = (dir: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => {
  const file = join(dir, '.env');
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')), ...env } : env;
};
