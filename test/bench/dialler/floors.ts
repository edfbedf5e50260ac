import { scenarios } from './scenarios.mjs';
import type { Scenario } from './sim.mjs';

/** The given campaigns, and others: what a real floor brings is wider than what a pacer was tried on first. */
export const floors: Readonly<Record<string, Scenario>> = {
  ...scenarios,
  '5 agents': { agents: 5 },
  '5 agents, few answers': { agents: 5, humanRate: 0.08 },
  '7 agents, two hours': { agents: 7, hours: 2 },
  '8 agents, long talks': { agents: 8, talk: { mean: 400_000, cv: 0.8 } },
  '10 agents, many answers': { agents: 10, humanRate: 0.7, machineRate: 0.05 },
  '20 agents': { agents: 20 },
  '20 agents, few answers': { agents: 20, humanRate: 0.06 },
  '20 agents, long talks': { agents: 20, talk: { mean: 420_000, cv: 1 } },
  '20 agents, short talks': { agents: 20, talk: { mean: 30_000, cv: 1 }, wrapUp: { mean: 5_000, cv: 0.6 } },
  '25 agents, answers jump each half hour': { agents: 25, drift: (hour) => ({ human: Math.floor(hour * 2) % 2 ? 1.8 : 0.5 }) },
  '25 agents, five times the answers from the third hour': { agents: 25, humanRate: 0.1, drift: (hour) => ({ human: hour > 2 ? 5 : 1 }) },
  '40 agents, talks halve': { agents: 40, drift: (hour) => ({ talk: hour > 4 ? 0.5 : 1 }) },
  '40 agents, coming and going': { agents: 40, session: { mean: 1_200_000, away: 900_000 } },
  '60 agents, slow phones': { agents: 60, ring: { mean: 15_000, cv: 0.4 } },
  '60 agents, long wrap-up': { agents: 60, wrapUp: { mean: 90_000, cv: 0.3 } },
  '200 agents, two hours': { agents: 200, hours: 2 },
  '200 agents, two hours, few answers': { agents: 200, hours: 2, humanRate: 0.1 },
};
