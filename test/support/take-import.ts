import { createApp } from '../../server/app.ts';
import { loadConfig } from '../../server/config.ts';
import { createAudit } from '../../server/core/audit.ts';
import { openDb } from '../../server/core/db.ts';
import { memoryJobs } from '../../server/core/jobs.ts';
import { createLog } from '../../server/core/log.ts';
import { memoryBus } from '../../server/core/memory-bus.ts';
import { createSecrets } from '../../server/core/secrets.ts';
import { importsFeature } from '../../server/imports/feature.ts';

/** A worker that takes in the import that waits, and ends: to be killed in the middle. DATABASE_URL, DATA_DIR; LATER: ms by which its clock is ahead. */
const config = loadConfig({
  DATABASE_URL: process.env.DATABASE_URL!,
  DATA_DIR: process.env.DATA_DIR!,
  PBX: 'main=ami://user:secret@127.0.0.1:1',
  SESSION_SECRET: 'x'.repeat(64),
  SECRETS_KEY: 'ab'.repeat(32),
});
const log = createLog('silent');
const db = openDb(config.databaseUrl);
const now = () => Date.now() + Number(process.env.LATER ?? 0);
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
const stop = await importsFeature(app.deps).start!(new Set(['worker']));
while (await db('imports').where({ state: 'running' }).first('id')) await new Promise((resolve) => setTimeout(resolve, 20));
await stop();
await core.jobs.close();
app.stop();
await db.destroy();
process.exit(0);
