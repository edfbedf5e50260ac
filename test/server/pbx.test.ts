import { beforeAll, describe, expect, test } from 'vitest';
import type { Knex } from 'knex';
import { ActionError } from '../../cti/index.ts';
import type { Actions } from '../../cti/index.ts';
import { createLog } from '../../server/core/log.ts';
import { memoryBus } from '../../server/core/memory-bus.ts';
import { ordersTo } from '../../server/pbx/contract.ts';
import { leaseStore } from '../../server/pbx/lease.ts';
import { carryOut, pbxClient } from '../../server/pbx/orders.ts';
import type { Order } from '../../server/pbx/orders.ts';
import { eachDatabase } from '../support/db.ts';

eachDatabase((open) => {
  let db: Knex;
  let now = 1_000_000;
  beforeAll(async () => {
    db = await open();
  });

  test('a lease has one owner at a time, who may renew it, until it runs out or is given back', async () => {
    const store = leaseStore(db, () => now);
    expect(await store.acquire('main', 'a', 1000)).toBe(true);
    expect(await store.acquire('main', 'b', 1000)).toBe(false);
    expect(await store.acquire('main', 'a', 1000)).toBe(true);
    now += 999;
    expect(await store.acquire('main', 'b', 1000)).toBe(false);
    now += 1;
    expect(await store.acquire('main', 'b', 1000)).toBe(true);
    expect(await store.acquire('main', 'a', 1000)).toBe(false);
    await store.release('main', 'a');
    expect(await store.acquire('main', 'a', 1000)).toBe(false);
    await store.release('main', 'b');
    expect(await store.acquire('main', 'a', 1000)).toBe(true);
    expect(await store.acquire('other', 'b', 1000)).toBe(true);
  });

  test('of ten that want it at once one gets it, first and when it has run out', async () => {
    const store = leaseStore(db, () => now);
    for (let round = 0; round < 3; round += 1) {
      const got = await Promise.all(Array.from({ length: 10 }, (_, i) => store.acquire('rush', `r${round}-${i}`, 1000)));
      expect(got.filter(Boolean).length).toBe(1);
      now += 1000;
    }
  });
});

describe('orders to a PBX', () => {
  const log = createLog('silent');
  const refusing = (thrown: unknown) => new Proxy({}, { get: () => async () => Promise.reject(thrown) }) as Actions;
  const ask = async (actions: Actions, action: keyof Actions) => {
    const bus = memoryBus<object>(log);
    bus.answer(ordersTo('main'), (order: Order) => carryOut(actions, order));
    return (pbxClient(bus)('main')[action] as (order: object) => Promise<unknown>)({});
  };

  test.each([
    ['offline', 'pbx_unavailable'],
    ['timeout', 'pbx_timeout'],
    ['refused', 'pbx_refused'],
    ['unsupported', 'pbx_refused'],
    ['invalid', 'invalid'],
  ] as const)('%s is told as %s', async (code, told) => {
    await expect(ask(refusing(new ActionError(code, 'no')), 'hangup')).rejects.toMatchObject({ code: told, data: { reason: code } });
  });

  test('a phone that is in the queue already, or not any more, is as it was to be', async () => {
    await expect(ask(refusing(new ActionError('refused', 'Unable to add interface: Already there')), 'queueAdd')).resolves.toBeNull();
    await expect(ask(refusing(new ActionError('refused', 'Unable to remove interface: Not there')), 'queueRemove')).resolves.toBeNull();
    await expect(ask(refusing(new ActionError('refused', 'Unable to add interface: No such queue')), 'queueAdd')).rejects.toMatchObject({
      code: 'pbx_refused',
    });
  });

  test('without a bridge the PBX is unavailable; an order that is none is invalid', async () => {
    await expect(pbxClient(memoryBus<object>(log))('main').queuePause({ extension: '101', paused: true })).rejects.toMatchObject({
      code: 'pbx_unavailable',
    });
    await expect(carryOut({} as Actions, { action: 'constructor' as keyof Actions, order: {} })).rejects.toMatchObject({ code: 'invalid' });
  });
});
