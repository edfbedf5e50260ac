/** Looked at so often; a beep or a key that is struck is loud for one look, a voice for several. */
const LOOK_MS = 100;
const LOOKS = 20;
const LOUD_LOOKS = 4;
/** Root mean square of the samples, of 1 at most: above the noise of a room, below a quiet voice at a headset. */
const LOUD = 0.02;

/** Listens to a microphone that is muted towards the far end, and says when somebody speaks into it. */
export class MuteWatch {
  private readonly context = new AudioContext();
  private readonly track: MediaStreamTrack;
  private readonly timer: ReturnType<typeof setInterval>;
  private loud: boolean[] = [];
  private speaking = false;

  /** @param track is copied: a copy sounds though the track does not. */
  constructor(track: MediaStreamTrack, heard: (speaking: boolean) => void) {
    this.track = track.clone();
    this.track.enabled = true;
    const analyser = new AnalyserNode(this.context, { fftSize: 2048 });
    new MediaStreamAudioSourceNode(this.context, { mediaStream: new MediaStream([this.track]) }).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.loud = [...this.loud.slice(1 - LOOKS), levelOf(samples) > LOUD];
      const speaking = this.loud.filter(Boolean).length >= LOUD_LOOKS;
      if (speaking !== this.speaking) heard((this.speaking = speaking));
    }, LOOK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.track.stop();
    void this.context.close();
  }
}

/** Root mean square. */
export const levelOf = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
