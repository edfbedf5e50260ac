import type { Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { PbxReply, statusOf } from './contract.ts';
import type { PbxStatus } from './contract.ts';

const ASK_MS = 15_000;

/** Whether each PBX is there, as its bridge told last; a bridge that nobody hears of is as good as offline. */
export const pbxFeature = (deps: Deps): Feature & { statuses(): PbxStatus[] } => {
  const unheard = (name: string): PbxStatus => ({
    name,
    state: 'offline',
    since: deps.now(),
    reason: 'no bridge answers',
    clockOffsetMs: null,
  });
  const known = new Map<string, PbxStatus>(deps.config.pbxs.map(({ name }) => [name, unheard(name)]));
  const statuses = () => deps.config.pbxs.map(({ name }) => known.get(name) ?? unheard(name));
  const withoutReason = () => statuses().map((status) => ({ ...status, reason: null }));

  const heed = (status: PbxStatus) => {
    // A standby tells of itself, not of the PBX, which another bridge owns.
    if (!known.has(status.name) || status.state === 'standby') return;
    const before = known.get(status.name);
    known.set(status.name, status);
    if (before?.state !== status.state || before.since !== status.since) deps.pushHere('all', { topic: 'pbx', items: withoutReason() });
  };

  const ask = async (name: string) => {
    try {
      heed(await deps.bus.ask<object, PbxStatus>(statusOf(name), {}, 5_000));
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      if (known.get(name)?.state === 'connected') heed(unheard(name));
    }
  };

  return {
    statuses,
    routes: [
      route({
        method: 'get',
        path: '/pbx',
        summary: 'Whether each PBX is there',
        reply: PbxReply,
        can: signedIn,
        handle: async ({ actor }) => ({ items: actor.role === 'administrator' ? statuses() : withoutReason() }),
      }),
    ],
    start: async (roles) => {
      if (!roles.has('api')) return () => {};
      const stop = deps.bus.on('cti.fact', (fact) => {
        if (fact.kind === 'pbx.status') heed(fact.status);
      });
      const askAll = () =>
        Promise.all(deps.config.pbxs.map(({ name }) => ask(name))).catch((err: unknown) => deps.log.error({ err }, 'pbx: status'));
      const timer = setInterval(() => void askAll(), ASK_MS);
      await askAll();
      return () => {
        stop();
        clearInterval(timer);
      };
    },
  };
};
