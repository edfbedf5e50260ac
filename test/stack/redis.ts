import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { answers, startDaemon } from './daemon.ts';
import type { Daemon } from './paths.ts';
import { dir, ports } from './paths.ts';
import { provide } from './provision.ts';

export const redisUrl = `redis://127.0.0.1:${ports.redis}`;
export const redisAnswers = () => answers(ports.redis, '+PONG', 'PING\r\n');

export function startRedis(): Promise<Daemon> {
  const home = join(dir, 'redis');
  mkdirSync(home, { recursive: true });
  const args = [
    '--port',
    String(ports.redis),
    '--bind',
    '127.0.0.1',
    '--dir',
    home,
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory-policy',
    'noeviction',
  ];
  return startDaemon(provide('redis'), args, join(home, 'redis.log'), redisAnswers);
}
