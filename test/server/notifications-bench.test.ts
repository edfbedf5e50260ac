import { expect, test } from 'vitest';
import { notificationsOver } from '../bench/notifications.ts';
import { engines } from '../support/db.ts';

test.each(engines)(
  '%s: the bench of notifications at a hundredth: all told, none twice, with a worker killed',
  async (engine) => {
    const { reminders, twice, killedAt } = await notificationsOver(engine, { reminders: 1_000, events: 10 });
    expect({ reminders, twice }).toEqual({ reminders: 1_000, twice: 0 });
    expect(killedAt).toBeGreaterThan(0);
  },
  240_000,
);
