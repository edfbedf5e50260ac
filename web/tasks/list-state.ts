import type { TaskKind, TaskPriority } from '../../server/tasks/contract.ts';
import { oneOf } from '../core/period.ts';
import type { Ask } from './api.ts';

/** What the list shows, as its address says it. */
export const TASK_SCOPES = ['mine', 'given', 'watched', 'accept', 'all', 'moves'] as const;
export const TASK_STATES = ['open', 'done', 'any'] as const;

/** Narrowed by the report: whose, which of them, of when. */
const KEPT = ['ownerId', 'figure', 'from', 'to'] as const;

export interface ListState {
  readonly scope: (typeof TASK_SCOPES)[number];
  readonly state: (typeof TASK_STATES)[number];
  readonly kind: TaskKind | '';
  readonly priority: TaskPriority | '';
  readonly q: string;
  readonly kept: Readonly<Partial<Record<(typeof KEPT)[number], string>>>;
}

export const readList = (query: string): ListState => {
  const said = new URLSearchParams(query);
  const kept = KEPT.flatMap((name) => (said.get(name) ? [[name, said.get(name)!]] : []));
  return {
    scope: oneOf(TASK_SCOPES, said.get('scope'), 'mine'),
    state: oneOf(TASK_STATES, said.get('state'), 'open'),
    kind: oneOf(['', 'task', 'call-back'] as const, said.get('kind'), ''),
    priority: oneOf(['', 'high', 'normal', 'low'] as const, said.get('priority'), ''),
    q: said.get('q') ?? '',
    kept: Object.fromEntries(kept) as ListState['kept'],
  };
};

export const askOf = ({ kept, scope, q, kind, priority, state }: ListState): Ask => ({ scope, state, ...kept, ...(q && { q }), ...(kind && { kind }), ...(priority && { priority }) }); // prettier-ignore

export const addressOf = (list: ListState): string => {
  const said = Object.entries(askOf(list)).filter(([name, value]) => !(name === 'scope' && value === 'mine') && !(name === 'state' && value === 'open'));
  const query = new URLSearchParams(said.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return query ? `/tasks?${query}` : '/tasks';
}; // prettier-ignore
