/** Counts the lines of Asterisk's queue_log as they stand, by nothing of ours; its times are whole seconds. */

export interface Counted {
  entered: number;
  answered: number;
  abandoned: number;
  flowed: number;
  /** s */
  waits: number[];
  abandonedWaits: number[];
  /** s, of the talks that the queue saw to their end. */
  talks: number[];
}

/** time|call|queue|agent|event|data…; `since`: of lines from that second on. */
export const countLines = (text: string, since = 0): Map<string, Counted> => {
  const queues = new Map<string, Counted>();
  for (const line of text.split('\n')) {
    const [second, call, queue, , event, ...data] = line.split('|');
    if (!call || Number(second) < since || !/^\d+\.\d+$/.test(call)) continue;
    const none: Counted = { entered: 0, answered: 0, abandoned: 0, flowed: 0, waits: [], abandonedWaits: [], talks: [] };
    const at = queues.get(queue!) ?? queues.set(queue!, none).get(queue!)!;
    if (event === 'ENTERQUEUE') at.entered += 1;
    if (event === 'CONNECT') {
      at.answered += 1;
      at.waits.push(Number(data[0]));
    }
    if (event === 'ABANDON') {
      at.abandoned += 1;
      at.abandonedWaits.push(Number(data[2]));
    }
    if (event?.startsWith('EXIT')) at.flowed += 1;
    if (event?.startsWith('COMPLETE')) at.talks.push(Number(data[1]));
  }
  return queues;
};

export const sum = (list: readonly number[]): number => list.reduce((all, n) => all + n, 0);
