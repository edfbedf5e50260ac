/** The sound of a WAV file as Asterisk writes it (16-bit PCM, one channel), and its outline. Pure. */

export interface WavFormat {
  sampleRate: number;
  /** Bytes before the samples. */
  offset: number;
}

/** The first bytes of the file (a kilobyte will do). null: not a WAV file that we know. */
export const wavFormat = (head: Buffer): WavFormat | null => {
  if (head.length < 44 || head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') return null;
  let sampleRate = 0;
  for (let at = 12; at + 8 <= head.length;) {
    const chunk = head.toString('latin1', at, at + 4);
    const size = head.readUInt32LE(at + 4);
    if (chunk === 'data') return sampleRate > 0 ? { sampleRate, offset: at + 8 } : null;
    if (chunk === 'fmt ') {
      if (at + 24 > head.length) return null;
      const [coding, channels, rate, bits] = [head.readUInt16LE(at + 8), head.readUInt16LE(at + 10), head.readUInt32LE(at + 12), head.readUInt16LE(at + 22)]; // prettier-ignore
      if (coding !== 1 || channels !== 1 || bits !== 16) return null;
      sampleRate = rate;
    }
    at += 8 + size + (size % 2);
  }
  return null;
};

export const durationOf = (bytes: number, { sampleRate, offset }: WavFormat): number =>
  Math.round(((Math.max(0, bytes - offset) >> 1) / sampleRate) * 1000);

/** Takes the samples in pieces of any length; `peaks()` is `count` values from 0 to 100, the loudest of each slice. */
export const createOutline = (samples: number, count: number) => {
  const loudest = new Array<number>(Math.max(1, Math.min(count, samples))).fill(0);
  let seen = 0;
  /** The first byte of a sample whose second one comes with the next piece. */
  let odd: number | null = null;
  const take = (sample: number) => {
    const slice = Math.min(loudest.length - 1, Math.floor((seen++ * loudest.length) / Math.max(1, samples)));
    loudest[slice] = Math.max(loudest[slice]!, Math.abs(sample));
  };
  return {
    push(piece: Buffer): void {
      let at = 0;
      if (odd !== null && piece.length > 0) {
        take(Buffer.from([odd, piece[0]!]).readInt16LE(0));
        odd = null;
        at = 1;
      }
      for (; at + 1 < piece.length; at += 2) take(piece.readInt16LE(at));
      if (at < piece.length) odd = piece[at]!;
    },
    peaks: (): number[] => loudest.map((value) => Math.round((value / 32_768) * 100)),
  };
};
