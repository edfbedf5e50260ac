import type { Deps } from '../deps.ts';
import type { ClientBrief } from '../clients/contract.ts';
import type { Actor } from '../core/authorize.ts';
import type { MissedItem } from './contract.ts';
import { MissKind } from './contract.ts';
import type { MissedRow } from './note.ts';
import { triesOf } from './queries.ts';

const clientOf = async (deps: Deps, actor: Actor, number: string): Promise<ClientBrief | null> => {
  if (number === '') return null;
  for (const client of await deps.clientsByNumber(number)) if (await deps.mayReadClient(actor, client.id)) return client;
  return null;
};

/** With the names behind the numbers and ids. */
export const present = async (deps: Deps, actor: Actor, rows: readonly MissedRow[]): Promise<MissedItem[]> => {
  const now = deps.now();
  const tries = await triesOf(deps.db, rows.map((row) => row.id)); // prettier-ignore
  const people = [...tries.values()].flat().map((one) => one.user_id);
  const users = await deps.directory.briefs([...new Set([...people, ...rows.flatMap((row) => [row.owner_id, row.taken_by])])].filter((id) => id !== null)); // prettier-ignore
  const items: MissedItem[] = [];
  for (const row of rows) {
    const mine = tries.get(row.id) ?? [];
    const by = row.taken_until !== null && row.taken_until > now ? users.get(row.taken_by ?? 0) : undefined;
    const called = [...new Set(mine.flatMap((one) => one.user_id ?? []))];
    items.push({
      id: row.id,
      number: row.number,
      client: await clientOf(deps, actor, row.number),
      kind: MissKind.parse(mine.at(-1)?.kind ?? 'abandoned'),
      queues: [...new Set(mine.flatMap((one) => one.queue ?? []))],
      called: called.flatMap((id) => users.get(id) ?? []),
      firstAt: row.first_at,
      lastAt: row.last_at,
      tries: row.tries,
      attempts: row.attempts,
      attemptAt: row.attempt_at,
      taken: by ? { by, until: row.taken_until! } : null,
      owner: users.get(row.owner_id ?? 0) ?? null,
      version: row.version,
    });
  }
  return items;
};
