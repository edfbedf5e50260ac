import type { Knex } from 'knex';
import type { ClientLink, ClientLinks } from './core/client-links.ts';
import { settleInterests } from './interests/queries.ts';

/** Rows `f` of a client for which the other has one that is the same in these columns. */
const sameRow =
  (table: string, column: string, same: readonly string[]) =>
  (trx: Knex, from: number, to: number): Knex.QueryBuilder =>
    trx(`${table} as f`)
      .select('f.*')
      .where(`f.${column}`, from)
      .whereExists((q) => {
        void q.select(trx.raw('1')).from(`${table} as t`).where(`t.${column}`, to);
        for (const name of same) void q.where(`t.${name}`, trx.ref(`f.${name}`));
      });

/** Relations between the two themselves, and those that the other has already. */
const doubledRelation =
  (mine: 'from_id' | 'to_id', far: 'from_id' | 'to_id') =>
  (trx: Knex, from: number, to: number): Knex.QueryBuilder =>
    trx('relations as f')
      .select('f.*')
      .where(`f.${mine}`, from)
      .where((q) =>
        q.where(`f.${far}`, to).orWhereExists((t) => {
          void t.select(trx.raw('1')).from('relations as t').where(`t.${mine}`, to);
          for (const name of [far, 'kind']) void t.where(`t.${name}`, trx.ref(`f.${name}`));
          for (const row of ['f', 't']) void t.whereNull(`${row}.until`).whereNull(`${row}.archived_at`);
        }),
      );

const LINKS: readonly ClientLink[] = [
  // Before the timeline: a pin follows its entry.
  { table: 'timeline_pins', column: 'client_id', key: 'entry_id' },
  {
    table: 'timeline',
    column: 'client_id',
    drops: (trx, from, to) => sameRow('timeline', 'client_id', ['kind', 'ref'])(trx, from, to).whereNotIn('f.kind', ['created', 'edited']),
    renames: { column: 'ref', where: { kind: ['created', 'edited'] } },
  },
  { table: 'calls', column: 'client_id' },
  { table: 'tasks', column: 'client_id' },
  { table: 'meetings', column: 'client_id' },
  { table: 'meeting_people', column: 'client_id' },
  { table: 'task_series', column: 'client_id' },
  { table: 'complaints', column: 'client_id' },
  { table: 'campaign_contacts', column: 'client_id' },
  { table: 'stage_moves', column: 'client_id' },
  { table: 'dossier', column: 'client_id' },
  { table: 'interests', column: 'client_id', drops: sameRow('interests', 'client_id', ['topic_id', 'ref']), settle: settleInterests },
  { table: 'relations', column: 'from_id', drops: doubledRelation('from_id', 'to_id') },
  { table: 'relations', column: 'to_id', drops: doubledRelation('to_id', 'from_id') },
  { table: 'files', column: 'owner_ref', textWhere: { owner_kind: 'client' } },
];

/** Every table that knows clients by their ids. test/server/merge.test.ts fails when a migration adds one that is missing here. */
export const CLIENT_LINKS: ClientLinks = {
  links: LINKS,
  pairs: [{ table: 'relation_refusals' }, { table: 'duplicates', where: { state: 'dismissed' } }],
  kept: {
    'phones.client_id': 'part of the card: the survivor gets its own rows of those that were chosen',
    'emails.client_id': 'part of the card, as phones',
    'client_values.client_id': 'worked out from the card',
    'search_words.client_id': 'worked out from the card; an archived one has none',
    'stage_alerts.client_id': 'of a stage that the card stood at',
    'import_rows.client_id': 'which card a line made: the import may be taken back',
    'clients.merged_into': 'the merge itself',
    'duplicate_scan.client_id': 'how far the search has come',
  },
};
