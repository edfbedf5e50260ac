import { ownedRows } from '../core/holdings.ts';
import type { Holding } from '../core/holdings.ts';

/** The filters that a person has saved. */
export const segmentHolding = (): Holding =>
  ownedRows(
    { table: 'segments', column: 'owner_id', client: null, live: (query) => query.whereNull('archived_at') },
    (trx) => ({ version: trx.raw('version + 1') }),
    () => {},
  );
