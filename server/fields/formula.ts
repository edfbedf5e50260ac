/**
 * The language of formulas: numbers, 'text', field keys, + - * / & (joins texts), = <> < <= > >=, and or not, functions. No loops, no calls out, no
 * names but those handed in: it can say nothing but what it computes. Nothing in, nothing out: arithmetic with an empty field comes to nothing.
 */

export type Value = number | string | boolean | null;

export class FormulaFault extends Error {
  readonly at: number;
  readonly code: string;
  constructor(at: number, code: string) {
    super(`${code} at ${at}`);
    this.at = at;
    this.code = code;
  }
}

export type Node =
  | { kind: 'value'; value: Value }
  | { kind: 'field'; key: string; at: number }
  | { kind: 'unary'; op: string; of: Node }
  | { kind: 'binary'; op: string; left: Node; right: Node }
  | { kind: 'call'; name: string; args: readonly Node[] };

interface Token {
  at: number;
  kind: 'number' | 'text' | 'name' | 'sign' | 'end';
  text: string;
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([a-z_][a-z0-9_]*)|(<=|>=|<>|!=|[-+*/&=<>(),;]))/iy;

const tokens = (text: string): Token[] => {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (/\S/.test(text.slice(TOKEN.lastIndex))) {
    const from = TOKEN.lastIndex;
    const m = TOKEN.exec(text);
    if (!m) throw new FormulaFault(from + /^\s*/.exec(text.slice(from))![0].length, 'unreadable');
    const at = from + /^\s*/.exec(m[0])![0].length;
    if (m[1] !== undefined) found.push({ at, kind: 'number', text: m[1] });
    else if (m[2] !== undefined) found.push({ at, kind: 'text', text: m[2].replaceAll("''", "'") });
    else if (m[3] !== undefined) found.push({ at, kind: 'text', text: m[3].replaceAll('""', '"') });
    else if (m[4] !== undefined) found.push({ at, kind: 'name', text: m[4].toLowerCase() });
    else found.push({ at, kind: 'sign', text: m[5] === '!=' ? '<>' : m[5]! });
  }
  return [...found, { at: text.length, kind: 'end', text: '' }];
};

/** Arguments: least and most. */
const FUNCTIONS: Readonly<Record<string, readonly [number, number]>> = {
  if: [2, 3],
  min: [1, 20],
  max: [1, 20],
  round: [1, 2],
  abs: [1, 1],
  empty: [1, 1],
  coalesce: [1, 20],
  today: [0, 0],
  days: [2, 2],
  year: [1, 1],
  age: [1, 1],
  len: [1, 1],
  contains: [2, 2],
};

const LEVELS: readonly (readonly string[])[] = [['or'], ['and'], ['=', '<>', '<', '<=', '>', '>='], ['&'], ['+', '-'], ['*', '/']];
const DEEPEST = 40;

/** @throws FormulaFault with the place in the text. The decimal sign is a point; arguments are separated by commas or semicolons */
export const parseFormula = (text: string): Node => {
  const all = tokens(text);
  let i = 0;
  let depth = 0;
  const peek = () => all[i]!;
  const take = (word: string): boolean => {
    const { kind, text: found } = peek();
    if ((kind !== 'sign' && kind !== 'name') || found !== word) return false;
    i++;
    return true;
  };
  const need = (word: string) => {
    if (!take(word)) throw new FormulaFault(peek().at, `expected_${word}`);
  };

  const primary = (): Node => {
    const token = all[i++]!;
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'value', value: token.text };
    if (token.kind === 'sign' && token.text === '(') {
      const inner = level(0);
      need(')');
      return inner;
    }
    if (token.kind !== 'name') throw new FormulaFault(token.at, token.kind === 'end' ? 'unfinished' : 'unexpected');
    if (token.text === 'true' || token.text === 'false') return { kind: 'value', value: token.text === 'true' };
    if (!take('(')) return { kind: 'field', key: token.text, at: token.at };
    const arity = FUNCTIONS[token.text];
    if (!arity || !Object.hasOwn(FUNCTIONS, token.text)) throw new FormulaFault(token.at, 'no_such_function');
    const args: Node[] = [];
    if (!take(')')) {
      do args.push(level(0));
      while (take(';') || take(','));
      need(')');
    }
    if (args.length < arity[0] || args.length > arity[1]) throw new FormulaFault(token.at, 'wrong_arguments');
    return { kind: 'call', name: token.text, args };
  };
  const unary = (): Node => {
    for (const op of ['-', 'not']) if (take(op)) return { kind: 'unary', op, of: nested(unary) };
    return primary();
  };
  const nested = (read: () => Node): Node => {
    if (++depth > DEEPEST) throw new FormulaFault(peek().at, 'too_deep');
    const node = read();
    depth--;
    return node;
  };
  const level = (n: number): Node => {
    const ops = LEVELS[n];
    if (!ops) return unary();
    const read = () => level(n + 1);
    let left = n === 0 ? nested(read) : read();
    for (;;) {
      const op = ops.find(take);
      if (op === undefined) return left;
      left = { kind: 'binary', op, left, right: read() };
    }
  };
  const node = level(0);
  if (peek().kind !== 'end') throw new FormulaFault(peek().at, 'unexpected');
  return node;
};

/** The fields it reads, each once, with the place where it is first named. */
export const fieldsOf = (node: Node, into = new Map<string, number>()): Map<string, number> => {
  if (node.kind === 'field' && !into.has(node.key)) into.set(node.key, node.at);
  if (node.kind === 'unary') fieldsOf(node.of, into);
  if (node.kind === 'binary') [node.left, node.right].forEach((part) => fieldsOf(part, into));
  if (node.kind === 'call') node.args.forEach((arg) => fieldsOf(arg, into));
  return into;
};

/** It comes to something else each day. */
export const knowsToday = (node: Node): boolean => {
  if (node.kind === 'call') return node.name === 'today' || node.name === 'age' || node.args.some(knowsToday);
  if (node.kind === 'unary') return knowsToday(node.of);
  return node.kind === 'binary' && (knowsToday(node.left) || knowsToday(node.right));
};
