import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureStack, stackStatus, stopStack } from './index.ts';
import type { Stack } from './index.ts';
import type { Part } from './paths.ts';
import { root } from './paths.ts';

/** Runs a program of node_modules to its end, its output passed on. @returns whether it was content */
export async function runBin(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const child = spawn(join(root, 'node_modules/.bin', name), args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}

/** Brings up what `work` stands on and takes down again what was not up before; the exit code says whether all was well. */
export async function withStack(parts: readonly Part[], work: (stack: Stack) => Promise<boolean>): Promise<void> {
  const before = await stackStatus();
  const ours = parts.filter((part) => !before[part]);
  try {
    const stack = await ensureStack({ parts });
    process.exitCode = (await work(stack)) ? 0 : 1;
  } finally {
    if (ours.length > 0) await stopStack(ours);
  }
}
