const PERIOD_SECONDS = 5;
const ON_SECONDS = 1;

/** E5 and B4 in turn, a fourth apart, each struck and fading, two strokes of two notes in the second that sounds. */
const NOTE_SECONDS = 0.25;
const NOTES = [659.26, 493.88];

/** One period of the European cadence, one second of sound and four of silence, to be looped. Samples are within -1..1. */
export function ringSamples(sampleRate: number): Float32Array<ArrayBuffer> {
  return samples(sampleRate, (t) => {
    const note = NOTES[Math.floor(t / NOTE_SECONDS) % NOTES.length]!;
    const struck = t % NOTE_SECONDS;
    const envelope = Math.min(1, struck / 0.008) * Math.exp(-7 * struck) * Math.min(1, (NOTE_SECONDS - struck) / 0.01);
    const phase = 2 * Math.PI * note * struck;
    return envelope * (0.7 * Math.sin(phase) + 0.22 * Math.sin(2 * phase) + 0.08 * Math.sin(4 * phase));
  });
}

/** What a caller hears while it rings over there: 425 Hz in the same cadence. */
export function ringbackSamples(sampleRate: number): Float32Array<ArrayBuffer> {
  return samples(sampleRate, (t) => 0.25 * Math.min(1, t / 0.02, (ON_SECONDS - t) / 0.02) * Math.sin(2 * Math.PI * 425 * t));
}

/** Somebody else calls while we talk: a soft knock, twice, beside the voice. */
export function knockSamples(sampleRate: number): Float32Array<ArrayBuffer> {
  return samples(sampleRate, (t) => {
    const struck = t % 0.5;
    return 0.12 * Math.min(1, struck / 0.01) * Math.exp(-14 * struck) * Math.sin(2 * Math.PI * 440 * struck);
  });
}

/** We have answered by ourselves: two short high pips, once. */
export function pipSamples(sampleRate: number): Float32Array<ArrayBuffer> {
  return samples(sampleRate, (t) => (t < 0.3 && t % 0.16 < 0.1 ? 0.2 * Math.sin(2 * Math.PI * 950 * t) : 0));
}

function samples(sampleRate: number, at: (seconds: number) => number): Float32Array<ArrayBuffer> {
  const wave = new Float32Array(sampleRate * PERIOD_SECONDS);
  for (let i = 0; i < sampleRate * ON_SECONDS; i++) wave[i] = at(i / sampleRate);
  return wave;
}
