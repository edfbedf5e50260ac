import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Channel, Switchboard } from './switchboard.ts';

const RATE = 8_000;
/** A longer talk is cut: nobody listens to a hum for so long. */
const MAX_MS = 5 * 60_000;

interface Tape {
  readonly file: string;
  readonly from: number;
  /** From, until; the last may be open. */
  readonly silent: { from: number; to: number | null }[];
}

/** A hum that rises and falls like talk; silent where it was told to be. */
function sound({ from, silent }: Tape, until: number): Buffer {
  const samples = Math.floor((Math.min(until - from, MAX_MS) * RATE) / 1000);
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write('RIFF\0\0\0\0WAVEfmt ', 0, 'latin1');
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(RATE * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i += 1) {
    const at = from + (i * 1000) / RATE;
    if (silent.some((s) => at >= s.from && at < (s.to ?? until))) continue;
    const word = Math.max(0, Math.sin(i / 1_900)) * (0.3 + 0.7 * Math.abs(Math.sin(i / 23_000)));
    wav.writeInt16LE(Math.round(Math.sin(i / 9) * word * 9_000), 44 + i * 2);
  }
  return wav;
}

export type Tapes = ReturnType<typeof createTapes>;

/** What MixMonitor records of the simulated talks, written below `folder`/monitor when it ends. */
export function createTapes(board: Switchboard, folder: string, now: () => number) {
  const tapes = new Map<Channel, Tape>();
  const stop = (channel: Channel): boolean => {
    const tape = tapes.get(channel);
    if (!tape) return false;
    tapes.delete(channel);
    const path = join(folder, 'monitor', tape.file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, sound(tape, now()));
    return true;
  };
  board.onClosed(stop);
  return {
    start: (channel: Channel, file: string) => void tapes.set(channel, { file, from: now(), silent: [] }),
    mute(channel: Channel, on: boolean): boolean {
      const tape = tapes.get(channel);
      const last = tape?.silent.at(-1);
      if (on && tape && last?.to !== null) tape.silent.push({ from: now(), to: null });
      if (!on && last?.to === null) last.to = now();
      return tape !== undefined;
    },
    stop,
  };
}
