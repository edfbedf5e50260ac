import type { Knex } from 'knex';
import { inTransaction } from '../../core/db.ts';
import { changedClients, changedCount, sharersOf, traitsOf, traitsOfDraft } from '../traits.ts';
import type { ChangedAt, Traits } from '../traits.ts';
import { countLinks, hasLinks } from './links.ts';
import { gatherLate, mergeClients, undoMerge } from './merge.ts';
import type { MergeRow } from './merge.ts';

/** What duplicates are handed. */

export interface Merge {
  id: number;
  survivorId: number;
  mergedId: number;
  actorId: number;
  at: number;
  undoneAt: number | null;
}

export interface ClientTraits {
  of(db: Knex, ids: readonly number[]): Promise<Map<number, Traits>>;
  ofDraft(draft: Parameters<typeof traitsOfDraft>[0]): Traits;
  sharers(db: Knex, all: readonly Traits[]): Promise<Map<number, Set<number>>>;
  changed(db: Knex, after: ChangedAt, until: number, limit: number): Promise<ChangedAt[]>;
  changedCount(db: Knex, after: ChangedAt, until: number): Promise<number>;
}

export const clientTraits = (country: string): ClientTraits => ({
  of: traitsOf,
  ofDraft: (draft) => traitsOfDraft(draft, country),
  sharers: sharersOf,
  changed: changedClients,
  changedCount,
});

/** Whatever was being written while two cards became one has ended by then. */
const LATE_MS = 3_600_000;

type UndoAsk = Parameters<typeof undoMerge>;
export interface ClientMerging {
  merge(trx: Knex, ask: Parameters<typeof mergeClients>[2], by: Parameters<typeof mergeClients>[3]): ReturnType<typeof mergeClients>;
  undo(trx: Knex, id: UndoAsk[2], by: UndoAsk[3]): ReturnType<typeof undoMerge>;
  /** Rows that were being written for a card while it was merged. @returns the cards that got some */
  gatherLate(at: number): Promise<number[]>;
  /** By table, how many rows hang on a card. */
  linked(db: Knex, clientId: number): Promise<Record<string, number>>;
  /** Newest first, behind `before` (an id). */
  list(db: Knex, before: number | undefined, limit: number): Promise<Merge[]>;
}

const fromRow = (row: MergeRow): Merge => ({
  id: row.id,
  survivorId: row.survivor_id,
  mergedId: row.merged_id,
  actorId: row.actor_id,
  at: Number(row.at),
  undoneAt: row.undone_at === null ? null : Number(row.undone_at),
});

type MergingDeps = Parameters<typeof undoMerge>[0];

export const clientMerging = (deps: () => MergingDeps): ClientMerging => ({
  merge: (trx, ask, by) => mergeClients(deps(), trx, ask, by),
  undo: (trx, id, by) => undoMerge(deps(), trx, id, by),
  async gatherLate(at) {
    const { db } = deps();
    const rows = (await db('merges').where('at', '>', at - LATE_MS).whereNull('undone_at').orderBy('id')) as MergeRow[]; // prettier-ignore
    const got = new Set<number>();
    for (const row of rows) {
      if (!(await hasLinks(db, deps().clientLinks.links, row.merged_id))) continue;
      const survivor = await inTransaction(db, (trx) => gatherLate(deps(), trx, row, at));
      if (survivor !== null) got.add(survivor);
    }
    return [...got];
  },
  linked: (db, clientId) => countLinks(db, deps().clientLinks.links, clientId),
  async list(db, before, limit) {
    const query = db('merges').orderBy('id', 'desc').limit(limit);
    if (before !== undefined) void query.where('id', '<', before);
    return ((await query) as MergeRow[]).map(fromRow);
  },
});
