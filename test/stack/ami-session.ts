import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';

export type Fields = Record<string, string>;

/** A plain AMI session for the test's own doing: sends actions, keeps every byte it is sent. */
export class AmiSession {
  readonly received: Buffer[] = [];
  private readonly socket: Socket;
  private next = 1;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.received.push(chunk));
  }

  /** @throws when the login is refused */
  static async open(port: number, user: string, secret: string, { events = true } = {}): Promise<AmiSession> {
    const socket = connect(port, '127.0.0.1');
    const session = new AmiSession(socket);
    await once(socket, 'connect');
    await session.action({ Action: 'Login', Username: user, Secret: secret, Events: events ? 'on' : 'off' });
    return session;
  }

  get text(): string {
    return Buffer.concat(this.received).toString('utf8');
  }

  /** Sends one action and waits for its answer. @throws when the answer is an error */
  async action(fields: Fields): Promise<string> {
    const id = `trace-${this.next++}`;
    const block = Object.entries({ ...fields, ActionID: id }).map(([key, value]) => `${key}: ${value}\r\n`);
    this.socket.write(`${block.join('')}\r\n`);
    const answer = await this.waitFor((one) => one.includes(`ActionID: ${id}\r\n`) && one.startsWith('Response: '));
    if (answer.startsWith('Response: Error')) throw new Error(`${fields['Action']}: ${answer}`);
    return id;
  }

  /** The same, and waits for the end of the list that it answers with. */
  async list(fields: Fields): Promise<void> {
    const id = await this.action(fields);
    await this.waitFor((one) => one.includes(`ActionID: ${id}\r\n`) && one.includes('EventList: Complete\r\n'));
  }

  /** The first message, old or new, that fits. @throws after ten seconds */
  async waitFor(fits: (block: string) => boolean, timeoutMs = 10_000): Promise<string> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const found = this.text
        .replace(/^Asterisk Call Manager[^\r]*\r\n/, '')
        .split('\r\n\r\n')
        .map((block) => `${block}\r\n`)
        .find(fits);
      if (found) return found;
      await once(this.socket, 'data', { signal });
    }
  }

  close(): void {
    this.socket.destroy();
  }
}
