import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { WebSocket } from 'ws';
import type { Deps, Feature, PublicStream } from '../deps.ts';
import { anyone } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { ROOT } from '../core/root.ts';
import type { Floor } from '../floor/contract.ts';
import { NO_LINK, TICK_MS, createWalls } from './channel.ts';
import type { Shown } from './channel.ts';
import { WallPast, WallPastReply } from './contract.ts';
import { pictureOf } from './picture.ts';
import { boardByToken, findBoard, layoutOf, linkSeen, linksOf } from './queries.ts';
import { wallboardRoutes } from './router.ts';
import { isToken } from './token.ts';

/** From floor: what goes on now, and what went on. `timeZone`: whose midnight "today" begins at. */
export interface FloorPictures {
  now(timeZone: string): Floor;
  at(at: number, timeZone: string): Promise<Floor>;
}

/** Screens of one process. */
const SCREENS_MOST = 300;
const REVIEW_MS = 60_000;
const PING_MS = 25_000;
/** Of the log at once, for screens that nobody has signed in at. */
const PASTS = 2;

/** /api/wallboards, and without a session: /live/wall and /api/wall/at. */
export const wallboardsFeature = (deps: Deps, floor: FloorPictures): Feature & { stream: PublicStream } => {
  let build = '';
  const walls = createWalls(floor.now, () => build, deps.now);
  const few = pLimit(PASTS);

  const shownBy = async (token: string): Promise<Shown | null> => {
    const found = isToken(token) ? await boardByToken(deps.db, token) : null;
    if (!found) return null;
    const { board, linkId } = found;
    const timeZone = await deps.directory.timeZoneOf(board.created_by);
    return { boardId: board.id, linkId, name: board.name, layout: layoutOf(board), timeZone };
  };
  const again = async (shown: Shown): Promise<Shown | null> => {
    const board = await findBoard(deps.db, shown.boardId);
    const isThere = board && (await linksOf(deps.db, [board.id])).some(({ id }) => id === shown.linkId);
    return board && isThere ? { ...shown, name: board.name, layout: layoutOf(board) } : null;
  };

  const failed = (err: unknown) => deps.log.error({ err }, 'wallboards: not looked at');
  const review = async (): Promise<void> => {
    await walls.review(again);
    for (const id of walls.links()) await linkSeen(deps.db, id, deps.now());
  };

  const keepAlive = (ws: WebSocket): void => {
    let alive = true;
    ws.on('pong', () => (alive = true));
    const timer = setInterval(() => {
      if (!alive) return ws.terminate();
      alive = false;
      ws.ping();
    }, PING_MS);
    ws.on('close', () => clearInterval(timer));
  };

  const readBuild = async (): Promise<void> => {
    const page = await readFile(join(ROOT, 'dist/web/wall.html')).catch(() => null); // not built: a developer's
    build = page === null ? '' : createHash('sha256').update(page).digest('hex').slice(0, 16);
  };

  return {
    stream: {
      protocol: 'allo-wall',
      async join(ws, [token = '']) {
        ws.on('message', () => ws.close(1008, 'nothing to say here'));
        if (walls.size() >= SCREENS_MOST) return ws.close(1013, 'too many screens');
        const shown = await shownBy(token);
        if (!shown) return ws.close(NO_LINK, 'no such link');
        if (ws.readyState !== ws.OPEN) return;
        keepAlive(ws);
        ws.on('close', walls.join(ws, shown));
        await linkSeen(deps.db, shown.linkId, deps.now());
      },
    },
    routes: [
      ...wallboardRoutes(deps, async (actor) => pictureOf(floor.now(await deps.directory.timeZoneOf(actor.id)), true)),
      route({
        method: 'post',
        path: '/wall/at',
        summary: 'What a wall showed at a past moment, by its link',
        body: WallPast,
        reply: WallPastReply,
        can: anyone,
        async handle({ body: { token, at } }) {
          const shown = await shownBy(token);
          if (!shown) throw new AppError('not_found', 'no such link');
          if (at > deps.now()) throw new AppError('invalid', 'not yet', { issues: [{ path: 'body.at', code: 'too_big' }] });
          if (few.pendingCount > 20) throw new AppError('too_many', 'too many at once', { retryAfterSeconds: 5 });
          return { picture: pictureOf(await few(() => floor.at(at, shown.timeZone)), shown.layout.names) };
        },
      }),
    ],
    start: async (roles) => {
      if (!roles.has('api')) return () => {};
      await readBuild();
      const stops = [deps.bus.on('wallboard.changed', ({ id }) => walls.review(again, id))];
      const timers = [setInterval(walls.tick, TICK_MS), setInterval(() => void review().catch(failed), REVIEW_MS)];
      return () => {
        stops.forEach((stop) => stop());
        timers.forEach((timer) => clearInterval(timer));
        walls.closeAll();
      };
    },
  };
};
