import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../stack/daemon.ts';
import { provide } from '../stack/provision.ts';

/** A sound server of its own with devices that are plugged in and pulled out: null sinks, and beside each a microphone into which a tone is hummed. */
export interface Pulse {
  /** For PULSE_SERVER. */
  readonly server: string;
  /** A headset or a loudspeaker with a microphone, called NAME and `NAME mic`. */
  plug(name: string): void;
  unplug(name: string): void;
  /** On which device each stream plays or records that is under way. */
  playing(): string[];
  recording(): string[];
  close(): Promise<void>;
}

export async function startPulse(): Promise<Pulse> {
  const folder = mkdtempSync(join(tmpdir(), 'allo-pulse-'));
  const socket = join(folder, 'native');
  const server = `unix:${socket}`;
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, PULSE_SERVER: server };
  const pactl = provide('pactl');
  const program = provide('pulseaudio');
  const args = ['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--disable-shm=yes'];
  const daemon = spawn(program, [...args, '-L', `module-native-protocol-unix socket=${socket} auth-anonymous=1`], { env, stdio: 'ignore' });
  for (let waited = 0; !existsSync(socket); waited += 50) {
    if (waited > 10_000 || daemon.exitCode !== null) throw new Error('PulseAudio does not start');
    await sleep(50);
  }
  const order = (...words: string[]) => run(pactl, words, env);
  const modules = new Map<string, string[]>();
  const load = (...words: string[]) => order('load-module', ...words).trim();

  /** "index name …" and "index device …", one a line. */
  const streams = (kind: 'sink' | 'source', list: string): string[] => {
    const names = new Map(
      order('list', 'short', `${kind}s`)
        .split('\n')
        .map((line) => line.split('\t') as [string, string]),
    );
    return order('list', 'short', list)
      .split('\n')
      .flatMap((line) => {
        const [, device, client] = line.split('\t');
        return client && client !== '-' ? [names.get(device!) ?? device!] : []; // the modules' own have no client
      })
      .sort();
  };

  return {
    server,
    plug(name) {
      const input = `${name}_in`;
      modules.set(name, [
        load('module-null-sink', `sink_name=${name}`, `sink_properties=device.description=${name}`),
        load('module-null-sink', `sink_name=${input}`, `sink_properties=device.description=${input}`),
        load('module-sine', `sink=${input}`, 'frequency=440'),
        load(
          'module-remap-source',
          `master=${input}.monitor`,
          `source_name=${name}_mic`,
          `source_properties=device.description=${name}_mic`,
        ),
      ]);
    },
    unplug(name) {
      for (const id of modules.get(name)?.reverse() ?? []) order('unload-module', id);
      modules.delete(name);
    },
    playing: () => streams('sink', 'sink-inputs'),
    recording: () => streams('source', 'source-outputs'),
    async close() {
      daemon.kill();
      if (daemon.exitCode === null) await once(daemon, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
