import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const up = (dir: string): string => (existsSync(join(dir, 'package.json')) ? dir : up(dirname(dir)));

/** The folder of package.json, from the sources as from dist/node. */
export const ROOT = up(dirname(fileURLToPath(import.meta.url)));

export const VERSION = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
