import type { Core, Feature } from '../deps.ts';
import type { Sessions } from './sessions.ts';

const SWEEP_MS = 10 * 60 * 1000;

/** In a worker: expired sessions go away. */
export const authJobs =
  ({ jobs, log }: Pick<Core, 'jobs' | 'log'>, sessions: Sessions): NonNullable<Feature['start']> =>
  async (roles) => {
    if (!roles.has('worker')) return () => {};
    jobs.handle('sessions.sweep', async () => {
      const gone = await sessions.sweep();
      if (gone > 0) log.info({ gone }, 'expired sessions deleted');
    });
    const timer = setInterval(() => {
      jobs.add('sessions.sweep', {}).catch((err: unknown) => log.warn({ err }, 'sessions: sweep'));
    }, SWEEP_MS);
    return () => clearInterval(timer);
  };
