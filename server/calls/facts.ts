import type { Fact } from '../core/facts.ts';
import { whereCount } from '../core/facts.ts';

const DAY_MS = 86_400_000;
const DAYS = { key: 'days', label: { ru: 'за последние дни', en: 'in the last days' }, options: null };
const option = (code: string, ru: string, en: string) => ({ code, label: { ru, en } });
const DIRECTION = {
  key: 'direction',
  label: { ru: 'направление', en: 'direction' },
  options: [option('in', 'входящие', 'incoming'), option('out', 'исходящие', 'outgoing')],
};
const ANSWERED = {
  key: 'answered',
  label: { ru: 'разговор', en: 'talk' },
  options: [option('yes', 'состоялся', 'took place'), option('no', 'не состоялся', 'did not')],
};
const OUTCOME = {
  key: 'outcome',
  label: { ru: 'исход', en: 'outcome' },
  options: [option('none', 'не указан', 'not given'), option('any', 'указан', 'given')],
};

/** What filters may ask of a client's calls. */
export const callFacts: readonly Fact[] = [
  {
    key: 'calls.count',
    label: { ru: 'Число звонков', en: 'Number of calls' },
    type: 'number',
    operators: ['eq', 'lt', 'le', 'gt', 'ge', 'between', 'empty', 'filled'],
    args: [DAYS, DIRECTION, ANSWERED, OUTCOME],
    where(q, { db, op, values, args, now }) {
      const rows = db('calls');
      if (typeof args.days === 'number') void rows.where('started_at', '>=', now - args.days * DAY_MS);
      if (args.direction !== undefined) void rows.where('direction', args.direction);
      if (args.answered === 'yes') void rows.whereNotNull('answered_at');
      if (args.answered === 'no') void rows.whereNull('answered_at');
      if (args.outcome === 'none') void rows.whereNull('outcome');
      if (args.outcome === 'any') void rows.whereNotNull('outcome');
      whereCount(q, rows, op, values);
    },
  },
];
