/** Free time that people and rooms have in common. Pure; moments are epoch ms. */

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** In order and apart. */
const joined = (spans: readonly Span[]): Span[] => {
  const list: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = list.at(-1);
    if (to <= from) continue;
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else list.push({ from, to });
  }
  return list;
};

/** Of two lists in order and apart. */
const common = (a: readonly Span[], b: readonly Span[]): Span[] => {
  const both: Span[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [from, to] = [Math.max(a[i]!.from, b[j]!.from), Math.min(a[i]!.to, b[j]!.to)];
    if (from < to) both.push({ from, to });
    if (a[i]!.to < b[j]!.to) i += 1;
    else j += 1;
  }
  return both;
};

const gaps = (busy: readonly Span[], within: Span): Span[] => {
  const free: Span[] = [];
  let from = within.from;
  for (const one of joined(busy)) {
    if (one.from > from) free.push({ from, to: Math.min(one.from, within.to) });
    from = Math.max(from, one.to);
  }
  if (from < within.to) free.push({ from, to: within.to });
  return free.filter((span) => span.to > span.from);
};

/** Meetings begin on a quarter of an hour; all zones' clocks show one at the same moments. */
const GRID_MS = 900_000;

/** The first `limit` pieces of `ms` that do not overlap, each within what everybody works (`open`, in order and apart) and clear of all that is `busy`. */
export const freeSlots = (
  { open, busy, within }: { open: readonly (readonly Span[])[]; busy: readonly Span[]; within: Span },
  ms: number,
  limit: number,
): Span[] => {
  const free = open.reduce<readonly Span[]>(common, gaps(busy, within));
  const found: Span[] = [];
  for (const { from, to } of free)
    for (let at = Math.ceil(from / GRID_MS) * GRID_MS; at + ms <= to && found.length < limit; at = Math.ceil((at + ms) / GRID_MS) * GRID_MS)
      found.push({ from: at, to: at + ms });
  return found;
};
