import type { DispatchItem } from '../../server/dispatch/contract.ts';
import type { FloorOperator } from '../../server/floor/contract.ts';

/** "PBX:NAME" of the queues. */
export type OnShift = Pick<FloorOperator, 'userId' | 'name' | 'queues' | 'state'>;
const WORKS: readonly FloorOperator['state'][] = ['available', 'ringing', 'dialling', 'talking', 'hold', 'wrap-up'];

/** Who is freest for it: of its queue before the others, of those who have the least to do whoever talks to nobody. null: nobody works now. */
export const freest = (
  item: Pick<DispatchItem, 'queue'>,
  people: readonly OnShift[],
  items: readonly Pick<DispatchItem, 'owner'>[],
): number | null => {
  const serves = ({ queues }: OnShift) => queues.some((ref) => ref.slice(ref.indexOf(':') + 1) === item.queue);
  const load = ({ userId }: OnShift) => items.filter(({ owner }) => owner?.id === userId).length;
  const order = (one: OnShift) => [serves(one) ? 0 : 1, load(one), one.state === 'available' ? 0 : 1, one.userId];
  const [first] = people
    .filter(({ state: is }) => WORKS.includes(is))
    .map((one) => ({ one, order: order(one) }))
    .sort((a, b) => a.order.map((n, i) => n - b.order[i]!).find((n) => n !== 0) ?? 0);
  return first?.one.userId ?? null;
};
