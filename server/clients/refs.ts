import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import type { FieldDef } from '../fields/contract.ts';
import type { Client, ClientReply } from './contract.ts';

/** Names of what reference fields lead to. A client whom the actor may not see has none: only its number is shown. */
export const namesOf = async (
  deps: Pick<Deps, 'clientBriefs' | 'mayReadClient' | 'directory'>,
  actor: Actor,
  defs: readonly FieldDef[],
  custom: Client['custom'],
): Promise<ClientReply['refs']> => {
  const held = (to: 'client' | 'user') =>
    defs.flatMap(({ key, type, settings }) => (type === 'reference' && settings.to === to && typeof custom[key] === 'number' ? custom[key] : [])); // prettier-ignore
  const clients: Record<string, string> = {};
  for (const [id, { name }] of await deps.clientBriefs(held('client'))) if (await deps.mayReadClient(actor, id)) clients[id] = name;
  const briefs = await deps.directory.briefs(held('user'));
  return { clients, users: Object.fromEntries([...briefs].map(([id, { name }]) => [id, name])) };
};
