import type { Config } from '../config.ts';
import { commands, edit, error, ok, warning } from './finding.ts';
import type { Finding } from './finding.ts';

export interface RedisFacts {
  readonly reached: boolean;
  readonly reason: string;
  /** maxmemory-policy; null: CONFIG is not permitted */
  readonly policy: string | null;
}

type Settings = Pick<Config, 'sessionSecret' | 'secretsKey' | 'publicUrl' | 'databaseUrl' | 'demo'>;

/** This program, its settings and the Redis it talks over. */
export const checkMachine = (node: string, settings: Settings, redis: RedisFacts | null): Finding[] => [
  supported(node) ? ok('node') : error('node', { params: { version: node } }),
  secrets(settings),
  databasePassword(settings.databaseUrl),
  publicUrl(settings.publicUrl),
  ...(redis ? checkRedis(redis) : []),
];

/** As engines of package.json has it. */
const supported = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24;
};

const guessable = (secret: string): boolean => new Set(secret).size < 12 || /change|secret|password|example/i.test(secret);

const secrets = ({ sessionSecret, secretsKey }: Settings): Finding => {
  const bad = [...(guessable(sessionSecret) ? ['SESSION_SECRET'] : []), ...(guessable(secretsKey) || secretsKey === sessionSecret ? ['SECRETS_KEY'] : [])]; // prettier-ignore
  if (bad.length === 0) return ok('secrets');
  return error('secrets', { params: { names: bad.join(', ') }, fix: [commands('openssl rand -base64 33'), edit('.env', null, { add: bad.map((name) => `${name}=…`) })] }); // prettier-ignore
};

const databasePassword = (url: string): Finding => {
  if (!url.startsWith('mysql://')) return ok('database-password');
  const { password, username } = new URL(url);
  return password.length >= 12 && password !== username
    ? ok('database-password')
    : warning('database-password', { fix: commands('openssl rand -hex 24') });
};

const LOCAL = /^(localhost|127\.|\[::1\])/;

const publicUrl = (url: string): Finding =>
  url.startsWith('https:') || LOCAL.test(new URL(url).host)
    ? ok('public-url')
    : warning('public-url', { params: { url }, fix: edit('.env', null, { remove: [`PUBLIC_URL=${url}`], add: ['PUBLIC_URL=https://…'] }) });

const checkRedis = ({ reached, reason, policy }: RedisFacts): Finding[] => {
  if (!reached) return [error('redis', { params: { reason } })];
  if (policy === null || policy === 'noeviction') return [ok('redis'), ok('redis-policy')];
  const fix = edit('/etc/redis/redis.conf', null, {
    remove: [`maxmemory-policy ${policy}`],
    add: ['maxmemory-policy noeviction'],
    then: 'systemctl restart redis-server',
  });
  return [ok('redis'), error('redis-policy', { params: { policy }, fix })];
};
