import type { PbxQueue } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { queuesAt } from '../pbx/contract.ts';
import type { Queue, QueueMembers } from './contract.ts';
import { membersOf } from './queries.ts';

const ANSWER_MS = 3_000;

/** null: its bridge does not answer, or it is not connected. */
export const queuesOfPbx = async (deps: Pick<Deps, 'bus'>, pbx: string): Promise<readonly PbxQueue[] | null> => {
  try {
    const queues = await deps.bus.ask<object, PbxQueue[]>(queuesAt(pbx), {}, ANSWER_MS);
    return queues.length > 0 ? queues : null; // before the first snapshot nothing is known
  } catch (err) {
    if (err instanceof AppError) return null;
    throw err;
  }
};

type MemberDeps = Pick<Deps, 'db' | 'bus' | 'directory' | 'shiftQueues'>;

/** Who is in the queue: by Allo's own rows, and by what the PBX says beside them. */
export const readMembers = async (deps: MemberDeps, { pbx, name, version }: Queue): Promise<QueueMembers> => {
  const rows = await membersOf(deps.db, { pbx, name });
  const users = await deps.directory.briefs(rows.map(({ userId }) => userId));
  const states = new Map((await deps.shiftQueues(pbx, name)).map(({ userId, state }) => [userId, state]));
  const items: QueueMembers['items'] = [];
  const ours = new Set<string>();
  for (const { userId, penalty } of rows) {
    const user = users.get(userId);
    if (!user) continue;
    const phone = await deps.directory.extensionOf(userId);
    const extension = phone?.pbx === pbx ? phone.extension : null;
    if (extension !== null) ours.add(extension);
    items.push({ user, extension, penalty, state: states.get(userId) ?? 'off' });
  }
  const there = await queuesOfPbx(deps, pbx);
  const others =
    there && (there.find((queue) => queue.name === name)?.members ?? []).filter(({ agent, fixed }) => fixed || !ours.has(agent));
  return { version, items, others: others && others.map(({ agent, name: called, penalty, fixed }) => ({ extension: agent, name: called, penalty, fixed })) }; // prettier-ignore
};
