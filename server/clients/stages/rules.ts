import type { Knex } from 'knex';
import type { Deps } from '../../deps.ts';
import { AppError } from '../../core/errors.ts';
import { catalogue } from '../catalogue.ts';
import { whereField } from '../condition.ts';
import type { CatalogueField, RuleCondition, StageRule } from '../contract.ts';
import { numberPlanOf } from '../number-plan.ts';

/** A rule's conditions as SQL: one query finds whom it moves. */

const DAY_MS = 86_400_000;

export interface RuleContext {
  fields: Deps['fields'];
  known: readonly CatalogueField[];
  country: string;
  now: number;
}

export const ruleContext = async (deps: Pick<Deps, 'fields' | 'clientStages' | 'config' | 'now'>, db: Knex): Promise<RuleContext> => ({
  fields: deps.fields,
  // A rule is the administrator's, and moves whoever it fits.
  known: await catalogue(deps, db, { role: 'administrator' }),
  country: deps.config.defaultCountry,
  now: deps.now(),
});

const add = (query: Knex.QueryBuilder, condition: RuleCondition, { fields, known, country, now }: RuleContext): void => {
  if (condition.fact === 'contact') {
    const at = now - condition.days * DAY_MS;
    void query.whereRaw(`COALESCE(c.contact_at, c.created_at) ${condition.fresher ? '>=' : '<'} ?`, [at]);
    return;
  }
  if (condition.fact === 'events') {
    void query.whereRaw('(SELECT COUNT(*) FROM timeline t WHERE t.client_id = c.id AND t.at >= ? AND t.kind = ?) >= ?', [
      now - condition.days * DAY_MS,
      condition.kind,
      condition.atLeast,
    ]);
    return;
  }
  const field = known.find(({ key }) => key === condition.key);
  if (!field)
    throw new AppError('invalid', 'no such field', { issues: [{ path: `body.conditions.${condition.key}`, code: 'no_such_field' }] });
  void query.where((one) => whereField(one, { field, op: condition.op, value: condition.value }, { fields, plan: numberPlanOf(country), timeZone: 'UTC' })); // prettier-ignore
};

/**
 * Ids of those whom the rule would move now, behind `after`.
 * @throws AppError invalid when a condition fits no field
 */
export const fitting = (db: Knex, rule: Omit<StageRule, 'id'>, ctx: RuleContext, after: number, limit: number): Promise<number[]> => {
  const query = db('clients as c').where('c.id', '>', after).whereNull('c.archived_at').whereNot('c.stage', rule.to);
  if (rule.from) void query.whereIn('c.stage', rule.from);
  for (const condition of rule.conditions) add(query, condition, ctx);
  return query.orderBy('c.id').limit(limit).pluck('c.id') as Promise<number[]>;
};
