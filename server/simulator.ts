import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { startSimulator } from '../cti/simulator/index.ts';
import type { Core } from './deps.ts';
import { SIMULATOR } from './config.ts';
import type { Config, PbxConfig } from './config.ts';
import { AppError } from './core/errors.ts';
import { createCallers } from './demo/callers.ts';
import { callBackRule } from './queues/queries.ts';
import { CALL_ME } from './demo/feature.ts';

/** What callers dial. A queue that has none here is reached at its name. */
const NUMBERS: Record<string, string> = { support: '7000', sales: '7001' };
const CALLS_PER_HOUR = 100;
/** Colleagues of each queue whom the simulator plays. */
const COLLEAGUES = 2;

export const SIMULATED: PbxConfig = {
  name: SIMULATOR,
  host: '127.0.0.1',
  port: 0,
  user: 'allo',
  secret: '',
  sipUrl: null,
  spool: null,
  journal: null,
  queuesFile: null,
  extensions: null,
};

/** Where the simulated PBX puts its recordings. */
export const spoolOf = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'simulator');

/** Queues and phones as the database has them; the last members of a queue are its simulated colleagues. */
const officeOf = async (db: Knex) => {
  const of = { pbx: SIMULATOR };
  const phones: { user_id: number; extension: string; name: string }[] = await db('extensions')
    .join('users', 'users.id', 'extensions.user_id')
    .where(of)
    .select('extensions.user_id', 'extensions.extension', 'users.name')
    .orderBy('extensions.extension');
  const queues: { name: string; callBack: boolean }[] = [];
  for (const name of await db('queues').where(of).orderBy('id').pluck<string[]>('name'))
    queues.push({ name, callBack: (await callBackRule(db, { ...of, name }))?.offered ?? false });
  const members: { queue: string; user_id: number }[] = await db('queue_members').where(of).select('queue', 'user_id');
  const colleagues = (queue: string) =>
    phones.filter((phone) => members.some((m) => m.queue === queue && m.user_id === phone.user_id)).slice(-COLLEAGUES);
  return {
    extensions: phones.map(({ extension, name }) => ({ extension, name })),
    queues: queues.map(({ name, callBack }) => ({
      name,
      callBack,
      number: NUMBERS[name] ?? name,
      strategy: 'rrmemory' as const,
      ringMs: 15_000,
      retryMs: 2_000,
      members: colleagues(name).map((phone) => phone.extension),
    })),
  };
};

/** Starts the simulated PBX on a port and with a secret of its own; calls come while somebody is on shift. */
export const runSimulator = async ({
  db,
  bus,
  log,
  config,
}: Pick<Core, 'db' | 'bus' | 'log' | 'config'>): Promise<{ pbx: PbxConfig; stop(): Promise<void> }> => {
  const secret = randomBytes(16).toString('hex');
  const caller = createCallers(db);
  const failed = (err: unknown) => log.error({ err }, 'simulator: nobody to call');
  const simulator = await startSimulator({
    port: 0,
    user: SIMULATED.user,
    secret,
    spool: spoolOf(config),
    ...(await officeOf(db)),
    traffic: { callsPerHour: CALLS_PER_HOUR, caller, failed, onShiftOnly: true, maxWaiting: 3 },
  });
  const silent = bus.answer<{ extension: string }, null>(CALL_ME, async ({ extension }) => {
    const { number, name } = await caller();
    try {
      simulator.callNow({ to: extension, from: number, name });
    } catch (err) {
      throw new AppError('conflict', (err as Error).message, { reason: 'no_extension' }, { cause: err });
    }
    return null;
  });
  return {
    pbx: { ...SIMULATED, port: simulator.port, secret, spool: spoolOf(config) },
    stop: () => {
      silent();
      return simulator.stop();
    },
  };
};
