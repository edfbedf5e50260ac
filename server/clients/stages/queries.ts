import type { Knex } from 'knex';
import { withinReach } from '../../core/reach.ts';
import type { Reach } from '../../core/reach.ts';
import type { Migrations, Stage, StageRule } from '../contract.ts';

interface StageRow {
  code: string;
  label_ru: string;
  label_en: string;
  meaning: Stage['meaning'];
  touch_minutes: number | null;
  archived_at: number | null;
}
interface RuleRow {
  id: number;
  name: string;
  enabled: boolean | number;
  from_stages: string;
  to_stage: string;
  conditions: string;
}

const stageOf = (row: StageRow): Stage => ({
  code: row.code,
  label: { ru: row.label_ru, en: row.label_en },
  meaning: row.meaning,
  touchMinutes: row.touch_minutes,
  archivedAt: row.archived_at === null ? null : Number(row.archived_at),
});

/** In their order, those no longer offered too: cards may have them. */
export const readStages = async (db: Knex): Promise<Stage[]> =>
  ((await db('client_stages').orderBy(['position', 'code'])) as StageRow[]).map(stageOf);

/** What its stage is called; null: it has none that is known. undefined: no such client. */
export const stageOfClient = async (db: Knex, clientId: number): Promise<Stage['label'] | null | undefined> => {
  const row = await db('clients as c').leftJoin('client_stages as s', 's.code', 'c.stage').where('c.id', clientId).first<{ label_ru: string | null; label_en: string | null } | undefined>('s.label_ru', 's.label_en'); // prettier-ignore
  if (!row) return undefined;
  return row.label_ru === null ? null : { ru: row.label_ru, en: row.label_en! };
};

const stageColumns = (stage: Stage) => ({
  label_ru: stage.label.ru,
  label_en: stage.label.en,
  meaning: stage.meaning,
  touch_minutes: stage.touchMinutes,
  archived_at: stage.archivedAt,
});
export const insertStage = async (trx: Knex, stage: Stage): Promise<void> => {
  const [{ last }] = (await trx('client_stages').max({ last: 'position' })) as [{ last: number | null }];
  await trx('client_stages').insert({ code: stage.code, position: (last ?? 0) + 10, ...stageColumns(stage) });
};
export const updateStage = async (trx: Knex, stage: Stage): Promise<void> => {
  await trx('client_stages').where({ code: stage.code }).update(stageColumns(stage));
};

const ruleOf = (row: RuleRow): StageRule => ({
  id: row.id,
  name: row.name,
  enabled: Boolean(row.enabled),
  from: JSON.parse(row.from_stages) as string[] | null,
  to: row.to_stage,
  conditions: JSON.parse(row.conditions) as StageRule['conditions'],
});

/** In the order in which they are tried. */
export const readRules = async (db: Knex): Promise<StageRule[]> => ((await db('stage_rules').orderBy('id')) as RuleRow[]).map(ruleOf);

/** The rules that ask for this field. */
export const rulesWith = async (db: Knex, key: string): Promise<{ what: 'rule'; name: string }[]> =>
  (await readRules(db))
    .filter(({ conditions }) => conditions.some((condition) => condition.fact === 'field' && condition.key === key))
    .map(({ name }) => ({ what: 'rule', name }));

const ruleColumns = (rule: Omit<StageRule, 'id'>) => ({
  name: rule.name,
  enabled: rule.enabled,
  from_stages: JSON.stringify(rule.from),
  to_stage: rule.to,
  conditions: JSON.stringify(rule.conditions),
});
export const insertRule = async (trx: Knex, rule: Omit<StageRule, 'id'>): Promise<number> =>
  ((await trx('stage_rules').insert(ruleColumns(rule))) as [number])[0];
export const updateRule = async (trx: Knex, rule: StageRule): Promise<number> =>
  await trx('stage_rules').where({ id: rule.id }).update(ruleColumns(rule));
