import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Hello, LiveMessage, Push } from '../../server/realtime/contract.ts';
import { until } from './call-centre.ts';

/** A page that is open: the live channel as the web app uses it. */
export const openPage = async (url: string, cookie: string, resume = '', origin = url) => {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/live${resume}`, { headers: { cookie, origin } });
  const frames: (Hello | Push)[] = [];
  ws.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString('utf8')) as Hello | Push));
  const closed = once(ws, 'close').then(([code]) => code as number);
  closed.catch(() => {});
  await once(ws, 'open');
  const pushes = () => frames.filter((f): f is Push => 'message' in f);
  const messages = <T extends LiveMessage['topic']>(topic: T) =>
    pushes().flatMap(({ message }) => (message.topic === topic ? [message as Extract<LiveMessage, { topic: T }>] : []));
  await Promise.race([
    closed,
    until(
      () => frames.length,
      (n) => n > 0,
    ),
  ]);
  return { ws, frames, pushes, messages, hello: frames[0] as Hello, closed, calls: () => messages('calls').map(({ call }) => call) };
};
