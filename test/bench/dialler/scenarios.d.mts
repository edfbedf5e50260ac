import type { Scenario } from './sim.mjs';

export const scenarios: Readonly<Record<string, Scenario>>;
