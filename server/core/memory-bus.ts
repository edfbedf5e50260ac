import type { Bus, BusLog } from './bus.ts';
import { AppError } from './errors.ts';

/** Listeners and answerers of this process: all of the memory bus, half of the Redis bus. */
export interface Local {
  on(name: string, hear: (event: never) => unknown): () => void;
  /** Each listener in its own turn, after the one who emits has gone on. */
  deliver(name: string, event: unknown): void;
  answer(name: string, reply: (question: never) => Promise<unknown>): () => void;
  answererOf(name: string): ((question: never) => Promise<unknown>) | undefined;
}

/** As it would arrive from another process. */
export const overTheWire = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

export const createLocal = (log: BusLog): Local => {
  const listeners = new Map<string, Set<(event: never) => unknown>>();
  const answerers = new Map<string, (question: never) => Promise<unknown>>();
  return {
    on(name, hear) {
      const heard = listeners.get(name) ?? new Set();
      const listener = (event: never) => hear(event);
      listeners.set(name, heard.add(listener));
      return () => void heard.delete(listener);
    },
    deliver(name, event) {
      for (const hear of listeners.get(name) ?? [])
        Promise.resolve(event as never)
          .then(hear)
          .catch((err: unknown) => log.error({ err, event: name }, 'bus: a listener failed'));
    },
    answer(name, reply) {
      if (answerers.has(name)) throw new Error(`bus: "${name}" has an answerer already`);
      answerers.set(name, reply);
      return () => void (answerers.get(name) === reply && answerers.delete(name));
    },
    answererOf: (name) => answerers.get(name),
  };
};

export const within = <T>(work: Promise<T>, timeoutMs: number, name: string): Promise<T> => {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('unavailable', `nobody answered "${name}" within ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** In this process. */
export const memoryBus = <E extends object>(log: BusLog): Bus<E> => {
  const local = createLocal(log);
  return {
    emit: (name, event) => local.deliver(name, overTheWire(event)),
    on: (name, hear) => local.on(name, hear as (event: never) => unknown),
    async ask<Q, A>(name: string, question: Q, timeoutMs: number) {
      const reply = local.answererOf(name);
      if (!reply) throw new AppError('unavailable', `nobody answers "${name}"`);
      return overTheWire((await within(reply(overTheWire(question) as never), timeoutMs, name)) as A);
    },
    answer: (name, reply) => local.answer(name, reply as (question: never) => Promise<unknown>),
    healthy: () => true,
    close: async () => {},
  };
};
