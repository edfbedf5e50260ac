import { expect, test } from 'vitest';
import { clientsOver } from '../bench/clients.ts';
import { enrich, plantedPairs } from '../support/bench/base.ts';
import { loadClients } from '../support/bench/million.ts';
import { engines, freshDatabase } from '../support/db.ts';

const SIZE = 2_000;

test.each(engines)(
  '%s: the bench of the client base does all that it measures',
  async (engine) => {
    const { db, url, drop } = await freshDatabase(engine);
    try {
      await loadClients(db, SIZE);
      await enrich(db, SIZE);
      const sizes = { clients: SIZE, rounds: 2, searchRounds: 1, lines: 800, records: 200 };
      const figures = new Map((await clientsOver(db, url, sizes, null)).map((figure) => [figure.what, figure]));
      for (const { what, count } of figures.values()) expect(count, what).toBeGreaterThan(0);
      expect(figures.get('import with matching')!.count).toBe(400);
      expect(figures.get('merge, 200 records each')!.count).toBe(201);
      expect(figures.get(`duplicates among ${SIZE}, beside reading every card`)!.count).toBeGreaterThanOrEqual(plantedPairs(SIZE));
    } finally {
      await drop();
    }
  },
  120_000,
);
