import type { FilterCondition, FilterGroup, FilterNode, SegmentField } from '../../server/segments/contract.ts';
import { inputOf, takesList } from '../core/condition.ts';

/** A filter as it is edited. Pure: a path of positions leads from the root to a node. */

export type Path = readonly number[];
export const EVERYBODY: FilterGroup = { join: 'all', not: false, items: [] };
export const isGroup = (node: FilterNode): node is FilterGroup => 'join' in node;

/** The filter with another node at the path; null takes it away. */
export const replaced = (group: FilterGroup, path: Path, node: FilterNode | null): FilterGroup => {
  const [at, ...rest] = path;
  if (at === undefined) return node && isGroup(node) ? node : EVERYBODY;
  const child = group.items[at];
  const next = rest.length > 0 && child && isGroup(child) ? replaced(child, rest, node) : node;
  return {
    ...group,
    items: next === null ? group.items.filter((_, i) => i !== at) : group.items.map((item, i) => (i === at ? next : item)),
  };
};
export const added = (group: FilterGroup, path: Path, node: FilterNode): FilterGroup => {
  const [at, ...rest] = path;
  if (at === undefined) return { ...group, items: [...group.items, node] };
  return { ...group, items: group.items.map((item, i) => (i === at && isGroup(item) ? added(item, rest, node) : item)) };
};

/** A fresh question about a field. */
export const questionOf = (field: SegmentField, op = field.operators[0]!): FilterCondition => {
  const input = inputOf(field, op);
  const one = input === 'number' || input === 'money' ? 1 : '';
  return { field: field.key, op, value: input === 'none' ? null : takesList(op) ? [] : op === 'between' ? [one, one] : one, args: {} };
};

/** Whether every question has its answer: only then is the server asked. */
export const isComplete = (group: FilterGroup, fields: ReadonlyMap<string, SegmentField>): boolean =>
  group.items.every((node) => {
    if (isGroup(node)) return isComplete(node, fields);
    const field = fields.get(node.field);
    if (!field || inputOf(field, node.op) === 'none') return true;
    const values = Array.isArray(node.value) ? node.value : [node.value];
    return values.length > 0 && values.every((value) => value !== null && value !== '' && !Number.isNaN(value));
  });
