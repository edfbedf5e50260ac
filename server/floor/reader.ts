import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import type { Floor } from './contract.ts';

/** The floor as somebody sees it who does not see every client: the calls are there, with the names that they may read. */

/** How long an answer is believed: rights and owners change. */
const BELIEVED_MS = 30_000;

export const clientsIn = ({ calls }: Pick<Floor, 'calls'>): number[] => [
  ...new Set(calls.flatMap(({ clients }) => clients?.map(({ id }) => id) ?? [])),
];

/** Without those who are not `readable`. Pure. */
export const withClients = (picture: Floor, readable: ReadonlySet<number>): Floor => ({
  ...picture,
  calls: picture.calls.map((call) => ({
    ...call,
    clients: call.clients?.filter(({ id }) => readable.has(id)) ?? null,
    // it is that of the first
    standing: call.clients?.[0] && readable.has(call.clients[0].id) ? call.standing : null,
  })),
});

/** The same for a picture that is drawn again and again: who is not known yet has no name until the answer is there. */
export const createReader = (
  deps: Pick<Deps, 'directory' | 'readableClients' | 'now' | 'log'>,
  { id, sessionId }: Pick<Actor, 'id' | 'sessionId'>,
  view: () => Floor,
): (() => Floor) => {
  const known = new Map<number, { at: number; readable: boolean }>();
  const asking = new Set<number>();
  const ask = async (ids: readonly number[]): Promise<void> => {
    const actor = await deps.directory.actorOf(id); // as they are now, not when the page was opened
    const readable = actor ? await deps.readableClients({ ...actor, sessionId }, ids) : new Map<number, unknown>();
    for (const one of ids) known.set(one, { at: deps.now(), readable: readable.has(one) });
  };
  return () => {
    const picture = view();
    const there = clientsIn(picture);
    for (const one of known.keys()) if (!there.includes(one)) known.delete(one);
    const fresh = (one: number) => deps.now() - (known.get(one)?.at ?? -Infinity) < BELIEVED_MS;
    const wanted = there.filter((one) => !fresh(one) && !asking.has(one));
    if (wanted.length > 0) {
      wanted.forEach((one) => asking.add(one));
      void ask(wanted)
        .catch((err: unknown) => deps.log.warn({ err }, 'floor: rights not read'))
        .finally(() => wanted.forEach((one) => asking.delete(one)));
    }
    return withClients(picture, new Set(there.filter((one) => known.get(one)?.readable)));
  };
};
