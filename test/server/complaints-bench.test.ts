import { expect, test } from 'vitest';
import { complaintsOver } from '../bench/complaints.ts';
import { engines } from '../support/db.ts';
import { haveDovecot } from '../support/dovecot.ts';

test.each(engines)(
  '%s: the bench of complaints at a thousandth',
  async (engine) => {
    const { figures, taken } = await complaintsOver(engine, { all: 1_000, open: 200, times: 5, letters: 5 });
    expect(figures.map(({ what }) => what)).toContain('queue, page after page');
    if (haveDovecot()) expect(taken?.letters).toBe(5);
  },
  120_000,
);
