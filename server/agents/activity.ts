import type { Call, Fact } from '../../cti/index.ts';

/** What the phones of a PBX are doing, by the calls that are up. Pure but for what it holds. */

export type Activity = 'ringing' | 'dialling' | 'talking' | 'hold';

const RANK: Record<Activity, number> = { dialling: 0, ringing: 1, hold: 2, talking: 3 };

/** Of each operator in the call; whoever has left it is not named. */
export const activitiesOf = (call: Call): Map<string, Activity> => {
  const found = new Map<string, Activity>();
  if (call.endedAt !== null) return found;
  const put = (extension: string, activity: Activity) => {
    const have = found.get(extension);
    // On hold is who talks and has an open hold; it is said after the talk.
    if (have === undefined || activity === 'hold' || RANK[activity] > RANK[have]) found.set(extension, activity);
  };
  if (call.initiator !== null && call.answeredAt === null) put(call.initiator, 'dialling');
  const open = call.segments.filter((s) => s.to === null && s.agent !== null);
  for (const s of open) if (s.kind === 'offer') put(s.agent!, s.agent === call.initiator ? 'dialling' : 'ringing');
  for (const s of open) if (s.kind === 'talk') put(s.agent!, 'talking');
  for (const s of open) if (s.kind === 'hold') put(s.agent!, 'hold');
  // Between the answer and the bridge there is a moment without a segment.
  for (const extension of new Set(call.segments.flatMap((s) => s.agent ?? []))) {
    const last = call.segments.findLast((s) => s.agent === extension)!;
    if (last.kind === 'offer' && last.endReason === 'answered') put(extension, 'talking');
  }
  // Asking a colleague while the client is on hold is talking.
  for (const s of open) if (s.kind === 'consult') found.set(s.agent!, 'talking');
  return found;
};

export interface Doing {
  activity: Activity | null;
  /** "PBX:LINKEDID" of the call, or of the last they talked in. */
  call: string | null;
}

/** @returns what each fact changes: extensions to look at anew */
export const createActivities = () => {
  const calls = new Map<string, Map<string, Activity>>();
  const byPhone = new Map<string, Set<string>>();
  const lastTalk = new Map<string, string>();

  const link = (phone: string, ref: string, on: boolean): void => {
    const refs = byPhone.get(phone) ?? new Set<string>();
    if (on) byPhone.set(phone, refs.add(ref));
    else if (refs.delete(ref) && refs.size === 0) byPhone.delete(phone);
  };

  const set = (pbx: string, ref: string, now: Map<string, Activity>): string[] => {
    const before = calls.get(ref) ?? new Map<string, Activity>();
    const changed = [...new Set([...before.keys(), ...now.keys()])].filter((extension) => before.get(extension) !== now.get(extension));
    if (now.size > 0) calls.set(ref, now);
    else calls.delete(ref);
    for (const extension of changed) {
      link(`${pbx} ${extension}`, ref, now.has(extension));
      if (now.get(extension) === 'talking') lastTalk.set(`${pbx} ${extension}`, ref);
    }
    return changed;
  };

  return {
    hear(fact: Fact): string[] {
      const ref = (key: string) => `${fact.pbx}:${key}`;
      if (fact.kind === 'pbx.synced') {
        const live = new Set(fact.live.map(ref));
        const gone = [...calls.keys()].filter((r) => r.startsWith(ref('')) && !live.has(r));
        return gone.flatMap((r) => set(fact.pbx, r, new Map()));
      }
      if (!('call' in fact)) return [];
      const merged = fact.kind === 'call.merged' && fact.merged !== fact.key ? set(fact.pbx, ref(fact.merged), new Map()) : [];
      return [...new Set([...merged, ...set(fact.pbx, ref(fact.key), activitiesOf(fact.call))])];
    },
    of(pbx: string, extension: string): Doing {
      const phone = `${pbx} ${extension}`;
      let best: Doing = { activity: null, call: lastTalk.get(phone) ?? null };
      for (const call of byPhone.get(phone) ?? []) {
        const activity = calls.get(call)!.get(extension)!;
        if (best.activity === null || RANK[activity] > RANK[best.activity]) best = { activity, call };
      }
      return best;
    },
  };
};
