/**
 * Erlang C: how many operators a load needs. Assumes Poisson arrivals, exponential handling times, nobody hangs up while waiting, every
 * operator takes every call: so it asks for a few too many when callers are impatient. (A. K. Erlang, 1917; the formulas of metrics.md.)
 */
export interface Load {
  /** Calls in the interval. */
  calls: number;
  /** Length of the interval, s. */
  interval: number;
  /** Average handling time, s: talk + hold + after-call work. */
  aht: number;
}

/** Offered load in erlangs. */
export const erlangs = ({ calls, interval, aht }: Load): number => (calls / interval) * aht;

/** Probability that a caller has to wait, with `n` operators and `a` erlangs: 1 when they cannot keep up. By the stable recursion of Erlang B. */
export const probabilityOfWaiting = (n: number, a: number): number => {
  if (a <= 0) return 0;
  if (n <= a) return 1;
  let blocked = 1;
  for (let k = 1; k <= n; k += 1) blocked = (a * blocked) / (k + a * blocked);
  const rho = a / n;
  return blocked / (1 - rho + rho * blocked);
};

export interface Staffing {
  operators: number;
  /** 0..1: answered within the target. */
  serviceLevel: number;
  /** s; Infinity when they cannot keep up. */
  asa: number;
  /** 0..1. */
  occupancy: number;
}

/** What `n` operators achieve. `target`: s. */
export const staffed = (n: number, load: Load, target: number): Staffing => {
  const a = erlangs(load);
  const wait = probabilityOfWaiting(n, a);
  const spare = n - a;
  if (a === 0) return { operators: n, serviceLevel: 1, asa: 0, occupancy: 0 };
  if (spare <= 0) return { operators: n, serviceLevel: 0, asa: Infinity, occupancy: 1 };
  return {
    operators: n,
    serviceLevel: 1 - wait * Math.exp((-spare * target) / load.aht),
    asa: (wait * load.aht) / spare,
    occupancy: a / n,
  };
};

/** The fewest operators that answer the share `level` (0..1) of the calls within `target` s. @throws RangeError for a level of 1 or more */
export const heads = (load: Load, { level, target }: { level: number; target: number }): Staffing => {
  if (!(level >= 0 && level < 1)) throw new RangeError('a service level of Erlang C is below 1');
  let n = Math.floor(erlangs(load));
  for (;;) {
    const is = staffed(n, load, target);
    if (is.serviceLevel >= level) return is;
    n += 1;
  }
};
