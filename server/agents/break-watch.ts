import type { Deps } from '../deps.ts';
import type { BreakWatch } from './contract.ts';
import { agentPolicy } from './policy.ts';

const TELL_MS = 500;
/** A break runs over its limit without an event. */
const LOOK_MS = 15_000;

interface Row {
  user_id: number;
  reason: string;
  at: number;
  label: string | null;
  limit_minutes: number;
}

/** Who asks for a break, and whose break is longer than its limit; who asked first, whose is the longest, is first. */
export const readBreakWatch = async (deps: Pick<Deps, 'db' | 'now' | 'directory'>): Promise<BreakWatch> => {
  const asked: Row[] = await deps
    .db('break_requests as q')
    .join('break_reasons as r', 'r.code', 'q.reason')
    .orderBy(['q.asked_at', 'q.user_id'])
    .select('q.user_id', 'q.reason', { at: 'q.asked_at' }, 'r.label', 'r.limit_minutes');
  const resting: Row[] = await deps
    .db('shifts')
    .join('agent_states as s', (on) => on.on('s.user_id', 'shifts.user_id').andOnNull('s.ended_at'))
    .join('break_reasons as r', 'r.code', 's.reason')
    .where('s.state', 'break')
    .where('r.limit_minutes', '>', 0)
    .orderBy(['s.started_at', 's.user_id'])
    .select('s.user_id', 's.reason', { at: 's.started_at' }, 'r.label', 'r.limit_minutes');
  const late = resting.filter(({ at, limit_minutes }) => deps.now() - at >= limit_minutes * 60_000);
  const users = await deps.directory.briefs([...new Set([...asked, ...late].map(({ user_id }) => user_id))]);
  const shown = (rows: readonly Row[]) =>
    rows.flatMap(({ user_id, reason, label, at, limit_minutes }) => {
      const user = users.get(user_id);
      return user ? [{ user, reason, label, at, limitMinutes: limit_minutes }] : [];
    });
  return { asked: shown(asked), late: shown(late) };
};

/** Tells whoever leads the floor and has a page open here, when it has changed. @returns stop */
export const startBreakWatch = (deps: Deps): (() => void) => {
  const told = new Map<number, string>();
  let timer: NodeJS.Timeout | null = null;

  const leaders = async (): Promise<number[]> => {
    const here = deps.watching();
    const actors = await Promise.all(here.map((id) => deps.directory.actorOf(id)));
    return here.filter((_, i) => actors[i] && agentPolicy.lead({ ...actors[i], sessionId: '' }));
  };

  const tell = async () => {
    const here = await leaders();
    for (const id of told.keys()) if (!here.includes(id)) told.delete(id);
    if (here.length === 0) return;
    const watch = await readBreakWatch(deps);
    const text = JSON.stringify(watch);
    const due = here.filter((id) => (told.get(id) ?? '{"asked":[],"late":[]}') !== text);
    for (const id of here) told.set(id, text);
    if (due.length > 0) deps.showHere(due, { topic: 'break-watch', watch });
  };
  const tellNow = () => void tell().catch((err: unknown) => deps.log.warn({ err }, 'breaks: not told'));
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = null;
      tellNow();
    }, TELL_MS);
  };
  const every = setInterval(tellNow, LOOK_MS);
  const stops = [deps.bus.on('break.asked', soon), deps.bus.on('agent.changed', soon), deps.bus.on('shift.changed', soon)];
  return () => {
    clearInterval(every);
    if (timer) clearTimeout(timer);
    stops.forEach((stop) => stop());
  };
};
