import type { Core } from './app.ts';
import { inTransaction } from './core/db.ts';
import { recordingRule, saveQueue, setRecordingRule, setUserQueues } from './queues/queries.ts';
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
