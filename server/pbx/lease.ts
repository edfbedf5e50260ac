import type { Knex } from 'knex';
import type { Lease } from '../../cti/index.ts';

interface Row {
  pbx: string;
  owner: string;
  until_at: number;
}

/** Who owns a PBX, as a row: each step is one statement, so of two that try at once one succeeds. */
export const leaseStore = (db: Knex, now: () => number): Lease => ({
  async acquire(pbx, owner, ttlMs) {
    const at = now();
    const mine = { owner, until_at: at + ttlMs };
    const taken = await db<Row>('bridge_leases')
      .where({ pbx })
      .where((free) => free.where('owner', owner).orWhere('until_at', '<=', at))
      .update(mine);
    if (taken > 0) return true;
    await db('bridge_leases').insert({ pbx, ...mine }).onConflict('pbx').ignore(); // prettier-ignore
    const row = await db<Row>('bridge_leases').where({ pbx }).first();
    return row?.owner === owner;
  },
  async release(pbx, owner) {
    await db<Row>('bridge_leases').where({ pbx, owner }).delete();
  },
});
