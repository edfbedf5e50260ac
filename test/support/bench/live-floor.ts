import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { WebSocketServer } from 'ws';

/** The floor of the live bench: sends recorded texts to whoever is connected, at the pace at which they came, and does nothing else. */
const frames = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as { at: number; text: string }[];
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => console.log(`url ws://127.0.0.1:${(server.address() as { port: number }).port}`));

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  if (line === 'go')
    for (const { at, text } of frames)
      setTimeout(() => {
        for (const ws of server.clients) ws.send(text);
      }, at);
  const { user, system } = process.cpuUsage();
  console.log(`figures ${JSON.stringify({ cpu: user + system, rss: process.memoryUsage().rss })}`);
});
lines.on('close', () => process.exit(0));
