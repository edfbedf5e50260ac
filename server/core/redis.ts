import { createClient } from 'redis';
import type { BusLog } from './bus.ts';

const make = (url: string, waiting: boolean) =>
  createClient({
    url,
    disableOfflineQueue: !waiting,
    socket: { connectTimeout: 3_000, reconnectStrategy: (tries) => Math.min(5_000, 50 * 2 ** tries) * (0.5 + Math.random() / 2) },
  });

export type Redis = ReturnType<typeof make>;

/**
 * A connection that comes back by itself. waiting: what is asked while it is away waits for it (subscriptions); otherwise it fails at once.
 * @throws Error when Redis cannot be reached at first: then the address is wrong, or it has not been started.
 */
export const openRedis = async (url: string, log: BusLog, waiting = false): Promise<Redis> => {
  const client = make(url, waiting);
  let up = true;
  client.on('error', (err: unknown) => {
    if (up) log.error({ err }, 'redis: connection lost');
    up = false;
  });
  client.on('ready', () => {
    if (!up) log.info({}, 'redis: connected again');
    up = true;
  });
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis cannot be reached at ${new URL(url).host} (REDIS_URL)`)), 10_000);
  });
  try {
    await Promise.race([client.connect(), late]);
  } catch (err) {
    client.destroy();
    throw err;
  } finally {
    clearTimeout(timer!);
  }
  return client;
};
