import { createHash, timingSafeEqual } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Router } from 'express';
import type { Request, RequestHandler } from 'express';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { AppError } from './errors.ts';

/** What the parts of the program tell about themselves when somebody asks. Labels are never a number, a client or a call. */
export interface MetricSources {
  /** On this process; null where it has no bridge. */
  writer: () => { waiting: number; dropped: number } | null;
  pbx: () => readonly { name: string; state: string; clockOffsetMs: number | null }[];
}

export interface Metrics {
  /** Counts every request by its route, never by its path. */
  http: RequestHandler;
  fact(kind: string): void;
  /** Reads the figures of now. */
  text(): Promise<string>;
}

/** Of the routes that Express knows; what matches none is one label. */
const routeOf = (req: Request): string => {
  const { path } = (req.route ?? {}) as { path?: unknown };
  // baseUrl is gone again once a handler has thrown
  return typeof path === 'string' ? `${req.originalUrl.startsWith('/api/') ? '/api' : ''}${path}` : 'other';
};

export const createMetrics = (sources: MetricSources): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'allo_http_seconds',
    help: 'Requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const facts = new Counter({
    name: 'allo_facts_total',
    help: 'Facts of the bridges that were heard here',
    labelNames: ['kind'],
    registers,
  });
  const gauge = (name: string, help: string, labelNames: string[], collect: (this: Gauge) => void) =>
    new Gauge({ name, help, labelNames, registers, collect });
  gauge('allo_pbx_connected', '1: the bridge of this PBX is connected', ['pbx'], function () {
    for (const { name, state } of sources.pbx()) this.set({ pbx: name }, state === 'connected' ? 1 : 0);
  });
  gauge('allo_pbx_clock_offset_seconds', "Asterisk's clock minus ours", ['pbx'], function () {
    for (const { name, clockOffsetMs } of sources.pbx()) if (clockOffsetMs !== null) this.set({ pbx: name }, clockOffsetMs / 1000);
  });
  gauge('allo_call_log_waiting', 'Calls that wait to be written', [], function () {
    this.set(sources.writer()?.waiting ?? 0);
  });
  gauge('allo_call_log_dropped', 'Calls given up since the start', [], function () {
    this.set(sources.writer()?.dropped ?? 0);
  });
  return {
    http: (req, res, next) => {
      const start = performance.now();
      res.once('close', () => {
        const labels = { method: req.method, route: routeOf(req), status: String(res.statusCode) };
        requests.observe(labels, (performance.now() - start) / 1000);
      });
      next();
    },
    fact: (kind) => facts.inc({ kind }),
    text: () => registry.metrics(),
  };
};

const digest = (text: string) => createHash('sha256').update(text).digest();

/** By the token; without one from this machine alone, and not through a proxy on it, whose peers are the world. */
const mayRead = (req: Request, token: string | null): boolean => {
  const given = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1];
  if (given !== undefined) return token !== null && timingSafeEqual(digest(given), digest(token));
  if (req.headers['x-forwarded-for'] !== undefined || req.headers.forwarded !== undefined || req.headers.via !== undefined) return false;
  return /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(req.socket.remoteAddress ?? '');
};

/** /metrics, for Prometheus. */
export const metricsRoute = (metrics: Metrics, token: string | null): Router =>
  Router().get('/metrics', async (req, res) => {
    if (!mayRead(req, token)) throw new AppError('forbidden', 'metrics: neither from this machine nor with the token');
    res
      .set('Cache-Control', 'no-store')
      .type('text/plain; version=0.0.4')
      .send(await metrics.text());
  });
