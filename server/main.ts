import { loadConfig } from './config.ts';
import { createLog } from './core/log.ts';
import { ROOT } from './core/root.ts';
import { readEnv } from './env.ts';
import { serve } from './serve.ts';

const start = async (): Promise<void> => {
  const config = loadConfig(readEnv(ROOT));
  const log = createLog(config.logLevel);
  const serving = await serve(config, { log });
  log.info({ url: serving.url, roles: config.roles }, 'Allo runs');

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
