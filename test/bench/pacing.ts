import { createPacer } from '../../cti/dialler/pacing.ts';
import { floors } from './dialler/floors.ts';
import { progressive, ratio, vicidial } from './dialler/pacers.mjs';
import { measure } from './dialler/sim.mjs';
import type { CreatePacer, Measured, Scenario } from './dialler/sim.mjs';
import type { BenchOptions } from './run.ts';

/**
 * The dialler's pacing on simulated days: operators' idle seconds per call at a legal abandonment, beside the best ratio of lines to idle operators that
 * hindsight would have chosen (the floor), VICIdial's adaptive law and one call for each idle operator. And what a decision costs.
 */
const LIMIT = { pooled: 0.03, worstDay: 0.0325 };
/** Of the idle seconds of the best fixed ratio. */
const AT_MOST = (agents: number) => (agents >= 20 ? 0.95 : 1.05);
const SEEDS = 5;

/** The highest ratio that abandons no more than allowed over the same days. */
const hindsight = (scenario: Scenario, seeds: number): Measured => {
  let [low, high] = [1, 60];
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (measure({ scenario, seeds, createPacer: ratio(middle) }).abandonRate <= LIMIT.pooled) low = middle;
    else high = middle;
  }
  return measure({ scenario, seeds, createPacer: ratio(low) });
};

export interface PacingFigures {
  readonly abandonRate: number;
  readonly worstRun: number;
  /** Idle seconds per call, of those of the best fixed ratio. */
  readonly idle: number;
  readonly kept: boolean;
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`.padStart(8);
const line = (who: string, x: Measured) =>
  `  ${who.padEnd(16)} abandoned ${percent(x.abandonRate)}  worst day ${percent(x.worstRun)}  worst hour ${percent(x.worstHour)}  idle per call ${x.idlePerCallS.toFixed(1).padStart(6)} s  busy ${percent(x.busyShare)}`;

export const measurePacing = (scenario: Scenario, seeds: number, say: (text: string) => void = () => {}): PacingFigures => {
  const of = (createPacer: CreatePacer) => measure({ scenario, seeds, createPacer });
  const [best, ours] = [hindsight(scenario, seeds), of(createPacer)];
  say(line('one for each', of(progressive)));
  say(line('VICIdial', of(vicidial({ availableOnly: true }))));
  say(line('best fixed ratio', best));
  say(line('Allo', ours));
  const idle = ours.idlePerCallS / best.idlePerCallS;
  const kept = ours.abandonRate <= LIMIT.pooled && ours.worstRun <= LIMIT.worstDay && idle <= AT_MOST(scenario.agents);
  return { abandonRate: ours.abandonRate, worstRun: ours.worstRun, idle, kept };
};

/** @returns ms a decision takes on a floor of 200 operators and 600 calls that ring, the mean of many */
export const measureDecision = (): number => {
  const pacer = createPacer({ targetAbandonRate: 0.03, maxLines: Infinity, tickMs: 500 });
  const since = (count: number, within: number) => Array.from({ length: count }, (_, i) => 1e9 - (i * within) / count);
  const floor = {
    now: 1e9,
    idle: 20,
    talking: since(140, 200_000),
    wrapUp: since(40, 30_000),
    dialling: since(600, 25_000),
    waiting: 0,
    lines: 760,
  };
  const times = 2_000;
  const from = performance.now();
  for (let i = 0; i < times; i++) {
    // each outcome changes what was learned, as on a floor where something happens between two decisions
    pacer.observe({ at: 1e9, type: 'dial', id: i });
    pacer.observe({ at: 1e9 + (i % 20_000), type: 'answer', id: i, kind: 'human' });
    pacer.decide(floor);
  }
  return (performance.now() - from) / times;
};

export const run = ({ scale }: BenchOptions): Promise<void> => {
  const seeds = Math.max(1, Math.round(SEEDS * scale));
  let missed = 0;
  for (const [name, scenario] of Object.entries(floors)) {
    console.log(name);
    const { idle, kept } = measurePacing(scenario, seeds, console.log);
    console.log(`  idle ${idle.toFixed(2)} of the best fixed ratio's, at most ${AT_MOST(scenario.agents)}: ${kept ? 'kept' : 'MISSED'}`);
    if (!kept) missed++;
  }
  console.log(`${missed === 0 ? 'every floor kept' : `${missed} floors MISSED`}: at most 3 % pooled, 3.25 % on the worst of ${seeds} days`);
  console.log(`a decision for 200 operators and 600 ringing calls: ${measureDecision().toFixed(3)} ms (below 1)`);
  return Promise.resolve();
};
