import type { AmiMessage } from './message.ts';

/** What is up at Asterisk: events CoreShowChannel; QueueParams, QueueMember and QueueEntry; DeviceStateChange. */
export interface SnapshotLists {
  readonly channels: readonly AmiMessage[];
  readonly queues: readonly AmiMessage[];
  readonly devices: readonly AmiMessage[];
}

interface List {
  readonly name: keyof SnapshotLists;
  readonly action: string;
  readonly item: ReadonlySet<string>;
  readonly complete: string;
}

const LISTS: readonly List[] = [
  { name: 'devices', action: 'DeviceStateList', item: new Set(['DeviceStateChange']), complete: 'DeviceStateListComplete' },
  { name: 'queues', action: 'QueueStatus', item: new Set(['QueueParams', 'QueueMember', 'QueueEntry']), complete: 'QueueStatusComplete' },
  { name: 'channels', action: 'CoreShowChannels', item: new Set(['CoreShowChannel']), complete: 'CoreShowChannelsComplete' },
];

export const SNAPSHOT_EVENTS: readonly string[] = LISTS.flatMap((list) => [...list.item, list.complete]);

let count = 0;

/** Asks for the lists and gathers them. `done` when all are complete; a list that Asterisk refuses is empty, but for the channels'. */
export function createSnapshot(send: (action: string, id: string) => void) {
  const prefix = `list-${++count}-`;
  const open = new Map(LISTS.map((list) => [prefix + list.name, list]));
  const lists = { channels: [] as AmiMessage[], queues: [] as AmiMessage[], devices: [] as AmiMessage[] };
  let refused: string | null = null;
  for (const [id, list] of open) send(list.action, id);

  return {
    lists,
    get done() {
      return open.size === 0;
    },
    /** Why there can be no snapshot; null while there can. */
    get refused() {
      return refused;
    },
    /** @returns whether the response was to one of our questions */
    answer(id: string, response: AmiMessage): boolean {
      const list = open.get(id);
      if (!list) return false;
      if (response.get('Response') === 'Success') return true;
      if (list.name === 'channels') refused = `${list.action} refused: ${response.get('Message')}`;
      open.delete(id);
      return true;
    },
    /** @returns whether the event belongs to one of our lists */
    receive(id: string, event: AmiMessage): boolean {
      const list = open.get(id);
      if (!list) return false;
      if (event.event === list.complete) open.delete(id);
      else if (list.item.has(event.event)) lists[list.name].push(event);
      return true;
    },
  };
}
