import type { Knex } from 'knex';
import type { Deps, Feature } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { saveWords } from './contacts.ts';
import type { Client } from './contract.ts';
import { derived, replaceValues } from './custom.ts';
import { cityKey } from './queries.ts';

/** Cards read anew after a field was changed: a formula, or what the search box finds. The rows say what is left to do, so it goes on after a kill. */

interface Row {
  id: number;
  kind: Client['kind'];
  name: string;
  company: string;
  position: string;
  stage: string;
  custom: string;
  city: string;
  created_at: number;
  archived_at: number | null;
}

/** Cards a transaction. */
const BATCH = 200;
const SWEEP_MS = 60_000;
/** So long a run works before it lets others. */
const RUN_MS = 20_000;

type IndexDeps = Pick<Deps, 'db' | 'fields' | 'now'>;

/** One batch. @returns whether something is left */
const indexSome = (deps: IndexDeps): Promise<boolean> =>
  inTransaction(deps.db, async (trx: Knex) => {
    const waiting = await deps.fields.toIndex(trx);
    if (waiting.length === 0) return false;
    const from = Math.min(...waiting.map((field) => field.from));
    const group = waiting.filter((field) => field.from === from);
    const rows = (await trx('clients').where('id', '>', from).orderBy('id').limit(BATCH).forUpdate()) as Row[];
    const defs = await deps.fields.list(trx);
    for (const row of rows) {
      const custom = JSON.parse(row.custom) as Client['custom'];
      const { index, words } = derived(deps.fields, defs, { ...row, createdAt: row.created_at }, custom);
      const city = cityKey(custom);
      if (city !== row.city) await trx('clients').where({ id: row.id }).update({ city });
      await replaceValues(trx, row.id, index);
      if (row.archived_at === null) await saveWords(trx, row.id, { name: row.name, company: row.company, more: words });
    }
    await deps.fields.indexedUpTo(trx, group, rows.length < BATCH ? null : rows.at(-1)!.id);
    return true;
  });

/** Until nothing is left, or the time is up; the next sweep goes on. */
export const indexCards = async (deps: IndexDeps): Promise<void> => {
  await deps.fields.beginDay(deps.db);
  const until = deps.now() + RUN_MS;
  while (deps.now() < until && (await indexSome(deps)));
};

export const indexJobs =
  (deps: IndexDeps & Pick<Deps, 'jobs' | 'log' | 'bus'>): NonNullable<Feature['start']> =>
  async (roles) => {
    if (!roles.has('worker')) return () => {};
    deps.jobs.handle('clients.index', () => indexCards(deps));
    const sweep = () => deps.jobs.add('clients.index', {}).catch((err: unknown) => deps.log.warn({ err }, 'clients: index'));
    const stop = deps.bus.on('fields.changed', sweep);
    const timer = setInterval(sweep, SWEEP_MS);
    return () => {
      clearInterval(timer);
      stop();
    };
  };
