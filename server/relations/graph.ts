import type { Relation } from './contract.ts';

/** Walks outward step by step. Pure but for what it is handed: circles end where somebody has been already. */
export const around = async (
  start: number,
  { steps, most }: { steps: number; most: number },
  /** Relations at either end of which one of these stands. */
  relationsOf: (ids: readonly number[]) => Promise<readonly Relation[]>,
  /** Those of them who may be seen: behind the others nobody looks. */
  visible: (ids: readonly number[]) => Promise<ReadonlySet<number>>,
): Promise<{ nodes: { id: number; step: number }[]; edges: Relation[]; more: boolean }> => {
  const step = new Map([[start, 0]]);
  const edges = new Map<number, Relation>();
  let edge = [start];
  let more = false;
  for (let n = 1; n <= steps && edge.length > 0; n++) {
    const found = await relationsOf(edge);
    const strangers = [...new Set(found.flatMap(({ fromId, toId }) => [fromId, toId]))].filter((id) => !step.has(id));
    const seen = await visible(strangers);
    edge = [];
    for (const id of strangers) {
      if (!seen.has(id)) continue;
      if (step.size >= most) {
        more = true;
        break;
      }
      step.set(id, n);
      edge.push(id);
    }
    for (const relation of found) if (step.has(relation.fromId) && step.has(relation.toId)) edges.set(relation.id, relation);
  }
  return { nodes: [...step].map(([id, s]) => ({ id, step: s })), edges: [...edges.values()], more };
};
