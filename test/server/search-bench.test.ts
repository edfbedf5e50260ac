import { expect, test } from 'vitest';
import { searchOver } from '../bench/search.ts';
import { loadClients } from '../support/bench/million.ts';
import { engines, freshDatabase } from '../support/db.ts';

test.each(engines)(
  '%s: every kind of question of the bench is answered, and finds whom it should',
  async (engine) => {
    const { db, url, drop } = await freshDatabase(engine);
    try {
      await loadClients(db, 10_000);
      const figures = await searchOver(db, url, 10_000, 1, 0);
      const found = Object.fromEntries(figures.map((f) => [f.what, f.found]));
      expect(found['nobody, in any reading']).toBe(0);
      expect(found['nothing typed']).toBe(0);
      for (const what of [
        'three letters',
        'a surname',
        'the other layout',
        'a slip',
        'a slip in the other layout',
        'a short number, +7 9',
        'the last four',
      ])
        expect(found[what], what).toBeGreaterThan(0);
    } finally {
      await drop();
    }
  },
  120_000,
);
