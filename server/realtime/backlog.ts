/** What was sent lately, so that a browser that was away gets what it missed: a ring for each user and one for what goes to all. Pure. */

export interface Sent {
  seq: number;
  /** Epoch ms. */
  at: number;
  text: string;
}

interface Ring {
  sent: Sent[];
  /** The highest number that fell out. */
  lostTo: number;
}

const ALL = 'all';

export const createBacklog = (perUser: number, first: number) => {
  const rings = new Map<number | typeof ALL, Ring>();
  const ring = (of: number | typeof ALL): Ring => {
    const found = rings.get(of) ?? { sent: [], lostTo: first };
    rings.set(of, found);
    return found;
  };

  return {
    keep(of: number | typeof ALL, sent: Sent): void {
      const r = ring(of);
      r.sent.push(sent);
      if (r.sent.length > perUser) r.lostTo = r.sent.shift()!.seq;
    },

    /** What this user missed after `seq`, in order; null: more than is kept, or from before `notBefore`: who may see it is asked anew then. */
    since(userId: number, seq: number, notBefore: number): Sent[] | null {
      const mine = [ring(userId), ring(ALL)];
      if (mine.some((r) => seq < r.lostTo || r.sent.some((s) => s.seq > seq && s.at < notBefore))) return null;
      return mine.flatMap((r) => r.sent.filter((s) => s.seq > seq)).sort((a, b) => a.seq - b.seq);
    },

    /** Frees the messages of users for whom `isGone`; who asks for them later is told to reload. */
    forget(isGone: (userId: number) => boolean): void {
      for (const [of, r] of rings) {
        if (of === ALL || r.sent.length === 0 || !isGone(of)) continue;
        r.lostTo = r.sent.at(-1)!.seq;
        r.sent = [];
      }
    },
  };
};
