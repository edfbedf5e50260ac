import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import type { App } from './app.ts';
import type { Core, Upgrade } from './deps.ts';
import type { Config, PbxConfig } from './config.ts';
import { createAudit } from './core/audit.ts';
import { holdFile, isSqlite, migrate, openDb } from './core/db.ts';
import { DatabaseError } from './core/db-errors.ts';
import { healthRoutes } from './core/health.ts';
import { bullJobs, memoryJobs } from './core/jobs.ts';
import { createLimit } from './core/limits.ts';
import { createMetrics, metricsRoute } from './core/metrics.ts';
import { memoryBus } from './core/memory-bus.ts';
import { apiDescription } from './core/openapi.ts';
import { redisBus } from './core/redis-bus.ts';
import { openRedis } from './core/redis.ts';
import type { Redis } from './core/redis.ts';
import { ROOT, VERSION } from './core/root.ts';
import { createSecrets } from './core/secrets.ts';
import { createMetricsDoor, createWeb } from './core/web.ts';
import { fillDemonstration } from './demo.ts';
import type { Events } from './events.ts';
import type { JobTypes } from './jobs.ts';
import { runSimulator, SIMULATED, spoolOf } from './simulator.ts';

export interface Serving {
  /** Where it listens; null: this process does not play `api`. */
  url: string | null;
  /** Of the door for figures alone; null: there is none. */
  metricsUrl: string | null;
  app: App;
  close(): Promise<void>;
}

export interface ServeOptions {
  log: Logger;
  /** Tests: a migrated database of their own, which they close. */
  db?: Knex;
  /** Tests: every answer must be what its route promises. */
  checkReplies?: boolean;
}

/** ms that each part has to close. */
const CLOSE_MS = 5_000;

/** What was opened, to be closed in the reverse order, each within its time. */
class Opened {
  private readonly parts: [string, () => unknown][] = [];
  private readonly log: Logger;
  constructor(log: Logger) {
    this.log = log;
  }
  add(name: string, close: () => unknown): void {
    this.parts.push([name, close]);
  }
  async close(): Promise<void> {
    for (const [name, close] of this.parts.splice(0).reverse()) {
      const late = setTimeout(() => this.log.warn({ name }, 'does not close'), CLOSE_MS);
      const bound = new Promise((resolve) => setTimeout(resolve, CLOSE_MS + 100).unref());
      try {
        await Promise.race([close(), bound]);
      } catch (err) {
        this.log.error({ err, name }, 'failed to close');
      }
      clearTimeout(late);
    }
  }
}

/** @throws Error when another server process works on the same embedded parts. */
const holdAlone = (path: string): (() => void) => {
  try {
    return holdFile(path);
  } catch (err) {
    if (!(err instanceof DatabaseError)) throw err;
    throw new Error(
      'Allo cannot start: another server runs on these files. Stop it first; several servers need REDIS_URL and a mysql:// DATABASE_URL ' +
        '(the command line, npm run allo, may run beside a server).',
      { cause: err },
    );
  }
};

const holdEmbedded = ({ databaseUrl, redisUrl, dataDir }: Config, opened: Opened): void => {
  const file = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : null;
  if (file && file !== ':memory:') opened.add('lock', holdAlone(`${file}-server.lock`));
  else if (!file && !redisUrl) opened.add('lock', holdAlone(join(dataDir, 'server.lock')));
};

const openCore = async (config: Config, options: ServeOptions, opened: Opened): Promise<{ core: Core; redis: Redis | null }> => {
  const { log } = options;
  let { db } = options;
  if (!db) {
    holdEmbedded(config, opened);
    db = openDb(config.databaseUrl, log);
    opened.add('database', () => db!.destroy());
    const ran = await migrate(db);
    if (ran.length > 0) log.info({ ran }, 'database migrated');
  }
  const { redisUrl } = config;
  const redis = redisUrl ? await openRedis(redisUrl, log) : null;
  if (redis) opened.add('redis', () => redis.destroy());
  const bus = redisUrl ? await redisBus<Events>(redisUrl, log) : memoryBus<Events>(log);
  opened.add('bus', () => bus.close());
  const jobs = redisUrl ? await bullJobs<JobTypes>(redisUrl, log) : memoryJobs<JobTypes>(log);
  opened.add('jobs', () => jobs.close());
  const now = () => Date.now();
  const core = { config, db, bus, jobs, log, now, secrets: createSecrets(config.secretsKey), audit: createAudit(now) };
  if (config.demo) await fillOnce(core);
  return { core: config.simulator ? await withSimulator(core, opened) : core, redis };
};

const openForBridges = ({ config, db, log }: Core, options: ServeOptions, opened: Opened): Knex => {
  if (options.db || isSqlite(db) || !config.roles.includes('cti')) return db;
  const own = openDb(config.databaseUrl, log);
  opened.add('database of the bridges', () => own.destroy());
  return own;
};

