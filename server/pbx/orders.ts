import type { ActionErrorCode, Actions } from '../../cti/index.ts';
import type { Bus } from '../core/bus.ts';
import { AppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { ordersTo } from './contract.ts';

/** An order on its way over the bus. */
export interface Order {
  action: keyof Actions;
  order: object;
}

const ACTIONS = [
  'originate',
  'hangup',
  'answer',
  'hold',
  'resume',
  'transfer',
  'attended',
  'cancelAttended',
  'move',
  'end',
  'park',
  'pickup',
  'dtmf',
  'record',
  'recordPause',
  'recordStop',
  'spy',
  'queueAdd',
  'queueRemove',
  'queueReload',
  'queuePause',
] as const satisfies (keyof Actions)[];

const CODES: Record<ActionErrorCode, ErrorCode> = {
  offline: 'pbx_unavailable',
  timeout: 'pbx_timeout',
  refused: 'pbx_refused',
  unsupported: 'pbx_refused',
  unreachable: 'pbx_refused',
  invalid: 'invalid',
};

/** A queue that the phone is in already, or has left already, is as it was to be; a member that queues.conf names stays one. */
const asWanted = (action: keyof Actions, message: string): boolean =>
  (action === 'queueAdd' && /already there/i.test(message)) || (action === 'queueRemove' && /not there|not dynamic/i.test(message));

/** The phone was hung up between the click and the order. */
const isGone = (message: string): boolean => /no such channel|no channel found|no phone in this call/i.test(message);

/** Carries out an order here, where the bridge is. @throws AppError */
export const carryOut = async (actions: Actions, { action, order }: Order): Promise<unknown> => {
  if (!ACTIONS.includes(action)) throw new AppError('invalid', `no such order: ${String(action)}`);
  try {
    return (await actions[action](order as never)) ?? null;
  } catch (err) {
    const { code, message } = err as { code?: ActionErrorCode; message: string };
    if (code === undefined || !(code in CODES)) throw err;
    if (code === 'refused' && asWanted(action, message)) return null;
    if (code === 'refused' && isGone(message))
      throw new AppError('conflict', `${action}: ${message}`, { reason: 'not_in_call' }, { cause: err });
    throw new AppError(CODES[code], `${action}: ${message}`, { reason: code }, { cause: err });
  }
};

/** Longer than the bridge's own time-out of an action, so that its answer is the one that is heard. */
const ANSWER_MS = 15_000;

/** The commands of a PBX for every process: they go to the one that owns its bridge. */
export const pbxClient =
  (bus: Pick<Bus<object>, 'ask'>) =>
  (name: string): Actions => {
    const send = async (action: keyof Actions, order: object): Promise<unknown> => {
      try {
        return await bus.ask<Order, unknown>(ordersTo(name), { action, order }, ANSWER_MS);
      } catch (err) {
        if (err instanceof AppError && err.code === 'unavailable')
          throw new AppError('pbx_unavailable', `no bridge to "${name}"`, {}, { cause: err });
        throw err;
      }
    };
    return Object.fromEntries(ACTIONS.map((action) => [action, (order: object) => send(action, order)])) as unknown as Actions;
  };
