/**
 * Where to draw clients and their relations: rings by steps, then pushed apart and pulled together for some rounds. Pure and the same each time, so
 * that a graph looks alike whenever it is opened.
 */

export interface Placed {
  id: number;
  x: number;
  y: number;
}
interface Node {
  id: number;
  step: number;
}
interface Edge {
  fromId: number;
  toId: number;
}

const RING = 150;
const ROUNDS = 160;
/** Names need more room beside one another than above. */
const WIDE = 1.7;
const NEAREST = 85;

export const layout = (nodes: readonly Node[], edges: readonly Edge[]): Placed[] => {
  const rings = new Map<number, number>();
  const count = new Map<number, number>();
  nodes.forEach(({ step }) => count.set(step, (count.get(step) ?? 0) + 1));
  const places = nodes.map(({ id, step }) => {
    const at = rings.get(step) ?? 0;
    rings.set(step, at + 1);
    const angle = (at / count.get(step)!) * Math.PI * 2 + step * 0.7;
    // A crowded ring is wider.
    const radius = step === 0 ? 0 : Math.max(RING * step, (count.get(step)! * NEAREST) / (Math.PI * 2));
    return { id, step, x: Math.cos(angle) * radius * WIDE, y: Math.sin(angle) * radius };
  });
  const index = new Map(places.map(({ id }, i) => [id, i]));
  const pairs = edges.flatMap(({ fromId, toId }) => {
    const [a, b] = [index.get(fromId), index.get(toId)];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  for (let round = 0; round < ROUNDS; round++) {
    const heat = 1 - round / ROUNDS;
    const move = places.map(() => ({ x: 0, y: 0 }));
    for (let i = 0; i < places.length; i++)
      for (let j = i + 1; j < places.length; j++) {
        const dx = (places[i]!.x - places[j]!.x) / WIDE || (i - j) * 0.01;
        const dy = places[i]!.y - places[j]!.y || 0.01;
        const distance = Math.hypot(dx, dy);
        if (distance > NEAREST * 3) continue;
        const push = (NEAREST * NEAREST) / (distance * distance);
        move[i]!.x += dx * push * 0.12;
        move[i]!.y += dy * push * 0.12;
        move[j]!.x -= dx * push * 0.12;
        move[j]!.y -= dy * push * 0.12;
      }
    for (const [a, b] of pairs) {
      const dx = (places[b]!.x - places[a]!.x) / WIDE;
      const dy = places[b]!.y - places[a]!.y;
      const pull = (Math.hypot(dx, dy) - RING) / 900;
      move[a]!.x += dx * pull;
      move[a]!.y += dy * pull;
      move[b]!.x -= dx * pull;
      move[b]!.y -= dy * pull;
    }
    places.forEach((place, i) => {
      if (place.step === 0) return; // the client stays in the middle
      place.x += Math.max(-30, Math.min(30, move[i]!.x * WIDE)) * heat;
      place.y += Math.max(-30, Math.min(30, move[i]!.y)) * heat;
    });
  }
  return places.map(({ id, x, y }) => ({ id, x: Math.round(x), y: Math.round(y) }));
};
