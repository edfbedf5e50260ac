import type { FieldDef, FieldValue } from './contract.ts';
import { evaluate } from './evaluate.ts';
import { parseFormula } from './formula.ts';
import type { Node, Value } from './formula.ts';
import { formulaValue } from './shape.ts';

/** What formulas see of a card beside its fields. `created_on` as "2026-03-01". */
export const CARD_NAMES = ['name', 'company', 'position', 'stage', 'kind', 'created_on'] as const;
export type CardFacts = Readonly<Record<(typeof CARD_NAMES)[number], string>>;

/** Formulas that were read last: a list computes the same few for each of its rows. */
const read = new Map<string, Node>();
const MOST = 500;

const nodeOf = (expression: string): Node => {
  const known = read.get(expression);
  if (known) return known;
  const node = parseFormula(expression);
  if (read.size >= MOST) read.delete(read.keys().next().value!);
  read.set(expression, node);
  return node;
};

const stored = (value: Value): FieldValue | null => (typeof value === 'boolean' ? Number(value) : value);

/** The values of all formulas among these fields, for one card. Pure. */
export const computed = (
  defs: readonly FieldDef[],
  custom: Readonly<Record<string, FieldValue>>,
  facts: CardFacts,
  today: string,
): Record<string, FieldValue> => {
  const formulas = defs.filter(({ type, archivedAt }) => type === 'formula' && archivedAt === null);
  if (formulas.length === 0) return {};
  const values = new Map<string, Value>(Object.entries(facts));
  for (const [key, value] of Object.entries(custom)) values.set(key, formulaValue(value));
  return Object.fromEntries(
    formulas.flatMap(({ key, settings }) => {
      const value = stored(evaluate(nodeOf(settings.expression!), values, today));
      return value === null || value === '' ? [] : [[key, value]];
    }),
  );
};
