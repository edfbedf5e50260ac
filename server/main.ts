import { loadConfig } from './config.ts';
import { createLog } from './core/log.ts';
import { ROOT } from './core/root.ts';
import { DEMO_LOGINS } from './demo.ts';
import { DEMO_PASSWORD } from './demo/people.ts';
import { readEnv } from './env.ts';
import { serve } from './serve.ts';

/** For whoever looks around: where it is, and as whom. Logs go the same way, but as JSON. */
const greet = (url: string): void => {
  const rows = DEMO_LOGINS.map(({ login, role, name }) => `  ${login.padEnd(10)}${role.padEnd(16)}${name}`);
  process.stdout.write(
    `\nAllo runs at ${url}\n\nThis is a demonstration: people, clients and calls are made up. Sign in as one of them, password ${DEMO_PASSWORD}\n\n` +
      `${rows.join('\n')}\n\nStart a shift to be called. Ctrl+C stops.\n\n`,
  );
};

const start = async (): Promise<void> => {
  const config = loadConfig(readEnv(ROOT));
  const log = createLog(config.logLevel);
  if (config.demo) process.stdout.write('Allo starts; the first time it invents a month of calls, which takes a moment\n');
  const serving = await serve(config, { log });
  log.info({ url: serving.url, metricsUrl: serving.metricsUrl ?? undefined, roles: config.roles }, 'Allo runs');
  if (config.demo && serving.url) greet(config.port === 0 ? serving.url : config.publicUrl);

  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    serving.close().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

start().catch((err: unknown) => {
  process.stderr.write(
    `${err instanceof Error && err.message.startsWith('Allo cannot start') ? err.message : String((err as Error).stack ?? err)}\n`,
  );
  process.exit(1);
});
