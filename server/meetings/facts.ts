import type { Fact } from '../core/facts.ts';
import { whereCount } from '../core/facts.ts';

/** What filters may ask of the meetings with a client. */
export const meetingFacts: readonly Fact[] = [
  {
    key: 'meetings.ahead',
    label: { ru: 'Предстоящие встречи', en: 'Meetings to come' },
    type: 'number',
    operators: ['eq', 'lt', 'le', 'gt', 'ge', 'between', 'empty', 'filled'],
    args: [],
    where: (q, { db, op, values, now }) => whereCount(q, db('meetings').whereNull('cancelled_at').where('until_at', '>', now), op, values),
  },
];
