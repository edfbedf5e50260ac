import type { Deps, Feature } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { signedIn } from '../core/authorize.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { readBreakWatch, startBreakWatch } from './break-watch.ts';
import { listBreakReasons, refuseBreak, saveBreakReasons, setBreak } from './breaks.ts';
import { AgentStates, BreakDraft, BreakReasonList, BreakReasonsDraft, BreakWatch, Shift, ShiftDraft, SipAccount } from './contract.ts';
import { inTransaction } from '../core/db.ts';
import { createCoolOff } from './cool-off.ts';
import { createLead } from './lead.ts';
import type { Lead } from './lead.ts';
import { createMembership } from './membership.ts';
import type { Membership } from './membership.ts';
import type { Pauses } from './pauses.ts';
import { agentPolicy } from './policy.ts';
import { createPresence } from './presence.ts';
import type { Presence } from './presence.ts';
import { followUser, pushShift, readShift, readSipAccount, setShift, showBreak } from './service.ts';

/**
 * /api/agents: each for oneself, but what the others' phones do: whoever hands a call over has to know. What is ordered of somebody else is for
 * those who lead the floor.
 */
const agentRoutes = (deps: Deps, membership: Membership, presence: Presence): Route[] => [
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
    path: '/agents/states',
    summary: 'What everybody on shift at my PBX is doing',
    reply: AgentStates,
    can: signedIn,
    handle: async ({ actor }) => {
      const phone = await deps.directory.extensionOf(actor.id);
      return { items: phone ? await presence.states(phone.pbx) : [] };
    },
  }),
  route({
    method: 'get',
    path: '/agents/sip',
    summary: 'The SIP account of my extension, for the phone in my browser',
    reply: SipAccount,
    can: signedIn,
    handle: ({ actor }) => readSipAccount(deps, actor.id),
  }),
  route({
    method: 'get',
    path: '/agents/break-reasons',
    summary: 'Why one may be away during a shift',
    reply: BreakReasonList,
    can: signedIn,
    handle: async () => ({ items: await listBreakReasons(deps.db) }),
  }),
  route({
    method: 'put',
    path: '/agents/break-reasons',
    summary: 'The reasons of breaks anew: their limits, and whether somebody has to allow them',
    body: BreakReasonsDraft,
    reply: BreakReasonList,
    can: agentPolicy.breakReasons,
    handle: ({ body, actor }) =>
      inTransaction(deps.db, async (trx) => {
        const codes = body.items.map(({ code }) => code);
        if (new Set(codes).size < codes.length)
          throw new AppError('invalid', 'a code twice', { issues: [{ path: 'body.items', code: 'twice' }] });
        await saveBreakReasons(trx, body, deps.now());
        await deps.audit(trx, { actorId: actor.id, what: 'break.reasons', table: 'break_reasons', details: body });
        return { items: await listBreakReasons(trx) };
      }),
  }),
  route({
    method: 'get',
    path: '/agents/breaks',
    summary: 'Breaks that wait for a yes, and those that are longer than their limit',
    reply: BreakWatch,
    can: agentPolicy.lead,
    handle: () => readBreakWatch(deps),
  }),
  route({
    method: 'post',
    path: '/agents/:id/break/refuse',
    summary: 'Refuses the break that somebody asks for; to begin it is to allow it',
    params: IdParam,
    can: agentPolicy.lead,
    async handle({ params, actor }) {
      await refuseBreak(deps, actor, params.id);
      await pushShift(deps, params.id);
    },
  }),
  route({
    method: 'post',
    path: '/agents/break',
    summary: 'Begins or ends my break; in a call it begins after it',
    body: BreakDraft,
    reply: Shift,
    can: signedIn,
    async handle({ body, actor }) {
      await setBreak(deps, actor, actor.id, body.reason);
      await pushShift(deps, actor.id);
      return readShift(deps, actor.id);
    },
  }),
  route({
    method: 'post',
    path: '/agents/:id/break',
    summary: "Begins or ends somebody's break",
    params: IdParam,
    body: BreakDraft,
    can: agentPolicy.lead,
    async handle({ params, body, actor }) {
      await setBreak(deps, actor, params.id, body.reason);
      await pushShift(deps, params.id);
    },
  }),
];

export const agentsFeature = (deps: Deps, pauses: Pauses): Feature & { lead: Lead } => {
  const membership = createMembership(deps, (userId) => pushShift(deps, userId));
  const coolOff = createCoolOff(deps, pauses);
  const presence = createPresence(deps, pauses, (userId) => pushShift(deps, userId));
  return {
    lead: createLead(deps, membership),
    routes: agentRoutes(deps, membership, presence),
    start: async (roles) => {
      if (!roles.has('api')) return () => {};
      const stops = [
        deps.bus.on('cti.fact', async (fact) => {
          await membership.hear(fact);
          await coolOff.hear(fact);
          if (fact.kind === 'queue.member') await pauses.hear(fact);
          if (fact.kind === 'agent.state') await presence.hear(fact);
        }),
        deps.bus.on('agent.changed', ({ userId }) => showBreak(deps, userId)),
        deps.bus.on('phone.silent', (event) => presence.hearSilence(event)),
        deps.bus.on('shift.changed', ({ userId }) => presence.lookSoon(userId)),
        presence.start(),
        pauses.start(),
        coolOff.start(),
        startBreakWatch(deps),
        deps.bus.on('user.changed', ({ id }) => followUser(deps, membership, id)),
        membership.start(deps.config.pbxs.map(({ name }) => name)),
      ];
      return () => stops.forEach((stop) => stop());
    },
  };
};
