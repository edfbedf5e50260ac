import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createActions } from './actions.ts';
import { createFloor } from './floor.ts';
import type { SimulatorOptions } from './options.ts';
import type { CallOrder } from './plant.ts';
import { serveSession } from './session.ts';
import type { Session } from './session.ts';
import type { Emit } from './switchboard.ts';
import { createTapes } from './tape.ts';
import { createTimers } from './timers.ts';
import { startTraffic } from './traffic.ts';
import { createStamps, toBlock } from './wire.ts';

export type { Behaviour, SimulatorOptions } from './options.ts';

export interface Simulator {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** A caller from outside dials a queue (its name or number) or an extension. @returns the Linkedid @throws Error when there is none */
  callNow(order: CallOrder & { readonly to: string }): string;
  /** Calls, in any state, that are up. */
  openCalls(): number;
  /** Ends every timer and connection. Nothing is hung up in order: for its clients the PBX is gone. */
  stop(): Promise<void>;
}

const refusal = (action: string) =>
  action ? `Invalid/unknown command: ${action}. Use Action: ListCommands to show available commands.` : 'Missing action in request';

/** A PBX of Asterisk's manners, without telephones: it speaks AMI, and simulated people call, wait, answer and hang up. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const timers = createTimers();
  const sessions = new Set<Session>();
  const stamp = createStamps(Date.now);
  const startedAt = Date.now();

  const emit: Emit = (event, eventClass, headers) => {
    const block = toBlock([['Event', event], ['Privilege', `${eventClass},all`], ['Timestamp', stamp()], ...headers]);
    for (const session of sessions) session.event(eventClass, block);
  };
  const floor = createFloor(options, emit, timers);
  const actions = createActions(floor, emit, stamp, options.spool === undefined ? null : createTapes(floor.board, options.spool, Date.now));

  const server = createServer((socket) => {
    const session = serveSession(socket, {
      user: options.user,
      secret: options.secret,
      uptimeSeconds: () => Math.floor((Date.now() - startedAt) / 1000),
      act: (message, reply) => {
        const handle = actions.get(message.get('Action').toLowerCase());
        if (handle) handle(message, reply);
        else
          reply([
            ['Response', 'Error'],
            ['Message', refusal(message.get('Action'))],
          ]);
      },
    });
    sessions.add(session);
    socket.on('close', () => sessions.delete(session));
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  if (options.traffic) startTraffic(floor, options.traffic, timers);

  return {
    port: (server.address() as AddressInfo).port,
    callNow: ({ to, ...order }) => floor.callIn(to, order),
    openCalls: () => new Set(floor.board.channels().map((c) => c.linkedid)).size,
    async stop() {
      timers.clear();
      const closed = once(server, 'close');
      server.close();
      for (const session of sessions) session.close();
      await closed;
    },
  };
}
