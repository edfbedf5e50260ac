import { levelOf } from '../sip/mute-watch.ts';
import { openMicrophone } from './microphone.ts';

const LOOK_MS = 100;
/** Of full volume, in decibels: what the meter shows as nothing. */
const SILENCE_DB = -60;

/** How loud the chosen microphone is, 0 to 100, in steps that are even to the ear. */
export class LevelMeter {
  private context: AudioContext | null = null;
  private stream: MediaStream | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Opens the microphone. @throws DOMException, see problemOfMicrophone */
  async start(heard: (percent: number) => void): Promise<void> {
    this.stop();
    const stream = (this.stream = await openMicrophone());
    const context = (this.context = new AudioContext());
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const decibel = 20 * Math.log10(Math.max(levelOf(samples), 1e-6));
      heard(Math.round(Math.min(100, Math.max(0, 100 * (1 - decibel / SILENCE_DB)))));
    }, LOOK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    void this.context?.close();
    this.stream = this.context = null;
  }
}
