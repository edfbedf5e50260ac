import type { Fact } from '../core/facts.ts';
import { whereCount } from '../core/facts.ts';

/** What filters may ask of the tasks about a client. */
export const taskFacts: readonly Fact[] = [
  {
    key: 'tasks.open',
    label: { ru: 'Открытые задачи', en: 'Open tasks' },
    type: 'number',
    operators: ['eq', 'lt', 'le', 'gt', 'ge', 'between', 'empty', 'filled'],
    args: [],
    where: (q, { db, op, values }) => whereCount(q, db('tasks').whereNull('done_at'), op, values),
  },
  {
    key: 'tasks.overdue',
    label: { ru: 'Просроченные задачи', en: 'Overdue tasks' },
    type: 'number',
    operators: ['eq', 'lt', 'le', 'gt', 'ge', 'between', 'empty', 'filled'],
    args: [],
    where: (q, { db, op, values, now }) => whereCount(q, db('tasks').whereNull('done_at').where('due_at', '<', now), op, values),
  },
];
