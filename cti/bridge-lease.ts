import type { CtiLog, Lease } from './facts.ts';

/** Another bridge asks every third of it: it has the PBX within eight seconds after this one was killed. */
const TTL_MS = 6_000;

export interface LeaseKeeper {
  stop(): Promise<void>;
}

export interface LeaseOptions {
  readonly lease: Lease;
  readonly pbx: string;
  readonly owner: string;
  readonly log: CtiLog;
  readonly ttlMs?: number;
  readonly onGained: () => void;
  /** `reason`: English, for the administrator. */
  readonly onLost: (state: 'standby' | 'offline', reason: string) => void;
}

/** Takes the lease, keeps it, tells when it comes and goes. While the store is away the lease runs on to its end, and no longer. */
export function keepLease({ lease, pbx, owner, log, ttlMs = TTL_MS, onGained, onLost }: LeaseOptions): LeaseKeeper {
  /** A store that hangs is as good as one that is away. */
  const patienceMs = ttlMs / 3;
  /** performance.now() until which the lease is ours for sure. */
  let until = 0;
  let state: 'new' | 'ours' | 'standby' | 'away' = 'new';
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let expiry: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  function lose(next: 'standby' | 'away', reason: string): void {
    clearTimeout(expiry);
    if (state === next) return;
    state = next;
    log.warn({ pbx, reason }, 'lease: not ours');
    onLost(next === 'standby' ? 'standby' : 'offline', reason);
  }

  async function acquire(): Promise<void> {
    const askedAt = performance.now();
    try {
      const ours = await within(patienceMs, lease.acquire(pbx, owner, ttlMs));
      if (stopped) return;
      if (!ours) return lose('standby', 'another bridge owns this PBX');
      until = askedAt + ttlMs;
      clearTimeout(expiry);
      expiry = setTimeout(() => lose('away', 'the store of the lease does not answer'), Math.max(0, until - performance.now()));
      if (state === 'ours') return;
      state = 'ours';
      onGained();
    } catch (err) {
      log.warn({ pbx, err }, 'lease: the store is away');
      if (!stopped && performance.now() >= until) lose('away', 'the store of the lease is away');
    }
  }

  const tick = () => {
    running = acquire().finally(() => {
      if (!stopped) timer = setTimeout(tick, ttlMs / 3);
    });
  };
  tick();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(expiry);
      await running;
      if (state !== 'ours') return;
      await within(patienceMs, lease.release(pbx, owner)).catch((err: unknown) =>
        log.warn({ pbx, err }, 'lease: not given back, it will run out'),
      );
    },
  };
}

/** @throws Error when the promise has not settled in time; what it comes to later is nobody's concern */
function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
