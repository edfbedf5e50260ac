/** ms: starts it; null: stops it. */
export interface TimerOrder {
  readonly id: number;
  readonly ms: number | null;
}
/** The id of the timer that is due. */
export type TimerAnswer = number;

interface Waiting {
  readonly then: () => void;
  /** By the clock, in ms. */
  readonly due: number;
  /** Its timer in the page, when there is no worker. */
  own: ReturnType<typeof setTimeout> | null;
}

/**
 * Timers of the page run once a minute when its tab has been hidden for a while; a worker's do not. Where no worker can be had (an old browser,
 * a page whose policy forbids it, tests without a browser), they are the page's.
 */
class Timers {
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | null = null;
  private tried = false;
  private count = 0;

  start(then: () => void, ms: number): number {
    const id = ++this.count;
    const entry: Waiting = { then, due: Date.now() + ms, own: null };
    this.waiting.set(id, entry);
    const worker = this.obtain();
    if (worker) worker.postMessage({ id, ms } satisfies TimerOrder);
    else entry.own = setTimeout(() => this.fire(id), ms);
    return id;
  }

  stop(id: number | undefined): void {
    const entry = id === undefined ? undefined : this.waiting.get(id);
    if (id === undefined || !entry) return;
    this.waiting.delete(id);
    if (entry.own !== null) clearTimeout(entry.own);
    else this.worker?.postMessage({ id, ms: null } satisfies TimerOrder);
  }

  private fire(id: number): void {
    const entry = this.waiting.get(id);
    this.waiting.delete(id);
    entry?.then();
  }

  private obtain(): Worker | null {
    if (this.tried) return this.worker;
    this.tried = true;
    if (typeof Worker === 'undefined') return null;
    try {
      const worker = new Worker(new URL('./timers-worker.ts', import.meta.url), { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<TimerAnswer>) => this.fire(data);
      worker.onerror = () => this.doWithout();
      this.worker = worker;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // the page's policy
    }
    return this.worker;
  }

  /** Its file did not come, or may not run here. */
  private doWithout(): void {
    this.worker?.terminate();
    this.worker = null;
    for (const [id, entry] of this.waiting) entry.own ??= setTimeout(() => this.fire(id), entry.due - Date.now());
  }
}

const timers = new Timers();

/** As setTimeout, and on time in a hidden tab too. @returns what `stopTimer` takes */
export const startTimer = (then: () => void, ms: number): number => timers.start(then, ms);

export const stopTimer = (id: number | undefined): void => timers.stop(id);
