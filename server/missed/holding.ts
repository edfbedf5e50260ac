import type { Deps } from '../deps.ts';
import { ownedRows } from '../core/holdings.ts';
import type { Holding } from '../core/holdings.ts';

/** The missed callers whom a person has taken on. */
export const missedHolding = ({ bus }: Pick<Deps, 'bus'>): Holding =>
  ownedRows(
    { table: 'missed', column: 'owner_id', client: null, live: (query) => query.whereNotNull('open_key') },
    (trx) => ({ version: trx.raw('version + 1') }),
    () => bus.emit('missed.changed', {}),
  );
