import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Received {
  from: string;
  to: string[];
  /** As it went over the wire. */
  raw: string;
  messageId: string;
}

/** A real SMTP server on loopback that keeps what it is sent. */
export const startSmtp = async (port = 0) => {
  const received: Received[] = [];
  /** What it says instead of taking a letter. */
  const moods = { refuse: null as { code: number; at: 'rcpt' | 'data' } | null, beforeOk: () => {} };
  const error = (code: number) => Object.assign(new Error(`${code} no`), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'allo' && password === 'p@ss word' ? done(null, { user: username }) : done(error(535)),
    onRcptTo: (_address, _session, done) => (moods.refuse?.at === 'rcpt' ? done(error(moods.refuse.code)) : done()),
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        if (moods.refuse?.at === 'data') return done(error(moods.refuse.code));
        const raw = Buffer.concat(pieces).toString();
        const { mailFrom, rcptTo } = session.envelope;
        const messageId = /^Message-ID: <(.*)>\r$/im.exec(raw)?.[1] ?? '';
        received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw, messageId });
        moods.beforeOk();
        done();
      });
    },
  });
  server.on('error', () => {}); // a client that was killed
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    moods,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
};
