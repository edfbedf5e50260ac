/** Interests as they were said, and what of them stands. Pure. */

export interface Said {
  readonly id: number;
  readonly strength: number;
  readonly at: number;
  readonly until_at: number | null;
}

const inOrder = <S extends Said>(rows: readonly S[]): S[] => [...rows].sort((a, b) => a.at - b.at || a.id - b.id);

/** What of the rows of one client and topic has to change, so that each ends where the next begins. @returns id -> until */
export const untilChanges = (rows: readonly Said[]): Map<number, number | null> => {
  const ordered = inOrder(rows);
  const changes = new Map<number, number | null>();
  for (const [i, row] of ordered.entries()) {
    const until = ordered[i + 1]?.at ?? null;
    if (row.until_at !== until) changes.set(row.id, until);
  }
  return changes;
};

/** The row that stands, and since when its yes, or its no, has been so. @param rows of one client and topic, at least one */
export const standing = <S extends Said>(rows: readonly S[]): { last: S; since: number } => {
  const ordered = inOrder(rows);
  const last = ordered.at(-1)!;
  const turned = ordered.findLastIndex((row) => row.strength > 0 !== last.strength > 0);
  return { last, since: ordered[turned + 1]!.at };
};
