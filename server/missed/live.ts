import type { Deps } from '../deps.ts';
import { isMine } from '../core/authorize.ts';
import { missedPolicy } from './policy.ts';
import { openPlaces } from './queries.ts';

/** From one telling to the next, at least. */
const TELL_MS = 1_000;

type Place = Awaited<ReturnType<typeof openPlaces>>[number];

/** Tells each page that is open how many are theirs to call back, when anything about these has changed; it then asks for what it shows. @returns stop */
export const startTelling = (deps: Deps): (() => void) => {
  const told = new Map<number, string>();
  let due = false;
  let busy = false;
  let timer: NodeJS.Timeout | null = null;

  const mineOf = async (userId: number, places: readonly Place[]): Promise<Place[]> => {
    const actor = await deps.directory.actorOf(userId);
    if (!actor) return [];
    if (missedPolicy.listAll(actor)) return [...places];
    const queues = new Set((await deps.queuesServed(userId)).map(({ pbx, name }) => `${pbx}:${name}`));
    const concerns = ({ owner_id, tries }: Place) =>
      isMine(actor, owner_id) ||
      tries.some((one) => isMine(actor, one.user_id) || (one.queue !== null && queues.has(`${one.pbx}:${one.queue}`)));
    return places.filter(concerns);
  };

  const tell = async () => {
    const here = new Set(deps.watching());
    for (const userId of told.keys()) if (!here.has(userId)) told.delete(userId);
    if (here.size === 0) return;
    const places = await openPlaces(deps.db);
    for (const userId of here) {
      const mine = await mineOf(userId, places);
      const text = mine.map(({ id, version }) => `${id}.${version}`).join();
      if (told.get(userId) === text) continue;
      told.set(userId, text);
      deps.showHere([userId], { topic: 'missed', open: mine.length });
    }
  };

  const changed = () => {
    due = true;
    if (busy || timer) return;
    timer = setTimeout(() => {
      timer = null;
      busy = true;
      due = false;
      void tell()
        .catch((err: unknown) => deps.log.warn({ err }, 'missed calls: not told'))
        .finally(() => {
          busy = false;
          if (due) changed();
        });
    }, TELL_MS);
  };

  const stops = [deps.bus.on('missed.changed', changed), deps.bus.on('user.changed', changed), deps.bus.on('rights.changed', changed)];
  return () => {
    stops.forEach((stop) => stop());
    if (timer) clearTimeout(timer);
  };
};
