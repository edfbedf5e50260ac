import { once } from 'node:events';
import { connect } from 'node:net';
import { startSimulator } from '../../cti/simulator/index.ts';
import type { Behaviour, Simulator, SimulatorOptions } from '../../cti/simulator/index.ts';

export type Block = readonly (readonly [name: string, value: string])[];

export const header = (block: Block, name: string): string | undefined => block.find(([n]) => n.toLowerCase() === name.toLowerCase())?.[1];

export const parseBlocks = (text: string): Block[] =>
  text
    .split('\r\n\r\n')
    .filter((block) => block.trim() !== '')
    .map((block) =>
      block
        .split('\r\n')
        .filter((line) => line.includes(': ') || line.endsWith(':'))
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const),
    );

export interface AmiClient {
  /** All that was received, without the greeting. */
  readonly blocks: Block[];
  readonly greeting: () => string;
  readonly closed: Promise<void>;
  /** @returns the blocks that carry its ActionID, as soon as `complete` is among them (its reply, when not given) */
  action(name: string, values?: Record<string, string>, complete?: string): Promise<Block[]>;
  /** Text as it is. */
  raw(text: string): void;
  /** The first block from `from` on that satisfies. */
  until(what: (block: Block) => boolean, from?: number): Promise<Block>;
  events(name?: string): Block[];
  close(): void;
}

/** A plain AMI client, knowing nothing of the bridge. */
export async function connectAmi(port: number): Promise<AmiClient> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const blocks: Block[] = [];
  let rest = '';
  let greeting = '';
  let heard = () => {};
  let ids = 0;
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    rest += chunk;
    if (!greeting && rest.includes('\r\n')) {
      greeting = rest.slice(0, rest.indexOf('\r\n'));
      rest = rest.slice(greeting.length + 2);
    }
    const end = rest.lastIndexOf('\r\n\r\n');
    if (end < 0) return;
    blocks.push(...parseBlocks(rest.slice(0, end + 4)));
    rest = rest.slice(end + 4);
    heard();
  });
  const closed = once(socket, 'close').then(() => heard());

  async function until(what: (block: Block) => boolean, from = 0): Promise<Block> {
    for (let next = from; ;) {
      for (; next < blocks.length; next++) if (what(blocks[next]!)) return blocks[next]!;
      await new Promise<void>((resolve) => (heard = resolve));
      if (socket.destroyed && next === blocks.length) throw new Error('the connection ended first');
    }
  }

  return {
    blocks,
    greeting: () => greeting,
    closed,
    until,
    raw: (text) => void socket.write(text),
    close: () => socket.destroy(),
    events: (name) => blocks.filter((b) => b[0]?.[0] === 'Event' && (!name || b[0][1] === name)),
    async action(name, values = {}, complete) {
      const id = `t-${++ids}`;
      const lines = Object.entries({ Action: name, ActionID: id, ...values }).map(([key, value]) => `${key}: ${value}`);
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      const mine = (b: Block) => header(b, 'ActionID') === id;
      await until((b) => mine(b) && (complete ? header(b, 'Event') === complete : header(b, 'Response') !== undefined));
      return blocks.filter(mine);
    },
  };
}

export const LOGIN = { user: 'allo', secret: 'only for tests' };

/** Everybody is quick, and nothing is left to chance. */
export const QUICK: Partial<Behaviour> = {
  patienceMs: [60_000, 60_000],
  talkMs: [60_000, 60_000],
  answerShare: 1,
  refuseShare: 0,
  answerAfterMs: [5, 5],
  agentEndsShare: 0,
  liftAfterMs: null,
  dialMs: 60_000,
  customerAnswers: 1,
  customerBusy: 0,
  customerRingsMs: [5, 5],
};

export const startQuick = (options: Partial<SimulatorOptions> = {}): Promise<Simulator> =>
  startSimulator({
    port: 0,
    ...LOGIN,
    queues: [
      { name: 'support', number: '7000', strategy: 'ringall', ringMs: 60_000, retryMs: 10 },
      { name: 'sales', number: '7001', strategy: 'rrmemory', ringMs: 60_000, retryMs: 10 },
    ],
    extensions: ['101', '102', '103', '104'].map((extension) => ({ extension, name: `Operator ${extension}` })),
    ...options,
    behaviour: { ...QUICK, ...options.behaviour },
  });

export async function logIn(simulator: Simulator): Promise<AmiClient> {
  const ami = await connectAmi(simulator.port);
  await ami.action('Login', { Username: LOGIN.user, Secret: LOGIN.secret });
  return ami;
}
