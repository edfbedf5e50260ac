import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** npm run bench -- NAME [--size N] [--scale X] [--seconds N]: runs one bench of this folder and prints its figures. */

export interface BenchOptions {
  /** Of what the bench counts (clients, say); its own default when missing. */
  size: number | undefined;
  /** 1: as a bench. 0.01: the same work on a hundredth, where only right or wrong counts. */
  scale: number;
  /** How long, for a bench that keeps a pace; its own default when missing. */
  seconds: number | undefined;
}

const usage = (): never => {
  const names = readdirSync(import.meta.dirname).filter((file) => file !== 'run.ts');
  const benches = names.filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3));
  console.error(`usage: npm run bench -- NAME [--size N] [--scale X] [--seconds N]\nbenches: ${benches.join(', ')}`);
  process.exit(2);
};

const read = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { size: { type: 'string' }, seconds: { type: 'string' }, scale: { type: 'string', default: '1' } },
    });
  } catch {
    return usage();
  }
};

const { positionals, values } = read();
const [name, ...rest] = positionals;
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const [size, seconds, scale] = [number(values.size), number(values.seconds), Number(values.scale)];
const whole = (value: number | undefined) => value === undefined || (Number.isInteger(value) && value > 0);
if (!name || rest.length > 0 || !/^[\w-]+$/.test(name) || !(scale > 0) || !whole(size) || !whole(seconds)) usage();
if (!readdirSync(import.meta.dirname).includes(`${name}.ts`) || name === 'run') usage();

const bench = (await import(`./${name}.ts`)) as { run?: (options: BenchOptions) => Promise<unknown> };
if (!bench.run) usage();
await bench.run!({ size, scale, seconds });
