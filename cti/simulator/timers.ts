/** Timers that end together: those of one call, those of the whole simulator. None keeps the process alive. */
export interface Timers {
  /** @returns cancel */
  after(ms: number, run: () => void): () => void;
  /** A group that ends with this one. */
  group(): Timers;
  clear(): void;
}

export function createTimers(): Timers {
  const running = new Set<NodeJS.Timeout>();
  const groups = new Set<Timers>();
  let over = false;
  const timers: Timers = {
    after(ms, run) {
      if (over) return () => {};
      const timer = setTimeout(() => {
        running.delete(timer);
        run();
      }, ms).unref();
      running.add(timer);
      return () => {
        clearTimeout(timer);
        running.delete(timer);
      };
    },
    group() {
      const inner = createTimers();
      groups.add(inner);
      return {
        ...inner,
        clear: () => {
          inner.clear();
          groups.delete(inner);
        },
      };
    },
    clear() {
      over = true;
      for (const timer of running) clearTimeout(timer);
      for (const group of groups) group.clear();
      running.clear();
      groups.clear();
    },
  };
  return timers;
}
