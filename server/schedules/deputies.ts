/** Who could stand in for whom. Pure. */

export interface Candidate {
  readonly id: number;
  readonly role: string;
  readonly departmentId: number | null;
  /** Not there on some of the days. */
  readonly away: boolean;
  /** For how many others they stand in on these days. */
  readonly standsIn: number;
  /** Working time in these days, ms. */
  readonly worksMs: number;
}

/** The fittest first: there, of the same department, of the same role, for the fewest others, working the most; then by id, so that it stays. */
export const fittest = <T extends Candidate>(person: Pick<Candidate, 'id' | 'role' | 'departmentId'>, colleagues: readonly T[]): T[] => {
  const rank = (one: T): number[] => [
    one.away ? 1 : 0,
    one.departmentId === person.departmentId ? 0 : 1,
    one.role === person.role ? 0 : 1,
    one.standsIn,
    -one.worksMs,
    one.id,
  ];
  const ranked = colleagues.filter(({ id }) => id !== person.id).map((one) => ({ one, by: rank(one) }));
  ranked.sort((a, b) => a.by.map((value, i) => value - b.by[i]!).find((difference) => difference !== 0) ?? 0);
  return ranked.map(({ one }) => one);
};
