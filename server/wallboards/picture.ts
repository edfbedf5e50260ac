import type { Floor } from '../floor/contract.ts';
import type { WallOperator, WallPicture } from './contract.ts';

/** Of what the floor knows, what may hang on a wall: never who calls. Pure. */
export const pictureOf = (floor: Floor, names: boolean): WallPicture => {
  const operators = floor.operators.map(({ name, state, reason, label, since, limitMinutes, queues }): WallOperator => {
    const over = state === 'break' && limitMinutes > 0 && floor.at - since > limitMinutes * 60_000;
    return { name: names ? name : '', queues, state, reason: names ? (label ?? reason) : null, since, over };
  });
  return {
    at: floor.at,
    windowMinutes: floor.windowMinutes,
    queues: floor.queues,
    operators: operators.sort((a, b) => (a.name === b.name ? a.since - b.since : a.name < b.name ? -1 : 1)),
  };
};

/** A wall is told of what it shows; the moment alone is no news. */
export const newsOf = ({ at: _, ...picture }: WallPicture): string => JSON.stringify(picture);