export const deleteRule = async (trx: Knex, id: number): Promise<number> => await trx('stage_rules').where({ id }).delete();

const MOST_REASONS = 20;
/** Moves by hand into a stage that means a loss: a rule leaves its name in the place of a reason. */
const losses = (db: Knex, moves: Knex.QueryBuilder) =>
  moves.whereNull('m.rule_id').where('m.reason', '<>', '').whereIn('m.to_stage', db('client_stages').where({ meaning: 'lost' }).select('code')); // prettier-ignore

/** Reasons of loss that were given most. */
export const lossReasons = async (db: Knex): Promise<string[]> =>
  ((await losses(db, db('stage_moves as m')).groupBy('m.reason').select({ reason: 'm.reason' }).count({ n: '*' }).orderBy('n', 'desc').limit(MOST_REASONS)) as { reason: string }[]).map(({ reason }) => reason); // prettier-ignore

/** Moves of a period among the clients who are reached. */
export const migrations = async (db: Knex, reach: Reach, from: number, until: number): Promise<Migrations> => {
  const moves = () =>
    withinReach(db('stage_moves as m').join('clients as c', 'c.id', 'm.client_id'), reach, 'c').where('m.at', '>=', from).where('m.at', '<', until); // prettier-ignore
  const rows = (await moves()
    .groupBy('m.from_stage', 'm.to_stage')
    .select({ from: 'm.from_stage', to: 'm.to_stage' })
    .count({ total: '*', byRule: 'm.rule_id' })
    .orderBy(['from', 'to'])) as { from: string; to: string; total: number; byRule: number }[];
  const reasons = (await losses(db, moves())
    .groupBy('m.reason')
    .select({ reason: 'm.reason' })
    .count({ count: '*' })
    .orderBy('count', 'desc')
    .limit(MOST_REASONS)) as { reason: string; count: number }[];
  return {
    items: rows.map(({ from: f, to, total, byRule }) => ({ from: f, to, byHand: Number(total) - Number(byRule), byRule: Number(byRule) })),
    reasons: reasons.map(({ reason, count }) => ({ reason, count: Number(count) })),
  };
};

const SINCE = 'COALESCE(c.stage_at, c.created_at)';

interface Untouched {
  id: number;
  stage: string;
  since: number;
  owner_id: number | null;
}

/**
 * Clients of a stage with a hurry whom nobody has spoken with since they came to it, the longest waiting first, behind `after`.
 * Who never moved counts from the card's creation.
 */
export const untouched = async (
  db: Knex,
  ask: { stages: readonly Stage[]; reach: Reach; now: number; after: { since: number; id: number } | null; limit: number },
): Promise<Untouched[]> => {
  const since = db.raw<number>(SINCE);
  const hurried = ask.stages.filter(({ touchMinutes, archivedAt }) => touchMinutes !== null && archivedAt === null);
  if (hurried.length === 0) return [];
  const query = withinReach(db('clients as c'), ask.reach, 'c')
    .select({ id: 'c.id', stage: 'c.stage', since, owner_id: 'c.owner_id' })
    .whereNull('c.archived_at')
    .where((either) =>
      hurried.forEach(
        ({ code, touchMinutes }) =>
          void either.orWhere((one) => void one.where('c.stage', code).whereRaw(`${SINCE} < ?`, [ask.now - touchMinutes! * 60_000])),
      ),
    )
    .where((q) => q.whereNull('c.contact_at').orWhere('c.contact_at', '<', since));
  if (ask.after) {
    const { since: at, id } = ask.after;
    void query.whereRaw(`(${SINCE} > ? OR (${SINCE} = ? AND c.id > ?))`, [at, at, id]);
  }
  const rows = (await query.orderBy([{ column: 'since' }, { column: 'c.id' }]).limit(ask.limit)) as Untouched[];
  return rows.map((row) => ({ ...row, since: Number(row.since) }));
};
