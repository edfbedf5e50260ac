import { insertClients, insertTimeline } from './clients/bulk.ts';
import type { Core } from './deps.ts';
import { SIMULATOR } from './config.ts';
import { fillDemo } from './demo/fill.ts';
import { DEMO_PASSWORD, PEOPLE } from './demo/people.ts';
import { markCalls } from './reports/rollup.ts';

/** Shown at the sign-in page of the demonstration, and printed at its start. */
export const DEMO_LOGINS = PEOPLE.map(({ login, name, role }) => ({ login, password: DEMO_PASSWORD, name, role }));

/** A real PBX in the demonstration: its operators get the SIP secrets that its pjsip.conf has. */
const sealSipSecrets = async ({ db, config, secrets }: Core): Promise<void> => {
  const { demoSipSecret } = config;
  if (demoSipSecret === null) return;
  const open: { id: number; extension: string }[] = await db('extensions').whereNull('secret_sealed').select('id', 'extension');
  for (const { id, extension } of open)
    await db('extensions')
      .where({ id })
      .update({ secret_sealed: secrets.seal(demoSipSecret.replace('{extension}', extension)) });
};

/** People, clients and calls that are made up; once. @returns what was written; null when it was there */
export const fillDemonstration = async (core: Core): Promise<{ clients: number; calls: number } | null> => {
  const { db, now, config } = core;
  const pbx = config.simulator ? SIMULATOR : (config.pbxs[0]?.name ?? SIMULATOR);
  const filled = await fillDemo({ db, now, country: config.defaultCountry, pbx, insertClients, insertTimeline });
  if (filled) await markCalls(db, [{ startedAt: filled.from, endedAt: now() }]);
  await sealSipSecrets(core);
  return filled;
};
