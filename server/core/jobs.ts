import Bull from 'bull';
import type { Logger } from 'pino';
import { AppError } from './errors.ts';

/**
 * Work to be done soon or at a time. A convenience, not the truth: what must happen is a row with a due time, which a sweep finds when the job was
 * lost (design.md).
 */
export interface Jobs<M extends object> {
  /** @throws AppError `unavailable` when Redis is away */
  add<N extends keyof M & string>(name: N, data: M[N], delayMs?: number): Promise<void>;
  /** One handler per name. It may run again for the same job (retry, crash, stall), so it must be idempotent. */
  handle<N extends keyof M & string>(name: N, run: (data: M[N]) => Promise<void>): void;
  /** Of all processes that share them. @throws when Redis is away */
  counts(): Promise<JobCounts>;
  close(): Promise<void>;
}

export interface JobCounts {
  /** To be done now, at a later time, being done, given up. */
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly failed: number;
}

export interface JobTiming {
  attempts: number;
  /** Before the second attempt; doubled for each further one. */
  backoffMs: number;
}
const TIMING: JobTiming = { attempts: 5, backoffMs: 1000 };

type JobLog = Pick<Logger, 'error' | 'warn'>;

const CONNECT_MS = 10_000;

/** Bull's own isReady() resolves before commands may be sent. */
const connected = async ({ client }: Bull.Queue): Promise<void> => {
  for (const until = Date.now() + CONNECT_MS; client.status !== 'ready';) {
    if (Date.now() > until) throw new Error('Redis cannot be reached by the jobs (REDIS_URL)');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** In Redis: survives restarts, shared by processes. `queue` names it there. */
export const bullJobs = async <M extends object>(
  redisUrl: string,
  log: JobLog,
  { attempts, backoffMs }: JobTiming = TIMING,
  queue = 'allo',
): Promise<Jobs<M>> => {
  // Bull waits for ever in add() when Redis is away, unless its own connection may not wait; the one that works must.
  const producer = new Bull(queue, redisUrl, {
    redis: { enableOfflineQueue: false, maxRetriesPerRequest: 1 },
    defaultJobOptions: { attempts, backoff: { type: 'exponential', delay: backoffMs }, removeOnComplete: true, removeOnFail: 500 },
  });
  const worker = new Bull(queue, redisUrl);
  const handled = new Set<string>();
  let closing = false;
  for (const each of [producer, worker])
    each.on('error', (err) => {
      if (!closing) log.error({ err }, 'jobs: redis');
    });
  worker.on('failed', (job, err) => log.error({ err, job: job.name, attempt: job.attemptsMade }, 'job failed'));
  await Promise.all([connected(producer), connected(worker)]);
  return {
    async add(name, data, delay = 0) {
      try {
        await producer.add(name, data, { delay });
      } catch (err) {
        throw new AppError('unavailable', 'redis is away: the job was not added', {}, { cause: err });
      }
    },
    handle(name, run) {
      if (handled.has(name)) throw new Error(`jobs: "${name}" has a handler already`);
      handled.add(name);
      worker.process(name, 1, (job) => run(job.data as never)).catch((err: unknown) => log.error({ err, job: name }, 'jobs: redis'));
    },
    async counts() {
      const { waiting, delayed, active, failed } = await producer.getJobCounts();
      return { waiting, delayed, active, failed };
    },
    async close() {
      closing = true;
      await Promise.all([worker.close(), producer.close()]);
    },
  };
};

/** In this process: the same contract without Redis; what still waits is lost when the process stops. */
export const memoryJobs = <M extends object>(log: JobLog, { attempts, backoffMs }: JobTiming = TIMING): Jobs<M> => {
  const handlers = new Map<string, (data: never) => Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let failed = 0;
  let closed = false;

  const attempt = async (name: string, data: unknown, count: number): Promise<void> => {
    const run = handlers.get(name);
    if (!run) return log.warn({ job: name }, 'job without a handler');
    try {
      await run(structuredClone(data) as never); // a copy, as Redis would give
    } catch (err) {
      log.error({ err, job: name, attempt: count }, 'job failed');
      if (count < attempts && !closed) plan(name, data, backoffMs * 2 ** (count - 1), count + 1);
      else failed += 1;
    }
  };
  const plan = (name: string, data: unknown, delayMs: number, count: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const work = attempt(name, data, count).finally(() => running.delete(work));
      running.add(work);
    }, delayMs);
    timers.add(timer);
  };
  return {
    async add(name, data, delayMs = 0) {
      if (closed) throw new AppError('unavailable', 'jobs are closed');
      plan(name, structuredClone(data), delayMs, 1);
    },
    handle(name, run) {
      if (handlers.has(name)) throw new Error(`jobs: "${name}" has a handler already`);
      handlers.set(name, run);
    },
    counts: async () => ({ waiting: 0, delayed: timers.size, active: running.size, failed }),
    async close() {
      closed = true;
      timers.forEach(clearTimeout);
      await Promise.all(running);
    },
  };
};
