import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Signal } from '../../cti/calls/signals.ts';
import { createTracker } from '../../cti/calls/tracker.ts';
import type { BenchOptions } from './run.ts';

/** The reducer alone: a million queue calls, ten million signals, a hundred calls at once; what it holds must not grow. */

export interface ReducerFigures {
  readonly calls: number;
  readonly signals: number;
  readonly ended: number;
  readonly seconds: number;
  /** MB after a collection, at each tenth of the way. */
  readonly heapMb: readonly number[];
  /** What is held in the end. */
  readonly left: number;
}

const AT_ONCE = 100;
const FLAT_MB = 2;

/** A caller waits, one phone rings and answers, they talk, the caller hangs up. */
const STEPS = 10;
function step(call: number, n: number): Signal {
  const at = 1_700_000_000_000 + call * 10 + n * 1_000;
  const second = 1_700_000_000 + Math.floor(call / 100);
  const [a, b] = [`${second}.${call * 2}`, `${second}.${call * 2 + 1}`];
  const [caller, phone] = [
    { id: a, linkedid: a },
    { id: b, linkedid: a },
  ];
  const born = { up: false, number: '79000000001', callerName: 'Иван Петров', exten: '7000' };
  switch (n) {
    case 0:
      return { kind: 'channel.new', at, channel: { ...caller, ...born, name: `PJSIP/trunk-${call}`, calling: true } };
    case 1:
      return { kind: 'queue.join', at, channel: caller, queue: 'support' };
    case 2:
      return { kind: 'channel.new', at, channel: { ...phone, ...born, name: `PJSIP/${200 + (call % 100)}-${call}`, calling: false } };
    case 3:
      return { kind: 'dial.begin', at, from: caller, exten: '7000', dest: phone };
    case 4:
      return { kind: 'dial.end', at, from: caller, dest: phone, status: 'ANSWER' };
    case 5:
      return { kind: 'queue.leave', at, channel: caller, queue: 'support' };
    case 6:
      return { kind: 'bridge.enter', at, channel: phone, bridge: `b${call}`, holding: false };
    case 7:
      return { kind: 'bridge.enter', at, channel: caller, bridge: `b${call}`, holding: false };
    case 8:
      return { kind: 'channel.gone', at, channel: caller, cause: 16 };
    default:
      return { kind: 'channel.gone', at, channel: phone, cause: 16 };
  }
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

export function measureReducer(calls: number): ReducerFigures {
  const collect = collector();
  let ended = 0;
  const tracker = createTracker({ pbx: 'main', onFact: (fact) => (ended += fact.kind === 'call.ended' ? 1 : 0) });
  const heapMb: number[] = [];
  const start = process.cpuUsage();
  const rounds = Math.ceil(calls / AT_ONCE);
  for (let round = 0; round < rounds; round++) {
    for (let n = 0; n < STEPS; n++) for (let i = 0; i < AT_ONCE; i++) tracker.signal(step(round * AT_ONCE + i, n));
    if ((round + 1) % Math.ceil(rounds / 10) === 0) {
      collect();
      heapMb.push(process.memoryUsage().heapUsed / 1e6);
    }
  }
  const { user, system } = process.cpuUsage(start);
  const { calls: open, channels, bridges } = tracker.size();
  const seconds = (user + system) / 1e6;
  return { calls: rounds * AT_ONCE, signals: tracker.stats().signals, ended, seconds, heapMb, left: open + channels + bridges };
}

export const run = ({ size = 1_000_000, scale }: BenchOptions): Promise<void> => {
  const f = measureReducer(Math.max(AT_ONCE, Math.round(size * scale)));
  const growth = f.heapMb.at(-1)! - f.heapMb[0]!;
  console.log(`${f.signals.toLocaleString('en')} signals, ${f.calls.toLocaleString('en')} calls, ${f.ended.toLocaleString('en')} ended`);
  console.log(`${Math.round(f.signals / f.seconds).toLocaleString('en')} signals for a second of CPU`);
  console.log(`heap after collection, MB, at each tenth: ${f.heapMb.map((mb) => mb.toFixed(1)).join(' ')}`);
  console.log(`flat (growth at most ${FLAT_MB} MB): ${growth <= FLAT_MB ? 'yes' : 'NO'}; left in the state: ${f.left}`);
  return Promise.resolve();
};
