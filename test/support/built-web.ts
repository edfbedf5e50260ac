import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { root } from '../stack/paths.ts';

const BUILT = join(root, 'dist/web');

/** The newest source is younger than what was built of it. */
const stale = (): boolean => {
  const built = join(BUILT, 'index.html');
  if (!existsSync(built)) return true;
  const sources = ['web', 'softphone'].flatMap((top) =>
    (readdirSync(join(root, top), { recursive: true }) as string[]).map((file) => join(root, top, file)),
  );
  return Math.max(...sources.map((file) => statSync(file).mtimeMs)) > statSync(built).mtimeMs;
};

/** The web app as it is delivered, built when it is not. */
export const builtWeb = async (): Promise<string> => {
  if (!stale()) return BUILT;
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production'; // vitest says "test", and Vite would build what nobody is given
  await build({ configFile: join(root, 'vite.config.ts'), root: join(root, 'web'), logLevel: 'error' });
  process.env.NODE_ENV = NODE_ENV;
  return BUILT;
};

const IMPORT = /(?:^|[;}])\s*(?:import|export)\s*(?:[^'"()]*?from\s*)?["']\.\/([\w.-]+\.js)["']/g;

/** The JavaScript that the page waits for: the entry and what it imports, not what comes later. @returns name -> bytes (gzip) */
export const firstLoad = (dir: string): Map<string, number> => {
  const sizes = new Map<string, number>();
  const take = (name: string) => {
    if (sizes.has(name)) return;
    const code = readFileSync(join(dir, 'assets', name), 'utf8');
    sizes.set(name, gzipSync(code).length);
    for (const [, imported] of code.matchAll(IMPORT)) take(imported!);
  };
  const page = readFileSync(join(dir, 'index.html'), 'utf8');
  for (const [, name] of page.matchAll(/(?:src|href)="\/assets\/([\w.-]+\.js)"/g)) take(name!);
  return sizes;
};
