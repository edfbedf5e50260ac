import type { WallFigure, WallPicture, WallTile } from '../../server/wallboards/contract.ts';

/** What the tiles show, of the picture. Pure. */

export type Mood = 'calm' | 'warn' | 'alarm';

const chosen = ({ queues }: WallPicture, refs: readonly string[]) =>
  refs.length === 0 ? queues : queues.filter(({ ref }) => refs.includes(ref));

export const operatorsOf = ({ operators }: WallPicture, refs: readonly string[]): WallPicture['operators'] =>
  refs.length === 0 ? operators : operators.filter(({ queues }) => queues.some((ref) => refs.includes(ref)));

const TALKS: readonly string[] = ['talking', 'hold'];
const sum = <T>(list: readonly T[], of: (item: T) => number): number => list.reduce((total, item) => total + of(item), 0);

/** Share 0..1, duration in ms, or a count; null: no data. Rates are sums over sums. */
export const valueOf = (figure: WallFigure, picture: WallPicture, refs: readonly string[], now: number): number | null => {
  const queues = chosen(picture, refs);
  const people = operatorsOf(picture, refs);
  const over = (value: number, under: number) => (under > 0 ? value / under : null);
  const since = queues.flatMap(({ oldest }) => oldest ?? []);
  const answered = sum(queues, ({ today }) => today.answered);
  const values: Record<WallFigure, () => number | null> = {
    waiting: () => sum(queues, ({ waiting }) => waiting),
    oldest: () => (since.length === 0 ? null : Math.max(0, now - Math.min(...since))),
    level: () => over(sum(queues, ({ live }) => live.good), sum(queues, ({ live }) => live.of)), // prettier-ignore
    levelToday: () => over(sum(queues, ({ today }) => today.good), sum(queues, ({ today }) => today.of)), // prettier-ignore
    answered: () => answered,
    abandoned: () => sum(queues, ({ today }) => today.abandoned),
    asa: () => over(sum(queues, ({ today }) => (today.asa ?? 0) * today.answered), answered), // prettier-ignore
    free: () => people.filter(({ state }) => state === 'available').length,
    talking: () => people.filter(({ state }) => TALKS.includes(state)).length,
    onShift: () => people.length,
  };
  return values[figure]();
};

export const isShare = (figure: WallFigure): boolean => figure === 'level' || figure === 'levelToday';
export const isDuration = (figure: WallFigure): boolean => figure === 'oldest' || figure === 'asa';
const FALLING: readonly WallFigure[] = ['level', 'levelToday', 'free'];

interface Limits {
  warn: number | null;
  alarm: number | null;
}

/** `falling`: the less, the worse. */
export const moodOf = (value: number | null, { warn, alarm }: Limits, falling = false): Mood => {
  const beyond = (limit: number | null) => limit !== null && value !== null && (falling ? value <= limit : value >= limit);
  return beyond(alarm) ? 'alarm' : beyond(warn) ? 'warn' : 'calm';
};

/** Limits are in per cent and seconds, as people write them. */
export const moodOfFigure = (tile: Extract<WallTile, { kind: 'figure' }>, value: number | null): Mood => {
  const unit = isShare(tile.figure) ? 100 : isDuration(tile.figure) ? 0.001 : 1;
  return moodOf(value === null ? null : value * unit, tile, FALLING.includes(tile.figure));
};

/** Where somebody waits longest is first. */
export const queuesOf = (picture: WallPicture, refs: readonly string[]): WallPicture['queues'] =>
  [...chosen(picture, refs)].sort((a, b) => (a.oldest ?? 1e15) - (b.oldest ?? 1e15) || (a.label < b.label ? -1 : 1));
