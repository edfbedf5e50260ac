export interface Backoff {
  /** Milliseconds to wait before the next try: doubles up to the cap, half of it by chance, so that many bridges do not knock together. */
  next(): number;
  /** The connection works: begin anew. */
  reset(): void;
  /** Knocking often will not help (a wrong password, which may ban us): go to the cap at once. */
  slow(): void;
}

export function createBackoff(baseMs: number, capMs: number): Backoff {
  let delayMs = baseMs;
  return {
    next() {
      const wait = delayMs * (0.5 + Math.random() / 2);
      delayMs = Math.min(capMs, delayMs * 2);
      return wait;
    },
    reset() {
      delayMs = baseMs;
    },
    slow() {
      delayMs = capMs;
    },
  };
}
