import type { MoveReason, TaskCard, TaskEvent } from '../../server/tasks/contract.ts';
import { moment } from '../core/format.ts';
import { t } from './strings.ts';

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** What is to be said of an event beside what it was. Pure but for the words. */
export const historyWords = ({ kind, data }: TaskEvent, people: TaskCard['people']): string => {
  const nameOf = (id: unknown) => people.find((one) => one.id === id)?.name ?? '—';
  if (kind === 'edited')
    return Object.entries(data as Record<string, [unknown, unknown]>)
      .map(([field, [before, after]]) => {
        if (field === 'ownerId') return `${t().owner}: ${nameOf(before)} → ${nameOf(after)}`;
        if (field === 'dueAt') return `${t().due}: ${moment(Number(before))} → ${moment(Number(after))}`;
        if (field === 'text') return `«${text(before)}» → «${text(after)}»`;
        if (field === 'priority') return `${t().priority}: ${t().priorities[after as 'low']}`;
        if (field === 'estimate') return `${t().estimate}: ${text(before) || '—'} → ${text(after) || '—'}`;
        if (field === 'kind') return t().kinds[after as 'task'];
        if (field === 'clientId') return t().client;
        return '';
      })
      .filter(Boolean)
      .join('; ');
  if (typeof data.from === 'number' && typeof data.to === 'number') {
    const why = [data.reason ? t().reasons[data.reason as MoveReason] : '', text(data.note)].filter(Boolean).join(', ');
    return `${moment(data.from)} → ${moment(data.to)}${why ? ` (${why})` : ''}`;
  }
  return text(data.note) || text(data.text) || text(data.name);
};
