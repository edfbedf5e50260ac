import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export type Fields = Record<string, string>;

/** One client of the fake manager, with what it has asked. */
export interface FakeClient {
  readonly actions: Fields[];
  /** Raw bytes of everything it sent. */
  readonly received: () => string;
  /** Writes one block: "Event: X", "Key: value", … */
  send(...lines: string[]): void;
  raw(bytes: string | Buffer): void;
  /** Waits until the client has asked for this. */
  asked(action: string, times?: number): Promise<Fields>;
  drop(): void;
}

export interface FakeAmiOptions {
  readonly secret?: string;
  /** Answers an action in place of the default; false: leave it to the default. */
  readonly answer?: (action: Fields, client: FakeClient) => boolean;
  readonly port?: number;
}

export interface FakeAmi {
  readonly port: number;
  readonly clients: FakeClient[];
  /** The n-th connection since the start, from 0. */
  client(index: number): Promise<FakeClient>;
  close(): Promise<void>;
}

/** An AMI server on loopback that a test drives: it logs in, answers pings, empty lists, and whatever `answer` says. */
export async function startFakeAmi({ secret = 'secret', answer = () => false, port = 0 }: FakeAmiOptions = {}): Promise<FakeAmi> {
  const clients: FakeClient[] = [];
  const sockets = new Set<Socket>();
  const waiters = new Set<() => void>();
  const wake = () => waiters.forEach((check) => check());

  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const check = () => {
        const found = find();
        if (found === undefined) return;
        waiters.delete(check);
        resolve(found);
      };
      waiters.add(check);
      check();
    });

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.write('Asterisk Call Manager/9.0.0\r\n');
    let text = '';
    let all = '';
    const client: FakeClient = {
      actions: [],
      received: () => all,
      send: (...lines) => client.raw(lines.join('\r\n') + '\r\n\r\n'),
      raw: (bytes) => void (socket.destroyed || socket.write(bytes)),
      asked: (action, times = 1) => until(() => client.actions.filter((a) => a.Action === action)[times - 1]),
      drop: () => socket.destroy(),
    };
    clients.push(client);
    wake();
    socket.on('data', (chunk) => {
      all += chunk.toString();
      text += chunk.toString();
      const blocks = text.split('\r\n\r\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const action = parse(block);
        client.actions.push(action);
        if (!answer(action, client)) answerAsUsual(action, client, secret);
        wake();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    clients,
    client: (index) => until(() => clients[index]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Keys as Asterisk takes them, in any case; spelled here "Action", "ActionID". A repeated key is joined by commas. */
function parse(block: string): Fields {
  const fields: Fields = {};
  for (const line of block.split('\r\n')) {
    const colon = line.indexOf(':');
    const lower = line.slice(0, colon).toLowerCase();
    const key = lower === 'actionid' ? 'ActionID' : lower.charAt(0).toUpperCase() + lower.slice(1);
    const value = line.slice(colon + 1).trimStart();
    fields[key] = key in fields ? `${fields[key]},${value}` : value;
  }
  return fields;
}

const LIST_ENDS: Record<string, string> = {
  CoreShowChannels: 'CoreShowChannelsComplete',
  QueueStatus: 'QueueStatusComplete',
  DeviceStateList: 'DeviceStateListComplete',
};

export function answerAsUsual(action: Fields, client: FakeClient, secret = 'secret'): void {
  const id = `ActionID: ${action.ActionID}`;
  const end = LIST_ENDS[action.Action!];
  // names of actions are taken in any case: asterisk-manager says "login"
  if (action.Action?.toLowerCase() === 'login') {
    if (action.Secret !== secret) return client.send('Response: Error', id, 'Message: Authentication failed');
    client.send('Response: Success', id, 'Message: Authentication accepted');
    client.send('Event: FullyBooted', 'Privilege: system,all', 'Status: Fully Booted');
  } else if (action.Action === 'Ping') {
    client.send('Response: Success', id, 'Ping: Pong', `Timestamp: ${(Date.now() / 1000).toFixed(6)}`);
  } else if (end) {
    client.send('Response: Success', id, 'EventList: start', 'Message: list will follow');
    client.send(`Event: ${end}`, id, 'EventList: Complete', 'ListItems: 0');
  } else {
    client.send('Response: Success', id, 'Message: done');
  }
}
