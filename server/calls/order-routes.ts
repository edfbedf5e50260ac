import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { role, signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { CallRefParam, KeysDraft, ParkReply, PauseDraft, SpyDraft, TransferDraft } from './contract.ts';
import type { LiveCalls } from './live.ts';
import { cancelAttended, hold, keys, park, pauseRecord, pickUp, spy, startRecord, stopRecord, transfer } from './orders.ts';

/** /api/calls/:ref/…: what is done with a call that is up. Who may is known with the call: orders.ts. */
export const orderRoutes = (deps: Deps, live: LiveCalls): Route[] => {
  const plain = (path: string, summary: string, order: (deps: Deps, live: LiveCalls, actor: Actor, ref: string) => Promise<void>) =>
    route({
      method: 'post',
      path: `/calls/:ref/${path}`,
      summary,
      params: CallRefParam,
      can: signedIn,
      handle: ({ params, actor }) => order(deps, live, actor, params.ref),
    });
  const handOver = (path: string, summary: string, attended: boolean) =>
    route({
      method: 'post',
      path: `/calls/:ref/${path}`,
      summary,
      params: CallRefParam,
      body: TransferDraft,
      can: signedIn,
      handle: ({ params, body, actor }) => transfer(deps, live, actor, params.ref, body, attended),
    });
  return [
    plain('hold', 'Asks my desk phone to hold', (...order) => hold(...order, true)),
    plain('resume', 'Takes the call back from hold', (...order) => hold(...order, false)),
    handOver('transfer', 'Hands the other side over', false),
    handOver('attended', 'Asks a colleague first; hanging up my phone hands over', true),
    plain('attended/cancel', 'Back to the other side', cancelAttended),
    route({
      method: 'post',
      path: '/calls/:ref/park',
      summary: 'Parks the other side; whoever dials the space has the call',
      params: CallRefParam,
      reply: ParkReply,
      can: signedIn,
      handle: ({ params, actor }) => park(deps, live, actor, params.ref),
    }),
    plain('pickup', 'Rings my phone and gives it the caller who waits', pickUp),
    route({
      method: 'post',
      path: '/calls/:ref/dtmf',
      summary: 'Keys for a machine at the other side',
      params: CallRefParam,
      body: KeysDraft,
      can: signedIn,
      handle: ({ params, body, actor }) => keys(deps, live, actor, params.ref, body.digits),
    }),
    plain('record', 'Records the call from now on', startRecord),
    route({
      method: 'post',
      path: '/calls/:ref/record/pause',
      summary: 'Nothing is recorded while a card number is said; paused false: again',
      params: CallRefParam,
      body: PauseDraft,
      can: signedIn,
      handle: ({ params, body, actor }) => pauseRecord(deps, live, actor, params.ref, body.paused),
    }),
    plain('record/stop', 'Ends the recording', stopRecord),
    route({
      method: 'post',
      path: '/calls/:ref/spy',
      summary: 'Rings my phone and lets it hear the call',
      params: CallRefParam,
      body: SpyDraft,
      reply: z.object({ heard: z.string() }),
      can: role('supervisor', 'administrator'),
      handle: ({ params, body, actor }) => spy(deps, live, actor, params.ref, body),
    }),
  ];
};
