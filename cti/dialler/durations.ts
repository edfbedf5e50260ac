/**
 * How long something lasts, learned from what was seen: a histogram in which an old sample counts for less. A prior, worth a few samples, stands in
 * until there are any.
 */
export class Durations {
  readonly #binMs: number;
  /** The weight of each bin; the last one holds all that is longer. */
  readonly #weights: Float64Array;
  readonly #prior: Float64Array;
  readonly #priorWeight: number;
  /** By how much each sample outweighs the one before it. */
  readonly #growth: number;
  #weight = 1;
  #total = 0;
  #shares: Float64Array | null = null;

  /**
   * @param halfLife after so many samples one counts for half
   * @param priorMean ms, of the exponential distribution that is believed at first
   * @param priorWeight in samples
   */
  constructor(options: { binMs: number; bins: number; halfLife: number; priorMean: number; priorWeight: number }) {
    this.#binMs = options.binMs;
    this.#weights = new Float64Array(options.bins + 1);
    this.#prior = Float64Array.from({ length: options.bins + 1 }, (_, i) => 1 - Math.exp((-i * options.binMs) / options.priorMean));
    this.#priorWeight = options.priorWeight;
    this.#growth = 1 + Math.LN2 / options.halfLife;
  }

  add(ms: number): void {
    this.#weight *= this.#growth;
    const bin = Math.min(this.#weights.length - 1, Math.max(0, Math.floor(ms / this.#binMs)));
    this.#weights[bin]! += this.#weight;
    this.#total += this.#weight;
    this.#shares = null;
    if (this.#weight > 1e12) this.#rescale();
  }

  /** @returns the share of those that last no longer than `ms`, 0 to 1 */
  within(ms: number): number {
    const shares = (this.#shares ??= this.#count());
    const place = ms / this.#binMs;
    const bin = Math.floor(place);
    if (bin >= shares.length - 1) return shares[shares.length - 1]!;
    return shares[bin]! + (shares[bin + 1]! - shares[bin]!) * (place - bin);
  }

  /** @returns ms: the durations in the middle of `count` equal parts of the distribution */
  quantiles(count: number): number[] {
    const shares = (this.#shares ??= this.#count());
    const last = shares[shares.length - 1]!;
    let bin = 0;
    return Array.from({ length: count }, (_, i) => {
      while (bin < shares.length - 2 && shares[bin + 1]! < (last * (i + 0.5)) / count) bin++;
      return (bin + 1) * this.#binMs;
    });
  }

  #count(): Float64Array {
    const prior = this.#priorWeight * this.#weight;
    let sum = 0;
    return this.#prior.map((share, i) => {
      const upTo = (sum + prior * share) / (this.#total + prior);
      sum += this.#weights[i]!;
      return upTo;
    });
  }

  #rescale(): void {
    for (let i = 0; i < this.#weights.length; i++) this.#weights[i]! /= this.#weight;
    this.#total /= this.#weight;
    this.#weight = 1;
  }
}
