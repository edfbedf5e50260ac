/** Aimed at, of what is allowed: the rate of n calls strays by sqrt(p(1-p)/n), and a day ends where it ends. */
const AIM = 0.93;
/** How a single outcome moves what is risked (in logarithms): a day of 500 calls learns it, one of 10,000 does not swing. */
const GAIN = 0.05;
/** How much more carefully for each call that was abandoned beyond the budget. */
const CARE = 0.3;
const [LEAST, FIRST, MOST] = [0.002, 0.03, 0.5];

export interface Budget {
  /** A human answered: connected, or abandoned. */
  hear(abandoned: boolean): void;
  /** @returns the probability of being abandoned at which one more call is still placed */
  risk(): number;
}

/**
 * Abandonment as a budget that each answered call adds to and each abandoned one spends from. The risk taken follows the account: its slow part
 * learns which risk gives the rate aimed at (the model of the floor is never quite right), its quick part holds back while the account is overdrawn.
 * Since the slow part is the sum of all that was over or under, the rate of a day can stray only by what that part has moved.
 * @param target share of the answered calls that may be abandoned, 0 to 1
 */
export const createBudget = (target: number): Budget => {
  const aim = target * AIM;
  let account = 0;
  let learned = Math.log(FIRST);
  return {
    hear(abandoned) {
      const change = aim - (abandoned ? 1 : 0);
      account += change;
      learned = Math.min(Math.log(MOST), Math.max(Math.log(LEAST), learned + GAIN * change));
    },
    risk: () => Math.exp(learned + CARE * Math.min(0, account)),
  };
};
