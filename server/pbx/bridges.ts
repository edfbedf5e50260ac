import { hostname } from 'node:os';
import type { Cti, CtiOptions, CtiStats, Dialler, Fact, PbxStatus } from '../../cti/index.ts';
import type { Deps, Feature } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { callsUp, ordersTo, queuesAt, statusOf } from './contract.ts';
import { leaseStore } from './lease.ts';
import { carryOut } from './orders.ts';
import type { Order } from './orders.ts';

/** Answers for a PBX on the bus while its bridge is not a standby: there is one answerer a name. */
const answerFor = (deps: Pick<Deps, 'bus'>, name: string, bridge: () => Cti) => {
  let stops: (() => void)[] = [];
  const silent = () => {
    stops.forEach((stop) => stop());
    stops = [];
  };
  const heed = (status: PbxStatus) => {
    if (status.state === 'standby') return silent();
    if (stops.length > 0) return;
    stops = [
      deps.bus.answer(callsUp(name), async () => {
        // "none" would end every call that is on a screen
        if (!bridge().knowsCalls()) throw new AppError('unavailable', `${name} has not told its calls yet`);
        return bridge().calls();
      }),
      deps.bus.answer(statusOf(name), async () => bridge().status()),
      deps.bus.answer(queuesAt(name), async () => bridge().queues()),
      deps.bus.answer(ordersTo(name), (order: Order) => carryOut(bridge().actions, order)),
    ];
  };
  return { heed, silent };
};

/** Hears the facts of every bridge of this process; closed after the last of them. */
export interface Listener {
  hear(fact: Fact): void;
  close(): Promise<void>;
}

/** Of one bridge of this process, since its start. */
export interface BridgeStats {
  readonly pbx: string;
  readonly status: PbxStatus;
  readonly ami: CtiStats;
  readonly callsUp: number;
  /** By kind. */
  readonly facts: ReadonlyMap<string, number>;
}

/** The dialler of a PBX, and how it places a call there. */
type StartDialler = (pbx: string, dial: Cti['dial']) => Dialler;

interface Running {
  readonly stats: () => BridgeStats[];
  readonly stop: () => Promise<void>;
}

const startBridges = (deps: Deps, startCti: (options: CtiOptions) => Cti, listener: Listener, startDialler: StartDialler): Running => {
  const owner = `${hostname().slice(0, 60)}:${process.pid}:${Math.random().toString(36).slice(2, 10)}`;
  const lease = leaseStore(deps.db, deps.now);
  const running = deps.config.pbxs.map(({ name, host, port, user, secret, extensions }) => {
    const answers = answerFor(deps, name, () => bridge);
    const facts = new Map<string, number>();
    const onFact = (fact: Fact) => {
      facts.set(fact.kind, (facts.get(fact.kind) ?? 0) + 1);
      listener.hear(fact);
      dialler.hear(fact);
      // A bridge may tell its status before startCti has returned it.
      if (fact.kind === 'pbx.status') queueMicrotask(() => answers.heed(fact.status));
      deps.bus.emit('cti.fact', fact);
    };
    const dialler = startDialler(name, (order) => bridge.dial(order));
    const pbx = { name, host, port, user, secret, ...(extensions === null ? {} : { extensions: new RegExp(extensions) }) };
    const bridge: Cti = startCti({ pbx, onFact, lease, log: deps.log, owner });
    answers.heed(bridge.status());
    return { name, bridge, answers, facts, dialler };
  });
  return {
    stats: () =>
      running.map(({ name, bridge, facts }) => ({
        pbx: name,
        status: bridge.status(),
        ami: bridge.stats(),
        callsUp: bridge.calls().length,
        facts,
      })),
    async stop() {
      await Promise.all(running.map(({ dialler }) => dialler.stop()));
      await Promise.all(running.map(({ bridge }) => bridge.stop()));
      running.forEach(({ answers }) => answers.silent());
      await listener.close();
    },
  };
};

/**
 * The role `cti`: one bridge to each PBX. Its facts go straight to the listener (the writer of the call log, in this process) and, for whoever
 * shows them, on the bus. Stopping gives the PBXs back; their calls go on.
 */
export const bridgesFeature = (
  deps: Deps,
  startCti: (options: CtiOptions) => Cti,
  listen: () => Listener,
  startDialler: StartDialler,
): Feature & { stats(): BridgeStats[] } => {
  let running: Running | null = null;
  return {
    start: async (roles) => {
      if (!roles.has('cti')) return () => {};
      running = startBridges(deps, startCti, listen(), startDialler);
      return running.stop;
    },
    stats: () => running?.stats() ?? [],
  };
};
