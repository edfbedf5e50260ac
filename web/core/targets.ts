import type { TARGET_SECONDS as Contract } from '../../server/queues/contract.ts';

/** The waits that the server counts, s. What is not as its contract has it does not compile. */
export const TARGET_SECONDS: typeof Contract = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600];
