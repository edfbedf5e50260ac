/** Ages, ms, at which a conversation may change its ways: "wrong number" ends soon, one that has begun in earnest goes on. */
const FROM = [0, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000];
/** What a conversation still counts for after each later one. */
const KEPT = 0.997;
/** Believed at first: half an end in half a minute, at each age. */
const PRIOR_ENDS = 0.5;
const PRIOR_MS = 30_000;

/** How likely a conversation ends in the next moment, by its age: ends seen at that age per time spent at it. */
export class Hazard {
  readonly #ends = FROM.map(() => PRIOR_ENDS);
  readonly #spent = FROM.map(() => PRIOR_MS);

  /** @param ms how long a conversation lasted */
  add(ms: number): void {
    for (let i = 0; i < FROM.length && FROM[i]! < ms; i++) {
      const until = FROM[i + 1] ?? Infinity;
      this.#ends[i] = this.#ends[i]! * KEPT + (ms <= until ? 1 : 0);
      this.#spent[i] = this.#spent[i]! * KEPT + Math.min(ms, until) - FROM[i]!;
    }
  }

  /** @returns ends per ms of a conversation that has lasted `age` ms */
  at(age: number): number {
    let i = FROM.length - 1;
    while (i > 0 && FROM[i]! > age) i--;
    return this.#ends[i]! / this.#spent[i]!;
  }
}
