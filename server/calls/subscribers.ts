import type { Call } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { callsUp } from '../pbx/contract.ts';
import type { LiveCalls } from './live.ts';
import { rowByRef } from './queries.ts';
import type { WrapUps } from './wrap-up.ts';

const RECONCILE_MS = 30_000;
const SWEEP_MS = 60_000;

/** Asks the bridges what is up: after a start of ours, and now and then, since the bus may lose a fact. */
const reconcile = async (deps: Deps, live: LiveCalls): Promise<void> => {
  for (const { name } of deps.config.pbxs) {
    const askedAt = deps.now();
    try {
      live.reconcile(name, await deps.bus.ask<object, Call[]>(callsUp(name), {}, 5_000), askedAt);
    } catch (err) {
      if (!(err instanceof AppError)) throw err; // nobody answers: no bridge runs, which the PBX's status tells
    }
  }
};

const filed = async (deps: Deps, live: LiveCalls, ref: string): Promise<void> => {
  const row = await rowByRef(deps.db, ref);
  if (!row) return;
  const client = row.client_id === null ? null : ((await deps.clientBriefs([row.client_id])).get(row.client_id) ?? null);
  live.filed(ref, { outcome: row.outcome, client: row.client_fixed ? client : null });
};

/** @returns stop */
export const startLiveCalls = (deps: Deps, live: LiveCalls, wrapUps: WrapUps): (() => void) => {
  const stops = [
    deps.bus.on('cti.fact', (fact) => live.hear(fact)),
    deps.bus.on('cti.fact', (fact) => wrapUps.hear(fact)),
    wrapUps.start(),
    deps.bus.on('call.filed', ({ ref }) => filed(deps, live, ref)),
    deps.bus.on('client.changed', ({ id, history }) => (history ? undefined : live.clientChanged(id))),
    deps.bus.on('call.listened', ({ ref, agent, listened }) => live.listenedIn(ref, agent, listened)),
    deps.bus.on('call.recorded', ({ ref, recording }) => live.recorded(ref, recording)),
  ];
  const mend = () => reconcile(deps, live).catch((err: unknown) => deps.log.error({ err }, 'live calls: not reconciled'));
  const timers = [setInterval(() => void mend(), RECONCILE_MS), setInterval(() => live.sweep(), SWEEP_MS)];
  void mend();
  return () => {
    stops.forEach((stop) => stop());
    timers.forEach((timer) => clearInterval(timer));
  };
};
