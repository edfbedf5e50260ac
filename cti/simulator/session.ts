import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Reply } from './actions.ts';
import type { EventClass } from './switchboard.ts';
import { parseMessage, toBlock } from './wire.ts';
import type { Header, Message } from './wire.ts';

const GREETING = 'Asterisk Call Manager/11.0.0\r\n';
/** A client that sends a longer action is none; one that reads slower than this is dropped, as Asterisk's writetimeout does. */
const MAX_ACTION = 64 * 1024;
const MAX_BACKLOG = 16 * 1024 * 1024;

export interface SessionOptions {
  readonly user: string;
  readonly secret: string;
  readonly uptimeSeconds: () => number;
  readonly act: (message: Message, reply: Reply) => void;
}

export interface Session {
  /** An event of the PBX; goes out if this client has logged in and its EventMask lets the class through. */
  event(eventClass: EventClass, block: string): void;
  close(): void;
}

const same = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** `on`, `off`, or classes: "call,agent". */
function readMask(mask: string): (eventClass: EventClass) => boolean {
  const wanted = mask.toLowerCase().split(/[,\s]+/);
  if (wanted.some((w) => ['on', 'all', '1', 'yes', 'true', ''].includes(w))) return () => true;
  return (eventClass) => wanted.includes(eventClass);
}

/** One AMI connection: greeting, log-in, actions in, replies and events out. */
export function serveSession(socket: Socket, options: SessionOptions): Session {
  let loggedIn = false;
  let wants = readMask('on');
  let rest = '';
  let lines: string[] = [];

  function write(block: string): void {
    if (socket.destroyed || socket.writableEnded) return;
    socket.write(block);
    if (socket.writableLength > MAX_BACKLOG) socket.destroy();
  }

  const replyTo =
    (message: Message): Reply =>
    ([first, ...others]) => {
      const id = message.get('ActionID');
      write(toBlock([first!, ...(id ? ([['ActionID', id]] as Header[]) : []), ...others]));
    };

  function logIn(message: Message, reply: Reply): void {
    if (!same(message.get('Username'), options.user) || !same(message.get('Secret'), options.secret)) {
      reply([
        ['Response', 'Error'],
        ['Message', 'Authentication failed'],
      ]);
      socket.end();
      return;
    }
    loggedIn = true;
    wants = readMask(message.get('Events'));
    reply([
      ['Response', 'Success'],
      ['Message', 'Authentication accepted'],
    ]);
    if (!wants('system')) return;
    const uptime = options.uptimeSeconds();
    write(
      toBlock([
        ['Event', 'FullyBooted'],
        ['Privilege', 'system,all'],
        ['Uptime', uptime],
        ['LastReload', uptime],
        ['Status', 'Fully Booted'],
      ]),
    );
  }

  function hear(message: Message): void {
    const reply = replyTo(message);
    const action = message.get('Action').toLowerCase();
    if (action === 'login') return logIn(message, reply);
    if (action === 'logoff') {
      reply([
        ['Response', 'Goodbye'],
        ['Message', 'Thanks for all the fish.'],
      ]);
      socket.end();
      return;
    }
    if (!loggedIn)
      return reply([
        ['Response', 'Error'],
        ['Message', 'Permission denied'],
      ]);
    if (action === 'events') {
      const mask = message.get('EventMask');
      wants = readMask(mask);
      return reply([
        ['Response', 'Success'],
        ['Events', mask.toLowerCase() === 'off' ? 'Off' : 'On'],
      ]);
    }
    options.act(message, reply);
  }

  socket.setNoDelay(true);
  socket.setEncoding('utf8');
  // A client that vanishes is not the PBX's trouble: 'close' follows every error.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    for (const part of parts) {
      const line = part.replace(/\r$/, '');
      if (line) lines.push(line);
      else if (lines.length > 0) {
        const message = parseMessage(lines);
        lines = [];
        hear(message);
      }
    }
    if (rest.length + lines.length * 80 > MAX_ACTION) socket.destroy();
  });
  socket.write(GREETING);

  return {
    event: (eventClass, block) => {
      if (loggedIn && wants(eventClass)) write(block);
    },
    close: () => socket.destroy(),
  };
}
