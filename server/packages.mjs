// Plain Node: this runs before there are any packages.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'node_modules/.allo-lock');

/** Installs the locked packages when they are missing or belong to another lock file. @throws when npm cannot */
export function ensurePackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('installing the locked packages');
  const { status, error } = spawnSync('npm', ['ci'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (error || status !== 0) throw new Error(`npm ci failed${error ? `: ${error.message}` : ''}; is the package registry reachable?`);
  writeFileSync(stamp, wanted);
}
