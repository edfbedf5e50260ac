import type { Deps } from '../deps.ts';
import { dispatchPolicy } from './policy.ts';

/** From one telling to the next, at least. */
const TELL_MS = 300;

/** Tells the open pages of those who lead that something due has changed; they then ask for the list if they show it. @returns stop */
export const startTelling = (deps: Pick<Deps, 'bus' | 'directory' | 'log' | 'showHere' | 'watching'>): (() => void) => {
  let timer: NodeJS.Timeout | null = null;

  const tell = async (): Promise<void> => {
    const leads: number[] = [];
    for (const userId of deps.watching()) {
      const actor = await deps.directory.actorOf(userId);
      if (actor && dispatchPolicy.lead({ ...actor, sessionId: '' })) leads.push(userId);
    }
    if (leads.length > 0) deps.showHere(leads, { topic: 'dispatch' });
  };

  const changed = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      tell().catch((err: unknown) => deps.log.warn({ err }, 'dispatch: not told'));
    }, TELL_MS);
  };
  const topics = ['missed.changed', 'callback.changed', 'task.changed', 'complaint.changed', 'shift.changed'] as const;
  const stops = topics.map((topic) => deps.bus.on(topic, changed));
  return () => {
    stops.forEach((stop) => stop());
    if (timer) clearTimeout(timer);
  };
};
