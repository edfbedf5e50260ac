import { hostname } from 'node:os';
import type { Cti, CtiOptions, Fact, PbxStatus } from '../../cti/index.ts';
import type { Deps, Feature } from '../app.ts';
import { callsUp, ordersTo, statusOf } from './contract.ts';
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
      deps.bus.answer(callsUp(name), async () => bridge().calls()),
      deps.bus.answer(statusOf(name), async () => bridge().status()),
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

const startBridges = (deps: Deps, startCti: (options: CtiOptions) => Cti, listener: Listener): (() => Promise<void>) => {
  const owner = `${hostname().slice(0, 60)}:${process.pid}:${Math.random().toString(36).slice(2, 10)}`;
  const lease = leaseStore(deps.db, deps.now);
  const running = deps.config.pbxs.map(({ name, host, port, user, secret, extensions }) => {
    const answers = answerFor(deps, name, () => bridge);
    const onFact = (fact: Fact) => {
      listener.hear(fact);
      // A bridge may tell its status before startCti has returned it.
      if (fact.kind === 'pbx.status') queueMicrotask(() => answers.heed(fact.status));
      deps.bus.emit('cti.fact', fact);
    };
    const pbx = { name, host, port, user, secret, ...(extensions === null ? {} : { extensions: new RegExp(extensions) }) };
    const bridge: Cti = startCti({ pbx, onFact, lease, log: deps.log, owner });
    answers.heed(bridge.status());
    return { bridge, answers };
  });
  return async () => {
    await Promise.all(running.map(({ bridge }) => bridge.stop()));
    running.forEach(({ answers }) => answers.silent());
    await listener.close();
  };
};

/**
 * The role `cti`: one bridge to each PBX. Its facts go straight to the listener (the writer of the call log, in this process) and, for whoever
 * shows them, on the bus. Stopping gives the PBXs back; their calls go on.
 */
export const bridgesFeature = (deps: Deps, startCti: (options: CtiOptions) => Cti, listen: () => Listener): Feature => ({
  start: async (roles) => (roles.has('cti') ? startBridges(deps, startCti, listen()) : () => {}),
});
