import type { WallLayout, WallTile } from '../../server/wallboards/contract.ts';

/** Moving and sizing on the grid of twelve by twelve. Pure. */

const SIDE = 12;
const within = (n: number, least: number, most: number): number => Math.max(least, Math.min(most, n));

export type Place = Pick<WallTile, 'x' | 'y' | 'w' | 'h'>;

export const moved = <T extends Place>(tile: T, dx: number, dy: number): T => ({
  ...tile,
  x: within(tile.x + dx, 0, SIDE - tile.w),
  y: within(tile.y + dy, 0, SIDE - tile.h),
});

export const sized = <T extends Place>(tile: T, dw: number, dh: number): T => ({
  ...tile,
  w: within(tile.w + dw, 1, SIDE - tile.x),
  h: within(tile.h + dh, 1, SIDE - tile.y),
});

const overlaps = (a: Place, b: Place): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Where a tile of this size has room, from the top; else the top left corner. */
export const roomFor = (tiles: readonly Place[], w: number, h: number): Place => {
  for (let y = 0; y + h <= SIDE; y++)
    for (let x = 0; x + w <= SIDE; x++) if (!tiles.some((tile) => overlaps(tile, { x, y, w, h }))) return { x, y, w, h };
  return { x: 0, y: 0, w, h };
};

const SIZES: Record<WallTile['kind'], [number, number]> = {
  figure: [3, 4],
  queues: [6, 6],
  operators: [4, 6],
  clock: [3, 2],
  text: [4, 2],
};

export const newTile = (kind: WallTile['kind'], tiles: readonly WallTile[], id: string): WallTile => {
  const place = { id, queues: [], ...roomFor(tiles, ...SIZES[kind]) };
  const limits = { warn: null, alarm: null };
  if (kind === 'figure') return { ...place, kind, figure: 'waiting', title: '', ...limits };
  if (kind === 'queues') return { ...place, kind, ...limits };
  if (kind === 'text') return { ...place, kind, title: '' };
  return { ...place, kind };
};

/** What a new board begins with. */
export const firstLayout = (language: WallLayout['language']): WallLayout => {
  const figure = { kind: 'figure' as const, title: '', queues: [] as string[], y: 0, w: 3, h: 4 };
  return {
    names: false,
    language,
    theme: 'dark',
    tiles: [
      { ...figure, id: 'waiting', figure: 'waiting', warn: 3, alarm: 6, x: 0 },
      { ...figure, id: 'oldest', figure: 'oldest', warn: 60, alarm: 120, x: 3 },
      { ...figure, id: 'level', figure: 'level', warn: 80, alarm: 60, x: 6 },
      { ...figure, id: 'free', figure: 'free', warn: 1, alarm: 0, x: 9 },
      { id: 'queues', kind: 'queues', warn: 60, alarm: 120, x: 0, y: 4, w: 8, h: 8, queues: [] },
      { id: 'operators', kind: 'operators', x: 8, y: 4, w: 4, h: 6, queues: [] },
      { id: 'clock', kind: 'clock', x: 8, y: 10, w: 4, h: 2, queues: [] },
    ],
  };
};
