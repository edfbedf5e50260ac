import { createApp } from '../../server/app.ts';
import { loadConfig } from '../../server/config.ts';
import { createAudit } from '../../server/core/audit.ts';
import { openDb } from '../../server/core/db.ts';
import { memoryJobs } from '../../server/core/jobs.ts';
import { createLog } from '../../server/core/log.ts';
import { memoryBus } from '../../server/core/memory-bus.ts';
import { createSecrets } from '../../server/core/secrets.ts';

/** The parts of the program in a process that a test kills in the middle; DATABASE_URL, DATA_DIR, COMPLAINTS_IMAP_URL, SMTP_URL and MAIL_FROM as the server reads them. */
export const startWorker = ({ now = Date.now }: { now?: () => number } = {}) => {
  const config = loadConfig({
    DATABASE_URL: process.env.DATABASE_URL!,
    DATA_DIR: process.env.DATA_DIR,
    COMPLAINTS_IMAP_URL: process.env.COMPLAINTS_IMAP_URL,
    SMTP_URL: process.env.SMTP_URL,
    MAIL_FROM: process.env.MAIL_FROM,
    PBX: 'main=ami://user:secret@127.0.0.1:1',
    SESSION_SECRET: 'x'.repeat(64),
    SECRETS_KEY: 'ab'.repeat(32),
  });
  const log = createLog('silent');
  const db = openDb(config.databaseUrl);
  const jobs = memoryJobs(log);
  const core = { config, db, bus: memoryBus(log), jobs, log, now, secrets: createSecrets(config.secretsKey), audit: createAudit(now) };
  const app = createApp(core as never, { redis: null, bridgeDb: db });
  return {
    db,
    deps: app.deps,
    async end(): Promise<never> {
      await jobs.close();
      app.stop();
      await db.destroy();
      process.exit(0);
    },
  };
};
