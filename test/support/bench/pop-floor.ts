import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { createCodec } from '../../../cti/ami/codec.ts';

/**
 * A program of its own that does the least: reads the AMI stream of the port it is given, and tells the browser of whoever rings.
 * Says its WebSocket port on standard output; a browser connects to /EXTENSION.
 */
const browsers = new Map<string, WebSocket>();
const codec = createCodec({
  wanted: new Set(['DialBegin']),
  onMessage: (m) => {
    if (m.event === '') return; // the answer to the log-in
    const extension = /^PJSIP\/(\w+)-/.exec(m.get('DestChannel'))![1]!;
    const call = { ref: `bench:${m.get('Linkedid')}`, phase: 'ringing', number: m.get('CallerIDNum'), callerName: m.get('CallerIDName') };
    browsers.get(extension)?.send(JSON.stringify({ seq: 1, message: { topic: 'calls', call } }));
  },
});
const socket = connect({ host: '127.0.0.1', port: Number(process.argv[2]), noDelay: true });
socket.write('Action: Login\r\nActionID: floor\r\nUsername: allo\r\nSecret: secret\r\nEvents: on\r\n\r\n');
socket.on('data', (chunk) => codec.push(chunk));
socket.on('close', () => process.exit(0));

const server = createServer();
const live = new WebSocketServer({ server, perMessageDeflate: false });
live.on('connection', (ws, req) => browsers.set(req.url!.slice(1), ws));
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
