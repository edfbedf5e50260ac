import type { Queue } from './contract.ts';

/** By it Allo knows a file of its own, and writes over no other. */
export const MARK = '; Written by Allo: changes belong into its settings, and are lost here.';

const NAME = /^[\w.-]{1,80}$/;

const section = (q: Queue): string =>
  [
    `[${q.name}]`,
    `strategy = ${q.strategy}`,
    `timeout = ${q.ringSeconds}`,
    'retry = 1',
    `weight = ${q.weight}`,
    `servicelevel = ${q.targetSeconds}`,
    'ringinuse = no',
    'joinempty = yes',
    'leavewhenempty = no',
    'setinterfacevar = yes',
    'setqueuevar = yes',
    '; wrap-up is done by pausing the member',
    'wrapuptime = 0',
    `announce-position = ${q.announceSeconds > 0 ? 'yes' : 'no'}`,
    `announce-frequency = ${q.announceSeconds}`,
    'announce-holdtime = no',
    ...(q.callBack.offered ? [`context = allo-press-${q.callBack.key}`] : []),
    ...(q.callBack.offered && q.callBack.sound !== ''
      ? [`periodic-announce = ${q.callBack.sound}`, 'periodic-announce-frequency = 60']
      : []),
  ].join('\n');

/**
 * The queues as sections of queues.conf, to be included there. Members are not in it: Allo adds them when their shift begins, and leaves alone those
 * that are written elsewhere. A queue whose name would mean something else in the file is left out. Pure.
 */
export const queuesConf = (queues: readonly Queue[]): string =>
  [MARK, ...queues.filter(({ name }) => NAME.test(name) && name !== 'general').map(section), ''].join('\n\n');
