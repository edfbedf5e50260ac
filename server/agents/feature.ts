import type { Deps, Feature } from '../app.ts';
import { signedIn } from '../core/authorize.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { Shift, ShiftDraft, SipAccount } from './contract.ts';
import { createMembership } from './membership.ts';
import type { Membership } from './membership.ts';
import type { Pauses } from './pauses.ts';
import { followUser, pushShift, readShift, readSipAccount, setShift } from './service.ts';

/** /api/agents: each only for oneself. */
const agentRoutes = (deps: Deps, membership: Membership): Route[] => [
  route({
    method: 'get',
    path: '/agents/me',
    summary: 'My shift, phone and queues',
    reply: Shift,
    can: signedIn,
    handle: ({ actor }) => readShift(deps, actor.id),
  }),
  route({
    method: 'post',
    path: '/agents/shift',
    summary: 'Begins or ends my shift',
    body: ShiftDraft,
    reply: Shift,
    can: signedIn,
    handle: ({ body, actor }) => setShift(deps, membership, actor, body),
  }),
  route({
    method: 'get',
    path: '/agents/sip',
    summary: 'The SIP account of my extension, for the phone in my browser',
    reply: SipAccount,
    can: signedIn,
    handle: ({ actor }) => readSipAccount(deps, actor.id),
  }),
];

export const agentsFeature = (deps: Deps, pauses: Pauses): Feature => {
  const membership = createMembership(deps, (userId) => pushShift(deps, userId));
  return {
    routes: agentRoutes(deps, membership),
    start: async (roles) => {
      if (!roles.has('api')) return () => {};
      const stops = [
        deps.bus.on('cti.fact', async (fact) => {
          await membership.hear(fact);
          if (fact.kind === 'queue.member') await pauses.hear(fact);
        }),
        pauses.start(),
        deps.bus.on('user.changed', ({ id }) => followUser(deps, membership, id)),
        membership.start(deps.config.pbxs.map(({ name }) => name)),
      ];
      return () => stops.forEach((stop) => stop());
    },
  };
};
