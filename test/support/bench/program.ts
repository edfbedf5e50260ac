import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../../..');

/** Runs a program of this repository in a process of its own. */
export function startProgram(script: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  // warnings and errors: a figure beside them means nothing
  lines.on('line', (text) => /"level":(?:"(?:warn|error|fatal)"|[456]0)/.test(text) && console.error(text.slice(0, 1_000)));
  return {
    pid: child.pid!,
    /** The first group of the first line from now on that fits. @throws when the program ends before */
    line: (found: RegExp) =>
      new Promise<string>((resolve, reject) => {
        lines.on('line', (text) => {
          const m = found.exec(text);
          if (m) resolve(m[1]!);
        });
        child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
      }),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
