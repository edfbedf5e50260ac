import { emptyMailbox } from '../../server/complaints/mailbox.ts';
import { loadConfig } from '../../server/config.ts';
import { createApp } from '../../server/app.ts';
import { createAudit } from '../../server/core/audit.ts';
import { openDb } from '../../server/core/db.ts';
import { memoryJobs } from '../../server/core/jobs.ts';
import { createLog } from '../../server/core/log.ts';
import { memoryBus } from '../../server/core/memory-bus.ts';
import { createSecrets } from '../../server/core/secrets.ts';

/** A worker that takes in what the mailbox has, and ends: to be killed in the middle. DATABASE_URL, COMPLAINTS_IMAP_URL. */
const config = loadConfig({
  DATABASE_URL: process.env.DATABASE_URL!,
  COMPLAINTS_IMAP_URL: process.env.COMPLAINTS_IMAP_URL!,
  PBX: 'main=ami://user:secret@127.0.0.1:1',
  SESSION_SECRET: 'x'.repeat(64),
  SECRETS_KEY: 'ab'.repeat(32),
});
const log = createLog('silent');
const db = openDb(config.databaseUrl);
const now = () => Date.now();
const core = {
  config,
  db,
  bus: memoryBus(log),
  jobs: memoryJobs(log),
  log,
  now,
  secrets: createSecrets(config.secretsKey),
  audit: createAudit(now),
};
const app = createApp(core as never, { redis: null, bridgeDb: db });
await emptyMailbox(app.deps);
app.stop();
await db.destroy();
process.exit(0);
