import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import type { AboutKind } from './contract.ts';
import { insertNew, wakeSnoozed } from './queries.ts';
import type { NewRow, NotificationRow } from './queries.ts';

type ReminderRow = NewRow & { id: number; next_at: number; claim: string | null };
type About = { kind: AboutKind; ref: number | string };

const table = (db: Knex) => db<ReminderRow>('reminders');
const of = (about: About) => ({ about_kind: about.kind, about_ref: String(about.ref) });

export const forgetReminders = async (trx: Knex, about: About): Promise<void> => {
  await table(trx).where(of(about)).delete();
};

/** Of one thing: these and no others. */
export const setReminders = async (trx: Knex, about: About, wanted: readonly (NewRow & { next_at: number })[]): Promise<void> => {
  await forgetReminders(trx, about);
  await table(trx).insert(wanted.map((row) => ({ ...row, claim: null })));
};

/** Taken at a time by one process; one that takes longer than the lease is dead, and another takes them. */
const BATCH = 500;
const LEASE_MS = 20_000;

const claim = async (db: Knex, now: number): Promise<ReminderRow[]> => {
  const due = await table(db).where('next_at', '<=', now).orderBy(['next_at', 'id']).limit(BATCH).pluck('id');
  if (due.length === 0) return [];
  const mine = randomUUID();
  await table(db)
    .whereIn('id', due as number[])
    .where('next_at', '<=', now)
    .update({ next_at: now + LEASE_MS, claim: mine });
  return table(db).where('claim', mine).orderBy('id');
};

export interface SweepParts {
  /** The rows of people and of whoever stands in for them now. */
  extend: (trx: Knex, rows: readonly NewRow[]) => Promise<readonly NewRow[]>;
  told: (rows: readonly NotificationRow[]) => void;
}

const bare = ({ user_id, kind, effect, about_kind, about_ref, params }: ReminderRow): NewRow => ({
  user_id,
  kind,
  effect,
  about_kind,
  about_ref,
  params,
});

/**
 * Makes notifications of the reminders that are due, those to the end. The notification is written and the reminder goes in one transaction: whoever is
 * killed before it has done nothing, and after it nothing is left to do. One that was taken back meanwhile, or taken by another, is passed over.
 * @returns how many
 */
export const sweepReminders = async (deps: Pick<Deps, 'db' | 'now'>, parts: SweepParts): Promise<number> => {
  let count = 0;
  for (;;) {
    const rows = await claim(deps.db, deps.now());
    if (rows.length === 0) break;
    const fresh = await inTransaction(deps.db, async (trx) => {
      const ids = rows.map(({ id }) => id);
      const held = table(trx).whereIn('id', ids).where('claim', rows[0]!.claim);
      const still = new Set((await held.clone().forUpdate().pluck('id')) as number[]);
      await held.delete();
      return insertNew(trx, await parts.extend(trx, rows.filter(({ id }) => still.has(id)).map(bare)), deps.now()); // prettier-ignore
    });
    parts.told(fresh);
    count += rows.length;
  }
  for (;;) {
    const woken = await inTransaction(deps.db, (trx) => wakeSnoozed(trx, deps.now(), BATCH));
    if (woken.length === 0) break;
    parts.told(woken);
  }
  return count;
};
