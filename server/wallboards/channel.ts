import type { WebSocket } from 'ws';
import type { Floor } from '../floor/contract.ts';
import type { WallFrame, WallLayout } from './contract.ts';
import { newsOf, pictureOf } from './picture.ts';

/** A wall is read, not worked at. */
export const TICK_MS = 1_000;
/** The picture comes at least so often: a wall that hears nothing for longer knows that the line is dead. */
const LEAST_MS = 10_000;
/** Bytes that may wait for a screen that reads slowly; each picture is whole, so it misses nothing that it needs. */
const BUFFERED = 256 * 1024;
/** No such link, or it was revoked. */
export const NO_LINK = 4404;

export interface Shown {
  boardId: number;
  linkId: number;
  name: string;
  layout: WallLayout;
  timeZone: string;
}

interface Screen {
  ws: Pick<WebSocket, 'send' | 'close' | 'bufferedAmount' | 'readyState' | 'OPEN'>;
  shown: Shown;
}

interface Group {
  news: string;
  text: string;
  sentAt: number;
}

/** All walls of this process. Those that may see the same are sent the same bytes. */
export const createWalls = (floorIn: (timeZone: string) => Floor, build: () => string, now: () => number) => {
  const screens = new Set<Screen>();
  const groups = new Map<string, Group>();
  const groupOf = ({ timeZone, layout }: Shown): string => `${timeZone} ${layout.names}`;

  const send = ({ ws }: Screen, text: string): void => {
    if (ws.readyState === ws.OPEN && ws.bufferedAmount <= BUFFERED) ws.send(text);
  };
  const frame = (message: WallFrame): string => JSON.stringify(message);
  const board = ({ name, layout, timeZone }: Shown): string => frame({ board: { name, layout }, build: build(), timeZone });

  return {
    /** @returns leave */
    join(ws: Screen['ws'], shown: Shown): () => void {
      const screen = { ws, shown };
      screens.add(screen);
      send(screen, board(shown));
      send(screen, frame({ picture: pictureOf(floorIn(shown.timeZone), shown.layout.names) }));
      return () => screens.delete(screen);
    },
    tick(): void {
      const floors = new Map<string, Floor>();
      const due = new Map<string, string | null>();
      for (const screen of screens) {
        const key = groupOf(screen.shown);
        let text = due.get(key);
        if (text === undefined) {
          const { timeZone, layout } = screen.shown;
          const floor = floors.get(timeZone) ?? floorIn(timeZone);
          floors.set(timeZone, floor);
          const picture = pictureOf(floor, layout.names);
          const [news, before] = [newsOf(picture), groups.get(key)];
          text = !before || before.news !== news || now() - before.sentAt >= LEAST_MS ? frame({ picture }) : null;
          if (text !== null) groups.set(key, { news, text, sentAt: now() });
          due.set(key, text);
        }
        if (text !== null) send(screen, text);
      }
      for (const key of groups.keys()) if (!due.has(key)) groups.delete(key);
    },
    /** Looks again whether each screen's link still opens its board, and shows what has changed of it. */
    async review(read: (shown: Shown) => Promise<Shown | null>, boardId: number | null = null): Promise<void> {
      for (const screen of [...screens]) {
        if (boardId !== null && screen.shown.boardId !== boardId) continue;
        const fresh = await read(screen.shown);
        if (!fresh) screen.ws.close(NO_LINK, 'no such link');
        else if (board(fresh) !== board(screen.shown)) {
          const before = groupOf(screen.shown);
          screen.shown = fresh;
          send(screen, board(fresh));
          if (groupOf(fresh) !== before) send(screen, frame({ picture: pictureOf(floorIn(fresh.timeZone), fresh.layout.names) }));
        }
      }
    },
    links: (): number[] => [...new Set([...screens].map(({ shown }) => shown.linkId))],
    size: (): number => screens.size,
    closeAll: (): void => {
      for (const { ws } of screens) ws.close(1001, 'going away');
    },
  };
};
