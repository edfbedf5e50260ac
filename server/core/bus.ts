import type { Logger } from 'pino';

/**
 * Wakes people up; may lose what it carries (the database is the truth). Listeners of one event do not wait for one another, and one that throws
 * is logged. What is emitted must survive JSON.
 */
export interface Bus<E extends object> {
  emit<N extends keyof E & string>(name: N, event: E[N]): void;
  /** @returns unsubscribe */
  on<N extends keyof E & string>(name: N, hear: (event: E[N]) => void | Promise<void>): () => void;
  /** Asks whoever answers `name`, here or in another process. @throws AppError `unavailable` when nobody answers within the time. */
  ask<Q, A>(name: string, question: Q, timeoutMs: number): Promise<A>;
  /** One answerer a name. An AppError it throws reaches the asker with its code. @returns stop answering */
  answer<Q, A>(name: string, reply: (question: Q) => Promise<A>): () => void;
  /** Reachable now: for /readyz. */
  healthy(): boolean;
  close(): Promise<void>;
}

export type BusLog = Pick<Logger, 'error' | 'warn' | 'info'>;
