import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** npm run bench -- NAME [--size N] [--scale X]: runs one bench of this folder and prints its figures. */

export interface BenchOptions {
  /** Of what the bench counts (clients, say); its own default when missing. */
  size: number | undefined;
  /** 1: as a bench. 0.01: the same work on a hundredth, where only right or wrong counts. */
  scale: number;
}

const usage = (): never => {
  const names = readdirSync(import.meta.dirname).filter((file) => file !== 'run.ts');
  const benches = names.filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3));
  console.error(`usage: npm run bench -- NAME [--size N] [--scale X]\nbenches: ${benches.join(', ')}`);
  process.exit(2);
};

const read = () => {
  try {
    return parseArgs({ allowPositionals: true, options: { size: { type: 'string' }, scale: { type: 'string', default: '1' } } });
  } catch {
    return usage();
  }
};

const { positionals, values } = read();
const [name, ...rest] = positionals;
const [size, scale] = [values.size === undefined ? undefined : Number(values.size), Number(values.scale)];
if (!name || rest.length > 0 || !/^[\w-]+$/.test(name) || !(scale > 0) || (size !== undefined && !(Number.isInteger(size) && size > 0)))
  usage();
if (!readdirSync(import.meta.dirname).includes(`${name}.ts`) || name === 'run') usage();

const bench = (await import(`./${name}.ts`)) as { run?: (options: BenchOptions) => Promise<unknown> };
if (!bench.run) usage();
await bench.run!({ size, scale });
