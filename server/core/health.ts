import { Router } from 'express';
import type { Knex } from 'knex';
import type { PbxStatus } from '../pbx/contract.ts';

export interface Readiness {
  db: Knex;
  bus: { healthy(): boolean };
  /** Of every PBX, wherever its bridge runs. */
  pbx: () => readonly PbxStatus[] | Promise<readonly PbxStatus[]>;
  log: { warn(fields: object, message: string): void };
}

const reaches = async ({ db, log }: Readiness): Promise<boolean> => {
  try {
    await db.raw('SELECT 1');
    return true;
  } catch (err) {
    log.warn({ err }, 'readyz: database');
    return false;
  }
};

/** /healthz: the process lives. /readyz: it can serve; a PBX that is away does not take it out of service, the clients are still there. */
export const healthRoutes = (parts: Readiness): Router =>
  Router()
    .get('/healthz', (_req, res) => void res.json({ ok: true }))
    .get('/readyz', async (_req, res) => {
      const database = await reaches(parts);
      const bus = parts.bus.healthy();
      const pbx = (await parts.pbx()).map(({ name, state, since }) => ({ name, state, connected: state === 'connected', since }));
      res.status(database && bus ? 200 : 503).json({ ok: database && bus, database, bus, pbx });
    });
