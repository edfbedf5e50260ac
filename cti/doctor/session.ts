import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { createCodec } from '../ami/codec.ts';
import type { AmiMessage } from '../ami/message.ts';
import type { AmiPeer } from '../ami/timing.ts';

/** The answer to one question: the response, and the events of a list. */
export interface Answer {
  readonly ok: boolean;
  readonly response: AmiMessage;
  readonly items: readonly AmiMessage[];
}

interface Waiting {
  response: AmiMessage | null;
  readonly items: AmiMessage[];
  done(answer: Answer): void;
  fail(err: Error): void;
}

const PATIENCE_MS = 10_000;

/** Questions to an Asterisk, one connection, events off. */
export interface Session {
  /** @throws Error when the connection is lost or no answer comes within ten seconds */
  ask(action: string, fields?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): void;
}

/** @throws Error saying why: no connection, or the login refused */
export async function openSession(peer: AmiPeer): Promise<Session> {
  const waiting = new Map<string, Waiting>();
  let next = 1;
  const socket: Socket = connect({ host: peer.host, port: peer.port });
  const codec = createCodec({ wanted: null, onMessage: receive });
  socket.on('data', (chunk) => codec.push(chunk));
  socket.on('error', (err) => failAll(err));
  socket.on('close', () => failAll(new Error('connection closed by the PBX')));

  function failAll(err: Error): void {
    for (const one of waiting.values()) one.fail(err);
    waiting.clear();
  }

  function receive(message: AmiMessage): void {
    const id = message.get('ActionID');
    const one = waiting.get(id);
    if (!one) return;
    const mark = message.get('EventList').toLowerCase();
    if (message.event === '') one.response = message;
    else if (mark !== 'complete') one.items.push(message);
    if (one.response === null || (message.event === '' ? mark === 'start' : mark !== 'complete')) return;
    waiting.delete(id);
    one.done({ ok: one.response.get('Response') !== 'Error', response: one.response, items: one.items });
  }

  function ask(action: string, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const id = `doctor-${next++}`;
    const lines = Object.entries({ Action: action, ActionID: id, ...fields }).map(([key, value]) => {
      if (/[\r\n]/.test(value)) throw new Error(`${key} of ${action} holds a line break`);
      return `${key}: ${value}\r\n`;
    });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new Error(`no answer to ${action} within ${PATIENCE_MS / 1000} s`));
      }, PATIENCE_MS);
      const settle = () => clearTimeout(timer);
      waiting.set(id, {
        response: null,
        items: [],
        done: (answer) => (settle(), resolve(answer)),
        fail: (err) => (settle(), reject(err)),
      });
      socket.write(`${lines.join('')}\r\n`);
    });
  }

  try {
    const login = await ask('Login', { Username: peer.user, Secret: peer.secret, Events: 'off' });
    if (!login.ok) throw new Error(`login refused: ${login.response.get('Message')}`);
  } catch (err) {
    socket.destroy();
    throw err;
  }
  return { ask, close: () => socket.destroy() };
}
