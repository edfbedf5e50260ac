import { z } from 'zod';
import { AgentStateName } from '../agents/contract.ts';
import { FloorQueue } from '../floor/contract.ts';
import { QueueRef } from '../reports/contract.ts';
import { Id, Language, Theme, UserBrief } from '../users/contract.ts';

/** The grid on which tiles stand. */
export const COLUMNS = 12;
export const ROWS = 12;
const TILES_MOST = 40;

/** One number of the queues chosen, together. */
export const WallFigure = z.enum([
  'waiting',
  'oldest',
  'level',
  'levelToday',
  'answered',
  'abandoned',
  'asa',
  'free',
  'talking',
  'onShift',
]);
export type WallFigure = z.infer<typeof WallFigure>;

const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\p{Cc}]*$/u);
const place = {
  id: z.string().regex(/^[\w-]{1,20}$/),
  x: z.number().int().min(0).max(COLUMNS - 1), // prettier-ignore
  y: z.number().int().min(0).max(ROWS - 1), // prettier-ignore
  w: z.number().int().min(1).max(COLUMNS),
  h: z.number().int().min(1).max(ROWS),
  /** None: all. */
  queues: z.array(QueueRef).max(200).default([]),
};
/** From which value on it warns, and alarms; of service levels and people who are free: up to which. null: never. */
const limit = z.number().min(0).max(100_000).nullable().default(null);

export const WallTile = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('figure'), ...place, figure: WallFigure, title: line(60).default(''), warn: limit, alarm: limit }),
    /** warn, alarm: of the longest wait, s. */
    z.object({ kind: z.literal('queues'), ...place, warn: limit, alarm: limit }),
    z.object({ kind: z.literal('operators'), ...place }),
    z.object({ kind: z.literal('clock'), ...place }),
    z.object({ kind: z.literal('text'), ...place, title: line(200) }),
  ])
  .refine(({ x, y, w, h }) => x + w <= COLUMNS && y + h <= ROWS, { path: ['w'], error: 'out of the grid' });
export type WallTile = z.infer<typeof WallTile>;

export const WallLayout = z.object({
  tiles: z.array(WallTile).max(TILES_MOST),
  /** Operators by name; else only how many are at what. */
  names: z.boolean().default(false),
  language: Language.default('ru'),
  theme: Theme.default('dark'),
});
export type WallLayout = z.infer<typeof WallLayout>;

export const WallLink = z.object({
  id: Id,
  label: z.string(),
  createdAt: z.number(),
  createdBy: UserBrief.nullable(),
  /** When a screen last asked by it; null: never. */
  seenAt: z.number().nullable(),
});
export type WallLink = z.infer<typeof WallLink>;

export const Wallboard = z.object({ id: Id, name: z.string(), layout: WallLayout, version: z.number().int(), links: z.array(WallLink) });
export type Wallboard = z.infer<typeof Wallboard>;
export const WallboardList = z.object({ items: z.array(Wallboard) });
export const WallboardReply = z.object({ wallboard: Wallboard });

export const WallboardDraft = z.object({ name: line(100).pipe(z.string().min(1)), layout: WallLayout });
export type WallboardDraft = z.input<typeof WallboardDraft>;
export const WallboardEdit = WallboardDraft.extend({ version: z.number().int() });

export const LinkDraft = z.object({ label: line(100).default('') });
/** The token is told once, and kept as a hash. */
export const LinkReply = z.object({ link: WallLink, token: z.string() });
export const LinkParam = z.object({
  id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  link: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
});

const Token = z.string().regex(/^[a-z0-9]{24}$/);

/** Nothing in it says who calls. `name` '' and `reason` null where the board does not name operators. */
export const WallOperator = z.object({
  name: z.string(),
  queues: z.array(QueueRef),
  state: AgentStateName,
  /** Of a break. */
  reason: z.string().nullable(),
  since: z.number(),
  /** A break beyond its limit. */
  over: z.boolean(),
});
export type WallOperator = z.infer<typeof WallOperator>;

export const WallPicture = z.object({
  at: z.number(),
  windowMinutes: z.number().int(),
  queues: z.array(FloorQueue),
  operators: z.array(WallOperator),
});
export type WallPicture = z.infer<typeof WallPicture>;

/**
 * /live/wall (WebSocket, sub-protocols "allo-wall" and the token): first the board and what build of the page belongs to it, then the picture,
 * whole, whenever it has changed, at most once a second; at least every ten seconds. Close code 4404: no such link, or it was revoked.
 */
export const WallFrame = z.union([
  z.object({ board: z.object({ name: z.string(), layout: WallLayout }), build: z.string(), timeZone: z.string() }),
  z.object({ picture: WallPicture }),
]);
export type WallFrame = z.infer<typeof WallFrame>;

/** POST /api/wall/at, without a session: what the wall showed at a past moment, epoch ms. */
export const WallPast = z.object({ token: Token, at: z.number().int().min(1).max(253_402_300_799_000) });
export const WallPastReply = z.object({ picture: WallPicture });
