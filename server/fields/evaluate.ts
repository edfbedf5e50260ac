import { fold } from '../core/words.ts';
import type { Node, Value } from './formula.ts';

/** Computes a formula that has been read. Pure: today is handed in. */

const DAY_MS = 86_400_000;

const asNumber = (value: Value): number | null => {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim())) return Number(value);
  return null;
};
const dayOf = (value: Value): number | null => {
  const at = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : NaN;
  return Number.isNaN(at) ? null : at / DAY_MS;
};
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const truth = (value: Value): boolean => value !== null && value !== false && value !== 0 && value !== '';

const arithmetic = (op: string, a: number | null, b: number | null): number | null => {
  if (a === null || b === null) return null;
  if (op === '+') return finite(a + b);
  if (op === '-') return finite(a - b);
  return finite(op === '*' ? a * b : a / b);
};

const compare = (op: string, left: Value, right: Value): boolean | null => {
  if (op === '=' || op === '<>') {
    const same = typeof left === 'string' && typeof right === 'string' ? fold(left) === fold(right) : left === right;
    return op === '=' ? same : !same;
  }
  if (left === null || right === null) return null;
  const numbers = [asNumber(left), asNumber(right)];
  const [a, b] = numbers[0] !== null && numbers[1] !== null ? (numbers as [number, number]) : [String(left), String(right)];
  return op === '<' ? a < b : op === '<=' ? a <= b : op === '>' ? a > b : a >= b;
};

/** Whole years between two dates, as ages are counted. */
const yearsBetween = (from: string, to: string): number => Number(to.slice(0, 4)) - Number(from.slice(0, 4)) - (to.slice(5) < from.slice(5) ? 1 : 0); // prettier-ignore

/** `values` by field key; `today` as "2026-03-01". Never throws for a formula that parseFormula has read. */
export const evaluate = (node: Node, values: ReadonlyMap<string, Value>, today: string): Value => {
  const of = (part: Node): Value => evaluate(part, values, today);
  switch (node.kind) {
    case 'value':
      return node.value;
    case 'field':
      return values.get(node.key) ?? null;
    case 'unary': {
      if (node.op === 'not') return !truth(of(node.of));
      const n = asNumber(of(node.of));
      return n === null ? null : -n;
    }
    case 'binary': {
      const { op } = node;
      if (op === 'and') return truth(of(node.left)) && truth(of(node.right));
      if (op === 'or') return truth(of(node.left)) || truth(of(node.right));
      const [left, right] = [of(node.left), of(node.right)];
      if (op === '&') return `${left ?? ''}${right ?? ''}`.slice(0, 2_000);
      if ('+-*/'.includes(op)) return arithmetic(op, asNumber(left), asNumber(right));
      return compare(op, left, right);
    }
    case 'call':
      return call(node.name, node.args, of, today);
  }
};

const call = (name: string, args: readonly Node[], of: (node: Node) => Value, today: string): Value => {
  if (name === 'if') return truth(of(args[0]!)) ? of(args[1]!) : args[2] ? of(args[2]) : null;
  if (name === 'today') return today;
  const given = args.map(of);
  const first = given[0] ?? null;
  switch (name) {
    case 'coalesce':
      return given.find((value) => value !== null && value !== '') ?? null;
    case 'empty':
      return first === null || first === '';
    case 'len':
      return first === null ? 0 : [...String(first)].length;
    case 'contains':
      return first !== null && given[1] != null && fold(String(first)).includes(fold(String(given[1])));
    case 'year':
      return dayOf(first) === null ? null : Number(String(first).slice(0, 4));
    case 'age':
      return dayOf(first) === null ? null : yearsBetween(String(first), today);
    case 'days': {
      const [a, b] = [dayOf(first), dayOf(given[1] ?? null)];
      return a === null || b === null ? null : b - a;
    }
  }
  const numbers = given.map(asNumber);
  if (name === 'min' || name === 'max') {
    const known = numbers.filter((n) => n !== null);
    return known.length === 0 ? null : Math[name](...known);
  }
  const [n, digits] = [numbers[0] ?? null, Math.max(0, Math.min(6, numbers[1] ?? 0))];
  if (n === null) return null;
  return name === 'abs' ? Math.abs(n) : Number(n.toFixed(digits));
};
