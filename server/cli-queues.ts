import type { Core } from './deps.ts';
import { inTransaction } from './core/db.ts';
import { findQueueByName, recordingRule, saveQueue, setRecordingRule, setUserQueues, updateQueue } from './queues/queries.ts';
import { findUserByLogin } from './users/queries.ts';

const RULES = ['none', 'all'] as const;
const QUEUE = /^([\w-]{1,32}):([\w.-]{1,80})$/;

/** Which queues an operator enters when their shift starts; `places`: "PBX:NAME", in the place of those before. A running shift follows. */
export const setQueues = async (core: Core, login: string, places: readonly string[], say: (text: string) => void): Promise<void> => {
  const user = await findUserByLogin(core.db, login);
  if (!user) throw new Error(`there is no user "${login}"; user list shows them`);
  const wanted = places.map((place) => {
    const [, pbx, name] = QUEUE.exec(place) ?? [];
    if (pbx === undefined || name === undefined) throw new Error(`"${place}": a queue is PBX:NAME, for example main:support`);
    if (!core.config.pbxs.some((known) => known.name === pbx)) throw new Error(`"${place}": there is no PBX "${pbx}" in the settings`);
    return { pbx, name };
  });
  await inTransaction(core.db, async (trx) => {
    for (const queue of wanted) await saveQueue(trx, queue);
    await setUserQueues(trx, user.id, wanted);
    const queues = wanted.map(({ pbx, name }) => `${pbx}:${name}`);
    await core.audit(trx, { actorId: null, what: 'user.queues', table: 'users', rowId: user.id, details: { queues } });
  });
  core.bus.emit('user.changed', { id: user.id });
  say(`${user.login} enters ${places.length > 0 ? places.join(', ') : 'no queue'} when the shift starts`);
};

const MAX_WRAP_UP_S = 3600;

/** The time after the calls of a queue, how far it may be extended, and whether each needs an outcome. */
export const setQueueWrapUp = async (
  core: Core,
  place: string,
  { seconds, most, outcome }: { seconds: string; most: string | undefined; outcome: string | undefined },
  say: (text: string) => void,
): Promise<void> => {
  const [, pbx, name] = QUEUE.exec(place) ?? [];
  if (pbx === undefined || name === undefined) throw new Error(`"${place}": a queue is PBX:NAME, for example main:support`);
  const number = (text: string) => {
    if (!/^\d{1,4}$/.test(text) || Number(text) > MAX_WRAP_UP_S)
      throw new Error(`"${text}": seconds must be a whole number from 0 to ${MAX_WRAP_UP_S}`);
    return Number(text);
  };
  const wrapUpSeconds = number(seconds);
  const wrapUpMaxSeconds = most === undefined ? wrapUpSeconds : number(most);
  if (wrapUpMaxSeconds < wrapUpSeconds) throw new Error(`"${most}": the most cannot be less than the time itself`);
  if (outcome !== undefined && !['required', 'optional'].includes(outcome)) throw new Error(`"${outcome}": must be required or optional`);
  const queue = await findQueueByName(core.db, { pbx, name });
  if (!queue) throw new Error(`there is no queue "${place}"; queue set makes one known`);
  const outcomeRequired = outcome === undefined ? queue.outcomeRequired : outcome === 'required';
  const rule = { wrapUpSeconds, wrapUpMaxSeconds, outcomeRequired };
  await inTransaction(core.db, async (trx) => {
    if (!(await updateQueue(trx, { ...queue, ...rule }))) throw new Error(`${place} was changed by somebody else: try again`);
    await core.audit(trx, { actorId: null, what: 'queue.edited', table: 'queues', rowId: queue.id, details: rule });
  });
  say(
    `${place}: ${wrapUpSeconds === 0 ? 'no wrap-up' : `${wrapUpSeconds} s of wrap-up, at most ${wrapUpMaxSeconds} s`}; an outcome is ${outcomeRequired ? 'required' : 'optional'}`,
  );
};

/** Whether the calls of a queue are recorded, and for how many days their recordings are kept; 0: for ever. */
export const setQueueRecording = async (
  core: Core,
  place: string,
  record: string,
  days: string | undefined,
  say: (text: string) => void,
): Promise<void> => {
  const [, pbx, name] = QUEUE.exec(place) ?? [];
  if (pbx === undefined || name === undefined) throw new Error(`"${place}": a queue is PBX:NAME, for example main:support`);
  const rule = RULES.find((known) => known === record);
  if (!rule) throw new Error(`"${record}": must be all or none`);
  const before = await recordingRule(core.db, { pbx, name });
  if (!before) throw new Error(`there is no queue "${place}"; queue set makes one known`);
  const keepDays = days === undefined ? before.keepDays : Number(days);
  if (!/^\d{1,5}$/.test(days ?? '0')) throw new Error(`"${days}": days must be a whole number; 0 keeps recordings for ever`);
  await inTransaction(core.db, async (trx) => {
    await setRecordingRule(trx, { pbx, name }, { record: rule, keepDays });
    await core.audit(trx, { actorId: null, what: 'queue.recording', table: 'queues', rowId: place, details: { record: rule, keepDays } });
  });
  say(
    `${place}: ${rule === 'all' ? 'calls are recorded' : 'calls are not recorded'}; recordings are kept ${keepDays === 0 ? 'for ever' : `${keepDays} days`}`,
  );
};
