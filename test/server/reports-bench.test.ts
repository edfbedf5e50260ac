import { expect, test } from 'vitest';
import { ask, fillDay, fillYear, rollUp } from '../bench/reports.ts';
import { eachDatabase } from '../support/db.ts';

/** The bench of the reports on a hundredth: right or wrong, no time. */
eachDatabase((open) => {
  test('a month over the sums, the roll-up of a day from the log', async () => {
    const db = await open();
    expect(await fillYear(db, 12)).toBeGreaterThan(10_000);
    const from = Date.UTC(2026, 0, 1);
    const figures = await ask(db, from, from + 12 * 3_600_000, 1);
    const rows = Object.fromEntries(figures.map((f) => [f.what, f.rows]));
    expect(rows).toMatchObject({ queues: 200, 'queues by hour of day': 12, outcomes: 4, breaks: 1 });
    expect(rows.operators).toBeGreaterThan(300);
    await fillDay(db, 2_000);
    expect((await rollUp(db)).rows).toBe(2_000);
  }, 120_000);
});
