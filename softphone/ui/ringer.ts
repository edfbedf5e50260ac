import { devices } from '../devices/devices.ts';
import { soundOn } from '../devices/sink.ts';
import { knockSamples, pipSamples, ringbackSamples, ringSamples } from './tones.ts';

export type Tone = 'ring' | 'ringback' | 'knock';

const SAMPLES = { ring: ringSamples, ringback: ringbackSamples, knock: knockSamples };

/** The sound of ringing, on the device chosen for it. One looped buffer, no timers, so that a hidden tab rings in time as well. */
export class Ringer {
  private context: AudioContext | null = null;
  private playing: { tone: Tone; source: AudioBufferSourceNode; gain: GainNode } | null = null;
  private readonly changed: () => void;

  /** @param changed is called when `allowed` may have changed. */
  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** Browsers let a page sound only after a gesture. */
  get allowed(): boolean {
    return this.context?.state === 'running';
  }

  get tone(): Tone | null {
    return this.playing?.tone ?? null;
  }

  /** To be called in the handler of a click or key. @returns whether sound is allowed now. */
  async unlock(): Promise<boolean> {
    // Where the browser goes on refusing, resume() never settles.
    const patience = new Promise<void>((resolve) => setTimeout(resolve, 1000));
    await Promise.race([this.open().resume(), patience]);
    return this.allowed;
  }

  play(tone: Tone | null): void {
    if (tone === this.tone) return;
    this.playing?.source.stop();
    this.playing = null;
    if (!tone) return;
    const context = this.open();
    const wave = SAMPLES[tone](context.sampleRate);
    const buffer = context.createBuffer(1, wave.length, context.sampleRate);
    buffer.copyToChannel(wave, 0);
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    const gain = new GainNode(context, { gain: 0 });
    source.connect(gain).connect(context.destination);
    source.start();
    this.playing = { tone, source, gain };
    this.useDevices();
  }

  /** Rings where the ring was wished, and knocks in the headset. To be called when the devices changed. */
  useDevices(): void {
    if (!this.playing || !this.context) return;
    const use = this.playing.tone === 'ring' ? 'ring' : 'voice';
    this.playing.gain.gain.value = devices().volume(use);
    // The device has just gone: its list will say so, and this is called again.
    soundOn(this.context, devices().sink(use)).catch(() => undefined);
  }

  /** Once, in the headset. */
  pip(): void {
    const context = this.open();
    const wave = pipSamples(context.sampleRate);
    const buffer = context.createBuffer(1, wave.length, context.sampleRate);
    buffer.copyToChannel(wave, 0);
    soundOn(context, devices().sink('voice')).catch(() => undefined); // gone just now: the system's has it
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(new GainNode(context, { gain: devices().volume('voice') })).connect(context.destination);
    source.start();
  }

  private open(): AudioContext {
    if (!this.context) {
      this.context = new AudioContext();
      this.context.onstatechange = this.changed;
    }
    return this.context;
  }

  async close(): Promise<void> {
    this.play(null);
    const { context } = this;
    this.context = null;
    if (!context) return;
    context.onstatechange = null;
    await context.close();
  }
}
