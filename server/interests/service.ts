import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import type { Topic } from './contract.ts';
import { moveInterests, readTopics, sayInterest, unsayInterest } from './queries.ts';

/** An entry of the client's history for each topic and call, or topic and day. */
const entryRef = (topicId: number, clientId: number, source: 'call' | 'hand', ref: string): string =>
  source === 'call' ? `${topicId}@${ref}` : `${topicId}@${clientId} ${ref}`;

/** "2026-11-27": without a call, what is said on one day is one saying. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

interface Saying {
  clientId: number;
  topic: Pick<Topic, 'id' | 'label'>;
  call: string | undefined;
}

const sourceOf = ({ call }: Saying, at: number) =>
  call === undefined ? { source: 'hand' as const, ref: dayOf(at) } : { source: 'call' as const, ref: call };

/** The actor speaks, or spoke, in this call, or it is on their phone. @throws AppError invalid */
const checkCall = async (deps: Deps, actor: Actor, { call, clientId }: Saying): Promise<void> => {
  if (call === undefined) return;
  const [pbx, linkedid] = [call.slice(0, call.indexOf(':')), call.slice(call.indexOf(':') + 1)];
  if (!(await deps.talkedIn(actor.id, pbx, linkedid)) && !(await deps.callGrants(actor, clientId)))
    throw new AppError('invalid', "not the actor's call", { issues: [{ path: 'body.call', code: 'unknown_call' }] });
};

/** With its row of history and its audit entry. */
const write = async (
  deps: Pick<Deps, 'addTimeline' | 'audit'>,
  trx: Knex,
  { clientId, topic, source, ref }: Omit<Saying, 'call'> & { source: 'call' | 'hand'; ref: string },
  { strength, userId, at }: { strength: number; userId: number; at: number },
): Promise<void> => {
  await sayInterest(trx, { client_id: clientId, topic_id: topic.id, ref, source, strength, at, user_id: userId });
  const data = { topic: topic.label, strength, source };
  await deps.addTimeline(trx, { clientId, at, kind: 'interest', ref: entryRef(topic.id, clientId, source, ref), userId, data });
  const details = { topicId: topic.id, strength, source };
  await deps.audit(trx, { actorId: userId, what: 'interest.set', table: 'clients', rowId: clientId, details });
};

/** The client is so much interested in it. */
export const setInterest = async (deps: Deps, actor: Actor, saying: Saying, strength: number): Promise<void> => {
  await checkCall(deps, actor, saying);
  const { clientId, topic } = saying;
  const at = deps.now();
  const told = { clientId, topic, ...sourceOf(saying, at) };
  await inTransaction(deps.db, (trx) => write(deps, trx, told, { strength, userId: actor.id, at }));
  deps.bus.emit('client.changed', { id: clientId, history: true });
};

/** It was a mistake: what was known before stands again. @throws AppError not_found */
export const takeInterestBack = async (deps: Deps, actor: Actor, saying: Saying): Promise<void> => {
  await checkCall(deps, actor, saying);
  const { clientId, topic } = saying;
  const { source, ref } = sourceOf(saying, deps.now());
  await inTransaction(deps.db, async (trx) => {
    if (!(await unsayInterest(trx, { client_id: clientId, topic_id: topic.id, ref })))
      throw new AppError('not_found', 'nothing was said of it in this call, or today');
    await deps.moveTimeline(trx, 'interest', entryRef(topic.id, clientId, source, ref), null);
    const details = { topicId: topic.id, source };
    await deps.audit(trx, { actorId: actor.id, what: 'interest.taken back', table: 'clients', rowId: clientId, details });
  });
  deps.bus.emit('client.changed', { id: clientId, history: true });
};

const offeredLabel = async (db: Knex, topicId: number): Promise<string | null> =>
  (await readTopics(db)).find(({ id, retiredAt }) => id === topicId && retiredAt === null)?.label ?? null;

/** What the other features are handed. */
export const interestsDeps = ({
  moveTimeline,
  addTimeline,
  audit,
}: Pick<Deps, 'moveTimeline' | 'addTimeline' | 'audit'>): Pick<Deps, 'moveInterests' | 'sayInterest' | 'interestLabel'> => ({
  interestLabel: offeredLabel,
  async sayInterest(trx, { clientId, topicId, strength, callRef, userId, at }) {
    const label = await offeredLabel(trx, topicId);
    if (label === null) throw new AppError('conflict', 'no longer offered', { reason: 'retired' });
    await write({ addTimeline, audit }, trx, { clientId, topic: { id: topicId, label }, source: 'call', ref: callRef }, { strength, userId, at }); // prettier-ignore
  },
  async moveInterests(trx: Knex, callRef: string, clientId: number) {
    for (const topicId of await moveInterests(trx, callRef, clientId))
      await moveTimeline(trx, 'interest', entryRef(topicId, clientId, 'call', callRef), clientId);
  },
});