const fillOnce = async (core: Core): Promise<void> => {
  core.log.info({}, 'demo: filling in, if it is not there');
  const filled = await fillDemonstration(core);
  if (filled) core.log.info(filled, 'demo: people, clients and a month of calls are in');
};

/** The simulated PBX stands among the others from here on; it runs where the bridges do. */
const withSimulator = async (core: Core, opened: Opened): Promise<Core> => {
  const { config } = core;
  let pbx: PbxConfig = { ...SIMULATED, spool: spoolOf(config) };
  if (config.roles.includes('cti')) {
    const simulator = await runSimulator(core);
    opened.add('simulator', () => simulator.stop());
    pbx = simulator.pbx;
  }
  return { ...core, config: { ...config, pbxs: [...config.pbxs, pbx] } };
};

const upgradeBy = (server: Server, upgrades: Readonly<Record<string, Upgrade>>) =>
  server.on('upgrade', (req, socket, head) => {
    const path = (req.url ?? '').replace(/\?.*$/, '');
    const upgrade = Object.hasOwn(upgrades, path) ? upgrades[path] : undefined;
    if (upgrade) return upgrade(req, socket, head);
    socket.on('error', () => socket.destroy()); // it is out of the server's hands: an error that nobody hears ends the process
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n', () => socket.destroy());
  });

/** Health and figures, of whatever roles this process plays. */
const createWatch = ({ deps, stats, pbxStatus }: App) => {
  const { config, db, bus, log, jobs } = deps;
  /** A process that bridges knows by itself, one with pages hears of it, a worker does neither. */
  const pbx = () => {
    const mine = stats.bridges().map(({ status }) => status);
    return mine.length === 0 && config.roles.includes('api') ? pbxStatus() : mine;
  };
  const metrics = createMetrics({ ...stats, pbx, jobs: () => jobs.counts(), log });
  const health = healthRoutes({ db, bus, log, pbx });
  return { count: metrics.http, health, metrics: metricsRoute(metrics, config.metricsToken) };
};
type Watch = ReturnType<typeof createWatch>;

/** @returns its address */
const open = async (server: Server, name: string, host: string, port: number, opened: Opened): Promise<string> => {
  server.listen(port, host);
  await once(server, 'listening').catch((err: NodeJS.ErrnoException) => {
    throw new Error(err.code === 'EADDRINUSE' ? `Allo cannot start: port ${port} is taken (${name})` : err.message, { cause: err });
  });
  let answering = 0;
  server.on('request', (_req, res) => {
    answering++;
    res.once('close', () => answering--);
  });
  // WebSockets are connections too, and are closed after this: so no waiting for the last connection.
  opened.add('http', async () => {
    server.close();
    server.closeIdleConnections();
    for (const until = Date.now() + 3_000; answering > 0 && Date.now() < until;) await new Promise((resolve) => setTimeout(resolve, 20));
    server.closeAllConnections();
  });
  return `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
};

const listen = (app: App, redis: Redis | null, watch: Watch, options: ServeOptions, opened: Opened): Promise<string> => {
  const { config, log } = app.deps;
  const routes = app.features.flatMap((feature) => feature.routes ?? []);
  const requests = createLimit('requests', 1_000, 10, redis);
  const server = createWeb({
    publicUrl: config.publicUrl,
    webDir: join(ROOT, 'dist/web'),
    log,
    routes: [...routes, apiDescription(routes, VERSION)],
    ...watch,
    session: app.session,
    actorOf: app.actorOf,
    followMerges: app.followMerges,
    limit: (actor) => requests.consume(actor.sessionId),
    checkReplies: options.checkReplies ?? false,
  });
  upgradeBy(server, Object.assign({}, ...app.features.map((feature) => feature.upgrades ?? {})) as Record<string, Upgrade>);
  return open(server, 'PORT', config.host, config.port, opened);
};

/** Everything that runs: database, bus, features by their roles, HTTP. What was opened before a failure is closed again. */
export const serve = async (config: Config, options: ServeOptions): Promise<Serving> => {
  const opened = new Opened(options.log);
  try {
    const { core, redis } = await openCore(config, options, opened);
    const app = createApp(core, { redis, bridgeDb: openForBridges(core, options, opened) });
    opened.add('directory', app.stop);
    const roles = new Set(config.roles);
    for (const feature of app.features) if (feature.start) opened.add('feature', await feature.start(roles));
    const watch = createWatch(app);
    const url = roles.has('api') ? await listen(app, redis, watch, options, opened) : null;
    const { host, metricsPort } = config;
    const door = () => createMetricsDoor({ log: options.log, ...watch });
    const metricsUrl = metricsPort === null ? null : await open(door(), 'METRICS_PORT', host, metricsPort, opened);
    return { url, metricsUrl, app, close: () => opened.close() };
  } catch (err) {
    await opened.close();
    throw err;
  }
};
