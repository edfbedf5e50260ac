import type { Call } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import type { SpyDraft, TransferDraft } from './contract.ts';
import type { LiveCalls } from './live.ts';
import { dialable, legOf, ownPhone, refused } from './phone-orders.ts';
import { orderPolicy } from './policy.ts';
import { splitRef } from './queries.ts';

/** Orders to a call that is up: each asks the PBX, which says whether it was done, and stands in the audit. */

const audit = (deps: Deps, actor: Actor, what: string, ref: string, details: object = {}) =>
  deps.audit(deps.db, { actorId: actor.id, what, table: 'calls', rowId: ref, details });

const talkOf = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string) => {
  const leg = await legOf(deps, live, actor, ref);
  if (live.find(ref, actor.id)?.phase !== 'talking') throw new AppError('conflict', 'nobody has answered', { reason: 'not_talking' });
  return leg;
};

export const hold = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string, on: boolean): Promise<void> => {
  const { pbx, ...leg } = await talkOf(deps, live, actor, ref);
  await deps.pbx(pbx)[on ? 'hold' : 'resume'](leg);
  await audit(deps, actor, on ? 'call.held' : 'call.resumed', ref);
};

const targetOf = async (deps: Deps, own: { pbx: string; extension: string }, to: TransferDraft): Promise<string> => {
  if ('userId' in to) {
    const phone = await deps.directory.extensionOf(to.userId);
    if (!phone || phone.pbx !== own.pbx || phone.extension === own.extension) throw refused('body.userId', 'no_extension');
    return phone.extension;
  }
  const number = dialable(to.number, deps.config.defaultCountry);
  if (number === null || number === own.extension) throw refused('body.number', 'not_a_number');
  return number;
};

export const transfer = async (
  deps: Deps,
  live: LiveCalls,
  actor: Actor,
  ref: string,
  to: TransferDraft,
  attended: boolean,
): Promise<void> => {
  const { pbx, ...leg } = await talkOf(deps, live, actor, ref);
  const number = await targetOf(deps, { pbx, extension: leg.extension }, to);
  await deps.pbx(pbx)[attended ? 'attended' : 'transfer']({ ...leg, number });
  await audit(deps, actor, attended ? 'call.consulted' : 'call.transferred', ref, 'userId' in to ? to : { number });
};

export const cancelAttended = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string): Promise<void> => {
  const { pbx, ...leg } = await talkOf(deps, live, actor, ref);
  await deps.pbx(pbx).cancelAttended(leg);
  await audit(deps, actor, 'call.consult cancelled', ref);
};

export const park = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string): Promise<{ space: string }> => {
  const { pbx, ...leg } = await talkOf(deps, live, actor, ref);
  const { space } = await deps.pbx(pbx).park(leg);
  await audit(deps, actor, 'call.parked', ref, { space });
  return { space };
};

/** What was typed may be a secret: the audit has how many keys, not which. */
export const keys = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string, digits: string): Promise<void> => {
  const { pbx, ...leg } = await talkOf(deps, live, actor, ref);
  await deps.pbx(pbx).dtmf({ ...leg, digits });
  await audit(deps, actor, 'call.keys', ref, { count: digits.length });
};

/** The actor's own phone; at another PBX the same number is somebody else's. */
const phoneAt = async (deps: Deps, actor: Actor, pbx: string) => {
  const phone = await ownPhone(deps, actor);
  if (phone.pbx !== pbx) throw new AppError('conflict', 'the call is on another PBX', { reason: 'not_in_call' });
  return phone;
};

const upCall = (live: LiveCalls, ref: string): Call => {
  const call = live.call(ref);
  if (!call) throw new AppError('not_found', 'no such call');
  if (call.endedAt !== null) throw new AppError('conflict', 'the call is over', { reason: 'ended' });
  return call;
};

const openSegments = (call: Call, ...kinds: string[]) => call.segments.filter((s) => s.to === null && kinds.includes(s.kind));

/** May take it: whoever serves the queue in which it waits. One in which nobody talks after an answer is parked, for every phone to take. */
const mayPickUp = async (deps: Deps, actor: Actor, call: Call): Promise<boolean> => {
  if (orderPolicy.pickup(actor, false)) return true;
  if (openSegments(call, 'talk', 'consult').length > 0) return false;
  const waits = openSegments(call, 'queue', 'offer');
  const queues = [...new Set(waits.flatMap((s) => s.queue ?? []))];
  for (const queue of queues) if (await deps.servesQueue(actor.id, call.pbx, queue)) return true;
  return call.answeredAt !== null && waits.length === 0;
};

export const pickUp = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string): Promise<void> => {
  const call = upCall(live, ref);
  const phone = await phoneAt(deps, actor, call.pbx);
  if (!(await mayPickUp(deps, actor, call))) throw new AppError('forbidden', `${actor.role}: picking up a call that is not theirs`);
  await deps.pbx(call.pbx).pickup({ key: call.key, extension: phone.extension });
  await audit(deps, actor, 'call.picked up', ref);
};

const recordable = (live: LiveCalls, actor: Actor, ref: string) => {
  const call = upCall(live, ref);
  const mine = live.find(ref, actor.id);
  if (!orderPolicy.record(actor, mine?.phase === 'talking')) throw new AppError('forbidden', `${actor.role}: recording another's call`);
  return { pbx: call.pbx, linkedid: call.key, queue: call.queue, startedAt: call.startedAt };
};

/** Recordings write their own audit. */
export const startRecord = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string): Promise<void> =>
  deps.recordings.start(recordable(live, actor, ref), actor.id);

export const pauseRecord = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string, paused: boolean): Promise<void> =>
  deps.recordings.pause(recordable(live, actor, ref), actor.id, paused);

export const stopRecord = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string): Promise<void> =>
  deps.recordings.stop(recordable(live, actor, ref), actor.id);

/** Written down before the first word is heard. @returns whose talk it is, by extension */
export const spy = async (
  deps: Deps,
  live: LiveCalls,
  actor: Actor,
  ref: string,
  { mode, userId }: SpyDraft,
): Promise<{ heard: string }> => {
  const { pbx, linkedid } = splitRef(ref);
  const call = upCall(live, ref);
  if (!orderPolicy.spy(actor, live.find(ref, actor.id)?.phase === 'talking'))
    throw new AppError('forbidden', 'listening in to an own call');
  const phone = await phoneAt(deps, actor, call.pbx);
  const wanted = userId === undefined ? null : await deps.directory.extensionOf(userId);
  const talking = openSegments(call, 'talk', 'consult').flatMap((s) => s.agent ?? []);
  const isWanted = (extension: string) => wanted?.pbx === pbx && wanted.extension === extension;
  const agent = userId === undefined ? talking[0] : talking.find(isWanted);
  if (agent === undefined) throw new AppError('conflict', 'nobody talks in this call', { reason: 'not_talking' });
  await audit(deps, actor, 'call.listened', ref, { mode, agent });
  await deps.pbx(pbx).spy({ key: linkedid, extension: phone.extension, agent, mode });
  const home = await deps.dialling.homeProfile(deps.db, deps.config.defaultCountry);
  if (home?.rules.listeningShown) {
    const by = (await deps.directory.briefs([actor.id])).get(actor.id)!.name;
    deps.bus.emit('call.listened', { ref, agent, listened: { by, mode, at: deps.now() } });
  }
  return { heard: agent };
};
