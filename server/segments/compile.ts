import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Fact, FactOperator } from '../core/facts.ts';
import { AppError } from '../core/errors.ts';
import type { CatalogueField } from '../clients/contract.ts';
import { MOST_DEEP, MOST_NODES } from './contract.ts';
import type { FilterCondition, FilterGroup, FilterNode } from './contract.ts';

/** A filter as SQL over `clients as c`: each field and each fact says its own condition, here they are joined. */

export interface Compiling {
  db: Knex;
  fields: ReadonlyMap<string, CatalogueField>;
  facts: ReadonlyMap<string, Fact>;
  /** `clients as c` that are not archived. */
  everybody: () => Knex.QueryBuilder;
  whereField: Deps['clientList']['where'];
  /** Conditions that few rows fit. */
  few?: ReadonlySet<FilterCondition>;
  /** It is going to be read page by page. */
  walked?: boolean;
  now: number;
  timeZone: string;
}

const isGroup = (node: FilterNode): node is FilterGroup => 'join' in node;

/** Every field that a filter asks, each once. */
export const fieldsIn = (group: FilterGroup): string[] => [
  ...new Set(group.items.flatMap((node) => (isGroup(node) ? fieldsIn(node) : [node.field]))),
];

/** Those that are no more, or not to be read. */
export const brokenFields = (group: FilterGroup, { fields, facts }: Pick<Compiling, 'fields' | 'facts'>): string[] =>
  fieldsIn(group).filter((key) => !facts.has(key) && (fields.get(key)?.archived ?? true));

const wrong = (code: string, path = 'filter') => new AppError('invalid', `${path}: ${code}`, { issues: [{ path: `body.${path}`, code }] });

/** @throws AppError invalid when it is too deep or too large, conflict (field_gone) when a field is no more */
export const checkFilter = (group: FilterGroup, known: Pick<Compiling, 'fields' | 'facts'>): void => {
  let nodes = 0;
  const walk = (node: FilterNode, depth: number): void => {
    if (++nodes > MOST_NODES) throw wrong('too_large');
    if (depth > MOST_DEEP) throw wrong('too_deep');
    if (isGroup(node)) node.items.forEach((item) => walk(item, depth + 1));
  };
  walk(group, 0);
  const broken = brokenFields(group, known);
  if (broken.length > 0)
    throw new AppError('conflict', `filter: no such field: ${broken.join(', ')}`, { reason: 'field_gone', fields: broken });
};

/** The conditions of a filter that all have to hold, groups in groups. */
const required = ({ join, not, items }: FilterGroup): FilterCondition[] =>
  not || (join === 'any' && items.length > 1) ? [] : items.flatMap((node) => (isGroup(node) ? required(node) : [node]));

/** Which of the conditions on fields few rows fit: the list then begins with those, and need not look at every client. */
export const fewOf = async (group: FilterGroup, how: Compiling, few: Deps['clientList']['few']): Promise<ReadonlySet<FilterCondition>> => {
  checkFilter(group, how);
  const found = new Set<FilterCondition>();
  for (const node of required(group)) {
    const field = how.facts.has(node.field) ? undefined : how.fields.get(node.field);
    if (field && (await few(how.db, { field, op: node.op, value: node.value }, how.timeZone))) found.add(node);
  }
  return found;
};

const DAY_MS = 86_400_000;

const askFact = (q: Knex.QueryBuilder, fact: Fact, { op, value, args }: FilterCondition, { db, now }: Compiling): void => {
  const path = `filter.${fact.key}`;
  if (!fact.operators.includes(op as FactOperator)) throw wrong('no_such_operator', path);
  const none = op === 'empty' || op === 'filled';
  const values = none ? [] : (Array.isArray(value) ? value : [value]).map((each) => {
    const number = typeof each === 'number' ? each : Number.NaN;
    if (!Number.isSafeInteger(number)) throw wrong('wrong_value', path);
    return number;
  }); // prettier-ignore
  if (!none && values.length !== (op === 'between' ? 2 : 1)) throw wrong('wrong_count', path);
  for (const [key, given] of Object.entries(args)) {
    const arg = fact.args.find((each) => each.key === key);
    const fits = arg?.options ? arg.options.some(({ code }) => code === given) : Number.isSafeInteger(given) && Number(given) > 0 && Number(given) * DAY_MS < now; // prettier-ignore
    if (!arg || !fits) throw wrong('wrong_argument', path);
  }
  fact.where(q, { db, op: op as FactOperator, values, args, now });
};

const addNode = (q: Knex.QueryBuilder, node: FilterNode, how: Compiling): void => {
  if (isGroup(node)) return addGroup(q, node, how);
  const fact = how.facts.get(node.field);
  if (fact) return askFact(q, fact, node, how);
  how.whereField(
    q,
    { field: how.fields.get(node.field)!, op: node.op, value: node.value, few: how.few?.has(node) ?? false, walked: how.walked ?? false },
    how.timeZone,
  );
};

/** A group without questions means everybody, however it is joined. */
const addGroup = (q: Knex.QueryBuilder, { join, not, items }: FilterGroup, how: Compiling): void => {
  const filled = items.filter((item) => !isGroup(item) || fieldsIn(item).length > 0);
  if (filled.length === 0) return;
  const all = (inner: Knex.QueryBuilder): void =>
    filled.forEach((item) => {
      const one = (each: Knex.QueryBuilder) => addNode(each, item, how);
      void (join === 'all' ? inner.where(one) : inner.orWhere(one));
    });
  // Everybody but those: an owner that is not known (NULL) is not this owner, where NOT alone would leave such clients out.
  void (not ? q.whereNotIn('c.id', how.everybody().where(all).select('c.id')) : q.where(all));
};

/** Adds the filter to a query over `clients as c`. @throws AppError as checkFilter, and invalid when a value does not fit its field */
export const addFilter = (q: Knex.QueryBuilder, group: FilterGroup, how: Compiling): void => {
  checkFilter(group, how);
  addGroup(q, group, how);
};
