import { hostname } from 'node:os';
import type { Cti, CtiOptions, Fact, PbxStatus } from '../../cti/index.ts';
import type { Deps } from '../app.ts';
import { callsUp, ordersTo, statusOf } from './contract.ts';
import { leaseStore } from './lease.ts';
import { carryOut } from './orders.ts';
import type { Order } from './orders.ts';

export type BridgeDeps = Pick<Deps, 'config' | 'db' | 'bus' | 'log' | 'now'>;

export interface Bridges {
  /** Gives the PBXs back; their calls go on. */
  stop(): Promise<void>;
}

/** Answers for a PBX on the bus while its bridge is not a standby: there is one answerer a name. */
const answerFor = (deps: BridgeDeps, name: string, bridge: () => Cti) => {
  let stops: (() => void)[] = [];
  const silent = () => {
    stops.forEach((stop) => stop());
    stops = [];
  };
  const heed = (status: PbxStatus) => {
    if (status.state === 'standby') return silent();
    if (stops.length > 0) return;
    stops = [
      deps.bus.answer(callsUp(name), async () => bridge().calls()),
      deps.bus.answer(statusOf(name), async () => bridge().status()),
      deps.bus.answer(ordersTo(name), (order: Order) => carryOut(bridge().actions, order)),
    ];
  };
  return { heed, silent };
};

/**
 * The role `cti`: one bridge to each PBX. Its facts go straight to `hear` (the writer of the log, in this process) and, for whoever shows them,
 * on the bus.
 */
export const startBridges = (deps: BridgeDeps, startCti: (options: CtiOptions) => Cti, hear: (fact: Fact) => void): Bridges => {
  const owner = `${hostname().slice(0, 60)}:${process.pid}:${Math.random().toString(36).slice(2, 10)}`;
  const lease = leaseStore(deps.db, deps.now);
  const running = deps.config.pbxs.map(({ name, host, port, user, secret, extensions }) => {
    const answers = answerFor(deps, name, () => bridge);
    const onFact = (fact: Fact) => {
      hear(fact);
      if (fact.kind === 'pbx.status') queueMicrotask(() => answers.heed(fact.status));
      deps.bus.emit('cti.fact', fact);
    };
    const pbx = { name, host, port, user, secret, ...(extensions === null ? {} : { extensions: new RegExp(extensions) }) };
    const bridge: Cti = startCti({ pbx, onFact, lease, log: deps.log, owner });
    answers.heed(bridge.status());
    return { bridge, answers };
  });
  return {
    async stop() {
      await Promise.all(running.map(({ bridge }) => bridge.stop()));
      running.forEach(({ answers }) => answers.silent());
    },
  };
};
