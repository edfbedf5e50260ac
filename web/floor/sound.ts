const KEY = 'allo.floor-sound';

export const soundOn = (): boolean => localStorage.getItem(KEY) === 'on';
export const setSound = (on: boolean): void => localStorage.setItem(KEY, on ? 'on' : 'off');

let context: AudioContext | undefined;

/** Two short tones: something went beyond its threshold. */
export const chime = (): void => {
  context ??= new AudioContext();
  const gain = context.createGain();
  gain.gain.value = 0.1;
  gain.connect(context.destination);
  for (const [at, frequency] of [
    [0, 660],
    [0.2, 880],
  ] as const) {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(context.currentTime + at);
    tone.stop(context.currentTime + at + 0.15);
  }
};
