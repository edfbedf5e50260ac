import { createServer } from 'node:http';
import type { Server } from 'node:http';
import express, { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { AppError, errorHandler } from './errors.ts';
import { securityHeaders } from './headers.ts';
import { mount } from './http.ts';
import type { ActorOf, MountOptions, Route } from './http.ts';
import { refuseForeignOrigin } from './origin.ts';
import { webApp } from './static.ts';

/** Bytes of a JSON body. A file is no JSON: its route reads the bytes itself. */
const BODY_LIMIT = 256 * 1024;

export interface WebParts extends MountOptions {
  publicUrl: string;
  webDir: string;
  log: Logger;
  routes: readonly Route[];
  health: Router;
  /** Counts every request. */
  count: RequestHandler;
  metrics: Router;
  session: RequestHandler;
  actorOf: ActorOf;
  /** Between the body and the routes. */
  followMerges: RequestHandler;
}

const api = (parts: WebParts): Router => {
  const router = Router();
  router.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  router.use(refuseForeignOrigin(parts.publicUrl), parts.session, express.json({ limit: BODY_LIMIT }), parts.followMerges);
  mount(router, parts.routes, parts.actorOf, parts);
  router.use(() => {
    throw new AppError('not_found', 'no such route');
  });
  return router;
};

/** Health and figures alone. */
export const createMetricsDoor = ({ log, health, metrics }: Pick<WebParts, 'log' | 'health' | 'metrics'>): Server => {
  const app = express();
  app.disable('x-powered-by');
  app.use(health, metrics);
  app.use(() => {
    throw new AppError('not_found', 'no such page');
  });
  app.use(errorHandler(log));
  return createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, app);
};

/** ms that a whole request may take to come in: a file by a slow line. */
const REQUEST_MS = 300_000;

/** Health, API, web app, errors: in this order. Upgrades (/live, /sip) are the server's own event. */
export const createWeb = (parts: WebParts): Server => {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  // A proxy that ends TLS is the only one in front of us: its X-Forwarded-For is believed, one hop.
  app.set('trust proxy', parts.publicUrl.startsWith('https:') ? 1 : false);
  app.use(parts.count);
  app.use(...securityHeaders(parts.publicUrl));
  app.use(parts.health, parts.metrics);
  app.use('/api', api(parts));
  app.use(webApp(parts.webDir));
  app.use(() => {
    throw new AppError('not_found', 'no such page');
  });
  app.use(errorHandler(parts.log));
  return createServer({ requestTimeout: REQUEST_MS, headersTimeout: 10_000 }, app);
};
