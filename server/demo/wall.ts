import type { z } from 'zod';
import type { WallLayout } from '../wallboards/contract.ts';

const figure = { kind: 'figure' as const, title: '', queues: [], y: 0, w: 3, h: 4 };

/** A wallboard for the hall. */
export const DEMO_WALL: z.input<typeof WallLayout> = {
  names: true,
  language: 'ru',
  theme: 'dark',
  tiles: [
    { ...figure, id: 'waiting', figure: 'waiting', warn: 2, alarm: 4, x: 0 },
    { ...figure, id: 'oldest', figure: 'oldest', warn: 30, alarm: 60, x: 3 },
    { ...figure, id: 'level', figure: 'level', warn: 80, alarm: 60, x: 6 },
    { ...figure, id: 'free', figure: 'free', warn: 1, alarm: 0, x: 9 },
    { id: 'queues', kind: 'queues', warn: 30, alarm: 60, x: 0, y: 4, w: 7, h: 8 },
    { id: 'operators', kind: 'operators', x: 7, y: 4, w: 5, h: 6 },
    { id: 'clock', kind: 'clock', x: 7, y: 10, w: 5, h: 2 },
  ],
};
