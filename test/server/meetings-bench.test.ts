import { expect, test } from 'vitest';
import { meetingsOver } from '../bench/meetings.ts';
import { engines } from '../support/db.ts';

test.each(engines)(
  '%s: the bench of meetings at a few thousand: there are events, and free times between them',
  async (engine) => {
    const { figures, slots, free } = await meetingsOver(engine, { all: 4_000, times: 3 });
    expect(figures).toHaveLength(5);
    expect(slots).toBeGreaterThan(3);
    expect(free).toBeGreaterThan(0);
  },
  240_000,
);
