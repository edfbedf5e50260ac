import type { Knex } from 'knex';

/**
 * What a feature knows of clients beside their cards: how many calls, which tasks. A feature registers its facts in app.ts; filters ask them without
 * knowing its tables.
 */
export interface Fact {
  /** "calls.count": never changes, saved filters name it. */
  readonly key: string;
  readonly label: { readonly ru: string; readonly en: string };
  readonly type: 'number' | 'moment';
  readonly operators: readonly FactOperator[];
  /** What narrows it: days back from now; one of a few codes. */
  readonly args: readonly FactArg[];
  /** Adds the condition to a query over `clients as c`. @throws AppError invalid */
  where(q: Knex.QueryBuilder, ask: FactAsk): void;
}

export type FactOperator = 'eq' | 'lt' | 'le' | 'gt' | 'ge' | 'between' | 'empty' | 'filled';

export interface FactArg {
  readonly key: string;
  readonly label: { readonly ru: string; readonly en: string };
  /** null: a whole number. */
  readonly options: readonly { readonly code: string; readonly label: { readonly ru: string; readonly en: string } }[] | null;
}

export interface FactAsk {
  readonly db: Knex;
  readonly op: FactOperator;
  /** Numbers; epoch ms of a moment. */
  readonly values: readonly number[];
  readonly args: Readonly<Record<string, string | number | undefined>>;
  readonly now: number;
}

/** The whole numbers for which the comparison holds, both ends included. */
export const rangeOf = (op: FactOperator, [a = 0, b = a]: readonly number[]): [min: number, max: number] => {
  if (op === 'empty') return [0, 0];
  if (op === 'filled') return [1, Infinity];
  if (op === 'lt') return [0, a - 1];
  if (op === 'le') return [0, a];
  if (op === 'gt') return [a + 1, Infinity];
  if (op === 'ge') return [a, Infinity];
  return op === 'between' ? [a, b] : [a, a];
};

/**
 * Of how many rows a client has. `rows` selects nothing yet: the rows that count, of a table with client_id.
 * The clients are found from the rows, since few clients have many; nought is asked for as "none of those who have more".
 */
export const whereCount = (q: Knex.QueryBuilder, rows: Knex.QueryBuilder, op: FactOperator, values: readonly number[]): void => {
  const [min, max] = rangeOf(op, values);
  if (max < Math.max(0, min)) return void q.whereRaw('1 = 0');
  if (min <= 0 && max === Infinity) return;
  const of = rows.select('client_id').whereNotNull('client_id').groupBy('client_id');
  if (min <= 0) return void q.whereNotIn('c.id', max === 0 ? of : of.havingRaw('COUNT(*) > ?', [max]));
  if (min > 1) void of.havingRaw('COUNT(*) >= ?', [min]);
  if (max < Infinity) void of.havingRaw('COUNT(*) <= ?', [max]);
  void q.whereIn('c.id', of);
};
