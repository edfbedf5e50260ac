interface Entry {
  kind: string;
  data: Record<string, unknown>;
}
interface Shown {
  field: string;
}

/** An entry of a card's history without what it says of fields that the actor may not read. Pure. */
export const shownEntry = <E extends Entry>(entry: E, hidden: ReadonlySet<string>): E => {
  if (entry.kind !== 'edited' || hidden.size === 0) return entry;
  const { fields = [], changes = [], ...rest } = entry.data as { fields?: string[]; changes?: Shown[] };
  return {
    ...entry,
    data: { ...rest, fields: fields.filter((field) => !hidden.has(field)), changes: changes.filter(({ field }) => !hidden.has(field)) },
  };
};
