import type { Deps } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import {
  AttachDraft,
  CallPage,
  CallQuery,
  CallRefParam,
  CallReply,
  DialDraft,
  DialReply,
  LiveList,
  LogPage,
  LogQuery,
  MissingPage,
  OutcomeDraft,
  WaitingList,
} from './contract.ts';
import { WRAP_UP_MS } from './live.ts';
import type { LiveCalls } from './live.ts';
import { orderRoutes } from './order-routes.ts';
import { answer, dial, hangUp } from './phone-orders.ts';
import { abilities, callPolicy } from './policy.ts';
import { readLog } from './log.ts';
import { listMine, listUnfiled, partsWith, present, segmentsOf } from './queries.ts';
import { readMissing } from './missing.ts';
import type { WaitingCalls } from './waiting.ts';
import type { WrapUps } from './wrap-up.ts';
import { attachClient, attachWhenSeen, fileOutcome, loadCall } from './service.ts';

/** /api/calls. Checks that need the row stand in the services. */
export const callRoutes = (deps: Deps, live: LiveCalls, wrapUps: WrapUps, waiting: WaitingCalls): Route[] => {
  /** In memory it is still going on, or was filed. */
  const isUp = (ref: string, userId: number) => {
    const mine = live.find(ref, userId);
    return mine !== null && (mine.phase !== 'ended' || mine.outcome !== null);
  };
  const extensionOf = async (userId: number) => (await deps.directory.extensionOf(userId))?.extension ?? null;
  return [
    route({
      method: 'get',
      path: '/calls/mine',
      summary: 'The calls I took part in, newest first',
      query: CallQuery,
      reply: CallPage,
      can: signedIn,
      async handle({ query, actor }) {
        const { rows, next } = await listMine(deps.db, actor.id, query);
        return { items: await present(deps, actor, rows, await extensionOf(actor.id)), next };
      },
    }),
    route({
      method: 'get',
      path: '/calls/live',
      summary: 'The calls of my screen: up, or waiting for their outcome',
      reply: LiveList,
      can: signedIn,
      async handle({ actor }) {
        const mine = live.of(actor.id);
        const unfiled = await listUnfiled(deps, actor, deps.now() - WRAP_UP_MS, await extensionOf(actor.id));
        const items = [...mine, ...unfiled.filter((call) => !mine.some(({ ref }) => ref === call.ref) && !isUp(call.ref, actor.id))];
        return { items, wrapUp: await wrapUps.read(actor.id) };
      },
    }),
    route({
      method: 'get',
      path: '/calls/log',
      summary: 'The calls behind a figure of the reports, newest first',
      query: LogQuery,
      reply: LogPage,
      can: callPolicy.log,
      handle: async ({ query, actor }) => readLog(deps, actor, query, await deps.directory.timeZoneOf(actor.id)),
    }),
    route({
      method: 'get',
      path: '/calls/waiting',
      summary: 'The callers whom I may take: in a queue of mine, ringing, parked',
      reply: WaitingList,
      can: signedIn,
      handle: async ({ actor }) => ({ items: await waiting.listFor(actor.id) }),
    }),
    route({
      method: 'get',
      path: '/calls/missing',
      summary: 'Calls of queues that demand an outcome and have none, newest first',
      query: CallQuery,
      reply: MissingPage,
      can: callPolicy.missing,
      handle: ({ query, actor }) => readMissing(deps, actor, query),
    }),
    route({
      method: 'post',
      path: '/calls/wrap-up/ready',
      summary: 'My wrap-up is over: calls again',
      can: signedIn,
      handle: ({ actor }) => wrapUps.ready(actor.id),
    }),
    route({
      method: 'post',
      path: '/calls/wrap-up/extend',
      summary: 'More time for my wrap-up, as far as the queue allows',
      can: signedIn,
      handle: ({ actor }) => wrapUps.extend(actor),
    }),
    route({
      method: 'post',
      path: '/calls/dial',
      summary: 'Rings my own phone, then the number',
      body: DialDraft,
      reply: DialReply,
      status: 202,
      can: signedIn,
      async handle({ body, actor }) {
        const { ref } = await dial(deps, actor, body);
        if (body.clientId !== undefined)
          attachWhenSeen(deps, live, actor, ref, body.clientId).catch((err: unknown) =>
            deps.log.warn({ err, call: ref }, 'dialled call not attached'),
          );
        return { ref };
      },
    }),
    route({
      method: 'get',
      path: '/calls/:ref',
      summary: 'One call with its segments',
      params: CallRefParam,
      reply: CallReply,
      can: signedIn,
      async handle({ params, actor }) {
        const { row, part } = await loadCall(deps, live, actor, params.ref);
        const [call] = await present(deps, actor, [row], await extensionOf(actor.id));
        const [segments, recordings, parts, callBack] = await Promise.all([
          segmentsOf(deps, row.id),
          deps.recordings.of(row),
          partsWith(deps, call!),
          deps.callBackStory(deps.db, row),
        ]);
        const up = row.ended_at === null;
        const state = { up, talks: live.find(params.ref, actor.id)?.phase === 'talking', talked: row.answered_at !== null };
        const heard = deps.recordings.may(actor, part !== null && part !== 'offered');
        return {
          call: { ...call!, segments, recordings, parts, callBack, amd: row.amd ?? null },
          can: { ...abilities(actor, part, state), ...heard },
        };
      },
    }),
    route({
      method: 'put',
      path: '/calls/:ref/outcome',
      summary: 'Says how the call ended',
      params: CallRefParam,
      body: OutcomeDraft,
      can: signedIn,
      handle: ({ params, body, actor }) => fileOutcome(deps, live, wrapUps, actor, params.ref, body),
    }),
    route({
      method: 'post',
      path: '/calls/:ref/attach',
      summary: 'Says whose call it was',
      params: CallRefParam,
      body: AttachDraft,
      can: signedIn,
      handle: ({ params, body, actor }) => attachClient(deps, live, actor, params.ref, body.clientId),
    }),
    route({
      method: 'post',
      path: '/calls/:ref/hangup',
      summary: 'Hangs up my phone',
      params: CallRefParam,
      can: signedIn,
      handle: ({ params, actor }) => hangUp(deps, live, actor, params.ref),
    }),
    route({
      method: 'post',
      path: '/calls/:ref/answer',
      summary: 'Asks my desk phone to answer',
      params: CallRefParam,
      can: signedIn,
      handle: ({ params, actor }) => answer(deps, live, actor, params.ref),
    }),
    ...orderRoutes(deps, live),
  ];
};
