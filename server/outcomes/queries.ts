import type { Knex } from 'knex';
import { OutcomeFlag } from './contract.ts';
import type { OutcomeNode } from './contract.ts';

interface Row {
  code: string;
  label: string | null;
  position: number;
  flags: string;
  selectable: boolean | number;
  archived_at: number | null;
  parent: string | null;
  needs_note: boolean | number;
  next_step: OutcomeNode['nextStep'];
  offered: OutcomeNode['offered'];
}

/** Without `used`, which costs a look at the calls. */
export type StoredOutcome = Omit<OutcomeNode, 'used'>;

const fromRow = (row: Row): StoredOutcome => ({
  code: row.code,
  label: row.label,
  parent: row.parent,
  needsNote: Boolean(row.needs_note),
  nextStep: row.next_step,
  offered: row.offered,
  flags: OutcomeFlag.array().parse(JSON.parse(row.flags)),
  retiredAt: row.archived_at === null ? null : Number(row.archived_at),
});

/** In their order; not those that only the telephone system gives. */
export const readOutcomes = async (db: Knex): Promise<StoredOutcome[]> =>
  ((await db('outcomes').where('selectable', true).orderBy(['position', 'code'])) as Row[]).map(fromRow);

/** Own ones are so called; the others are shipped, and their codes mean something elsewhere. */
export const OWN = 'own-';

export const isUsed = async (db: Knex, code: string): Promise<boolean> =>
  !code.startsWith(OWN) || (await db('call_outcomes').where('outcome', code).first('id')) !== undefined;

export const usedCodes = async (db: Knex): Promise<Set<string>> => new Set(await db('call_outcomes').distinct().pluck('outcome'));

const columns = (outcome: StoredOutcome) => ({
  label: outcome.label,
  parent: outcome.parent,
  needs_note: outcome.needsNote,
  next_step: outcome.nextStep,
  offered: outcome.offered,
  flags: JSON.stringify(outcome.flags),
  archived_at: outcome.retiredAt,
});

export const insertOutcome = async (trx: Knex, outcome: StoredOutcome): Promise<void> => {
  const [{ last }] = (await trx('outcomes').max({ last: 'position' })) as [{ last: number | null }];
  await trx('outcomes').insert({ code: outcome.code, position: (last ?? 0) + 1, selectable: true, ...columns(outcome) });
};

export const updateOutcome = async (trx: Knex, outcome: StoredOutcome): Promise<void> => {
  await trx('outcomes').where('code', outcome.code).update(columns(outcome));
};

export const deleteOutcome = async (trx: Knex, code: string): Promise<void> => {
  await trx('outcomes').where({ code }).delete();
};

/** Positions from 1 in this order. */
export const orderOutcomes = async (trx: Knex, codes: readonly string[]): Promise<void> => {
  for (const [i, code] of codes.entries())
    await trx('outcomes')
      .where({ code })
      .update({ position: i + 1 });
};
